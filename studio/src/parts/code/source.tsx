import { highlightActiveLine, highlightActiveLineGutter } from '@codemirror/view'
import { useEffect, useMemo, useRef } from 'react'
import { Editor, type EditorHandle } from './editor.tsx'
import { plainLanguageOf } from './plain-languages.ts'
import style from './code.module.css'

/** What CodeMirror reads by a grammar of its own. */
const grammars: Readonly<Record<string, 'json' | 'yaml'>> = { json: 'json', yml: 'yaml', yaml: 'yaml' }

/** A file to be read, one of its lines marked; pressing a line's number tells of it. Loaded when the first is opened. */
export function Source({
  name,
  text,
  line,
  onLine,
}: {
  readonly name: string
  readonly text: string
  /** From 1; 0 for none. */
  readonly line: number
  readonly onLine: (line: number) => void
}) {
  const handle = useRef<EditorHandle>(null)
  const more = useMemo(() => {
    const language = plainLanguageOf(name)
    return [highlightActiveLine(), highlightActiveLineGutter(), ...(language === undefined ? [] : [language])]
  }, [name])
  useEffect(() => {
    const view = handle.current?.view
    if (view === undefined || line < 1) return
    const at = view.state.doc.line(Math.min(line, view.state.doc.lines)).from
    view.dispatch({ selection: { anchor: at }, scrollIntoView: true })
  }, [line, text, name])
  return (
    // The numbers are beside what CodeMirror hears of; links to lines are also in the address.
    <div
      className={style.source}
      onClick={(event) => {
        const number = (event.target as HTMLElement).closest('.cm-lineNumbers .cm-gutterElement')?.textContent
        if (number) onLine(Number(number))
      }}
      role="presentation"
      data-marked={line > 0}
    >
      <Editor
        text={text}
        language={grammars[name.split('.').at(-1)?.toLowerCase() ?? ''] ?? 'text'}
        label={name}
        more={more}
        handle={handle}
      />
    </div>
  )
}
