import { lazy, Suspense, type RefObject } from 'react'
import type { EditorHandle } from '../../parts/code/editor.tsx'
import type { DocumentLanguage } from '../../parts/code/yaml/language.ts'
import { makeKinds, type MakeKindName } from '../../parts/make-kinds.ts'
import { Loading } from '../../parts/states.tsx'
import type { Reading } from './documents/read.ts'
import type { Draft } from './saving/draft.ts'
import style from './make.module.css'

const YamlEditor = lazy(async () => ({
  default: (await import('../../parts/code/yaml/yaml-editor.tsx')).YamlEditor,
}))
const FormView = lazy(async () => ({ default: (await import('./forms/form-view.tsx')).FormView }))

const withForm: readonly MakeKindName[] = [
  'data',
  'online-endpoint',
  'online-deployment',
  'release-plan',
  'schedule',
  'monitor',
  'alert-rule',
]

/** Whether a kind has a form beside its text. */
export const hasForm = (kind: MakeKindName): boolean => withForm.includes(kind)

/** A document as it is looked at: both ways it is the same text. */
export function Views({
  kind,
  as,
  draft,
  isNew,
  language,
  reading,
  files,
  onFile,
  editor,
}: {
  readonly kind: MakeKindName
  readonly as: string
  readonly draft: Draft
  readonly isNew: boolean
  readonly language: DocumentLanguage
  readonly reading: Reading | undefined
  readonly files: ReadonlyMap<string, File>
  readonly onFile: (path: string, file: File) => void
  readonly editor: RefObject<EditorHandle | null>
}) {
  return (
    <Suspense fallback={<Loading rows={12} />}>
      {as === 'form' && hasForm(kind) ? (
        <FormView
          kind={kind}
          text={draft.text}
          onChange={draft.set}
          language={language}
          reading={reading}
          isNew={isNew}
          files={files}
          onFile={onFile}
        />
      ) : (
        <div className={style.editor}>
          <YamlEditor
            text={draft.text}
            onChange={draft.set}
            label={`${makeKinds[kind].title} as YAML`}
            language={language}
            handle={editor}
          />
        </div>
      )}
    </Suspense>
  )
}
