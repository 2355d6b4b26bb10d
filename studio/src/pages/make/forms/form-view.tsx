import type { DocumentLanguage } from '../../../parts/code/yaml/language.ts'
import type { MakeKindName } from '../../../parts/make-kinds.ts'
import type { Reading } from '../documents/read.ts'
import { formOf } from './form.ts'
import { forms, type FormProps } from './forms.tsx'
import style from './forms.module.css'

/** The form of a kind, over its text. */
export function FormView({
  kind,
  text,
  onChange,
  language,
  reading,
  ...given
}: {
  readonly kind: MakeKindName
  readonly text: string
  readonly onChange: (text: string) => void
  readonly language: DocumentLanguage
  readonly reading: Reading | undefined
} & Omit<FormProps, 'form'>) {
  const Fields = forms[kind]
  if (Fields === undefined) return null
  if (reading !== undefined && reading.source.document.errors.length > 0)
    return (
      <p className={style.form} role="alert">
        The text is no YAML at the moment: mend it there, then it is a form again.
      </p>
    )
  return (
    <div className={style.form}>
      <Fields form={formOf(text, onChange, language, reading?.source)} {...given} />
    </div>
  )
}
