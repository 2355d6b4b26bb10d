import { useEffect, type RefObject } from 'react'
import { Editor, type EditorHandle } from '../editor.tsx'
import { documentExtensions, tellLanguage } from './extensions.ts'
import type { DocumentLanguage } from './language.ts'

/** YAML with completion, explanation and what is wrong at its line. */
export function YamlEditor({
  text,
  onChange,
  label,
  language,
  handle,
}: {
  readonly text: string
  readonly onChange: (text: string) => void
  readonly label: string
  readonly language: DocumentLanguage
  readonly handle: RefObject<EditorHandle | null>
}) {
  useEffect(() => {
    const view = handle.current?.view
    if (view !== undefined) tellLanguage(view, language)
  }, [handle, language])
  return (
    <Editor
      text={text}
      language="yaml"
      onChange={onChange}
      label={label}
      more={documentExtensions}
      handle={handle}
    />
  )
}
