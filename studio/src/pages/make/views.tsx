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

interface ViewProps {
  readonly kind: MakeKindName
  readonly draft: Draft
  readonly language: DocumentLanguage
}

/** A document as a form; only for kinds that have one. */
export function AsForm({
  draft,
  ...given
}: ViewProps & {
  readonly isNew: boolean
  readonly reading: Reading | undefined
  readonly files: ReadonlyMap<string, File>
  readonly onFile: (path: string, file: File) => void
}) {
  return (
    <Suspense fallback={<Loading rows={12} />}>
      <FormView text={draft.text} onChange={draft.set} {...given} />
    </Suspense>
  )
}

/** The same document as its text. */
export function AsText({
  kind,
  draft,
  language,
  editor,
  isShort = false,
}: ViewProps & {
  readonly editor: RefObject<EditorHandle | null>
  /** True where it stands beside the form. */
  readonly isShort?: boolean
}) {
  return (
    <Suspense fallback={<Loading rows={12} />}>
      <div className={isShort ? style.shortEditor : style.editor}>
        <YamlEditor
          text={draft.text}
          onChange={draft.set}
          label={`${makeKinds[kind].title} as YAML`}
          language={language}
          handle={editor}
        />
      </div>
    </Suspense>
  )
}
