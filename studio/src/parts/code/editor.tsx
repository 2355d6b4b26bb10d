import { defaultKeymap, history, historyKeymap } from '@codemirror/commands'
import { json } from '@codemirror/lang-json'
import { yaml } from '@codemirror/lang-yaml'
import { bracketMatching, foldGutter, HighlightStyle, syntaxHighlighting } from '@codemirror/language'
import { highlightSelectionMatches, searchKeymap } from '@codemirror/search'
import { EditorState, type Extension } from '@codemirror/state'
import { EditorView, keymap, lineNumbers } from '@codemirror/view'
import { tags } from '@lezer/highlight'
import { useEffect, useImperativeHandle, useRef } from 'react'
import type { CodeProps } from './code.tsx'

const colours = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: 'var(--accent)' },
  { tag: [tags.string, tags.special(tags.string)], color: 'var(--ok)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--attention)' },
  { tag: tags.keyword, color: 'var(--accent)' },
  { tag: [tags.comment, tags.meta], color: 'var(--muted)' },
])

const look = EditorView.theme({
  '&': { backgroundColor: 'transparent', color: 'var(--text)', height: '100%', fontSize: '12px' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '1.6' },
  '.cm-gutters': { backgroundColor: 'transparent', color: 'var(--muted)', border: 'none' },
  '.cm-activeLineGutter': { backgroundColor: 'transparent' },
  '.cm-cursor': { borderLeftColor: 'var(--text)' },
  '&.cm-focused': { outline: 'none' },
  '.cm-selectionBackground, &.cm-focused .cm-selectionBackground': {
    backgroundColor: 'var(--accent-tint) !important',
  },
  '.cm-panels': { backgroundColor: 'var(--raised)', color: 'var(--text)' },
  '.cm-tooltip': {
    backgroundColor: 'var(--page)',
    color: 'var(--text)',
    border: '1px solid var(--line)',
    borderRadius: 'var(--radius)',
    boxShadow: '0 4px 16px rgb(0 0 0 / 18%)',
    fontSize: '12px',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': { fontFamily: 'var(--mono)', maxHeight: '16em' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': { padding: '3px 8px', lineHeight: '1.4' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    backgroundColor: 'var(--accent-tint)',
    color: 'var(--text)',
  },
  '.cm-completionDetail': {
    marginLeft: '12px',
    fontStyle: 'normal',
    fontFamily: 'inherit',
    color: 'var(--muted)',
  },
  '.cm-completionMatchedText': { textDecoration: 'none', fontWeight: '600', color: 'var(--accent)' },
  '.cm-tooltip.cm-completionInfo, .cm-explained': {
    padding: '6px 10px',
    maxWidth: '380px',
    whiteSpace: 'pre-line',
    fontFamily: "'Inter Variable', system-ui, sans-serif",
    lineHeight: '1.5',
  },
  '.cm-diagnostic': {
    padding: '6px 10px',
    borderLeftWidth: '3px',
    whiteSpace: 'pre-line',
    maxWidth: '480px',
  },
  '.cm-diagnostic-error': { borderLeftColor: 'var(--bad)' },
  '.cm-diagnostic-warning': { borderLeftColor: 'var(--attention)' },
  '.cm-diagnosticAction': {
    display: 'block',
    margin: '6px 0 0',
    padding: '2px 8px',
    backgroundColor: 'var(--accent)',
    color: 'var(--on-accent)',
    borderRadius: 'var(--radius)',
    cursor: 'pointer',
  },
  '.cm-lintRange-error': {
    backgroundImage: 'none',
    textDecoration: 'underline wavy var(--bad) 1px',
    textUnderlineOffset: '3px',
  },
  '.cm-lintRange-warning': {
    backgroundImage: 'none',
    textDecoration: 'underline wavy var(--attention) 1px',
    textUnderlineOffset: '3px',
  },
})

const nothing: Extension = []
const languages: Readonly<Record<CodeProps['language'], Extension>> = { json: json(), yaml: yaml(), text: [] }

/** What can be done to an editor from beside it. */
export interface EditorHandle {
  /** Puts the cursor somewhere, in sight. */
  readonly goTo: (offset: number) => void
  readonly view: EditorView | undefined
}

/** CodeMirror; loaded when the first text is shown. `more`: what a language brings, the same for as long as the editor lives. */
export function Editor({
  text,
  language,
  onChange,
  label,
  more = nothing,
  handle,
}: CodeProps & { readonly more?: Extension; readonly handle?: React.Ref<EditorHandle> }) {
  const place = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView>(undefined)
  const told = useRef(onChange)
  useEffect(() => {
    told.current = onChange
  }, [onChange])
  const canEdit = onChange !== undefined

  useEffect(() => {
    if (place.current === null) return undefined
    const made = new EditorView({
      parent: place.current,
      state: EditorState.create({
        doc: text,
        extensions: [
          lineNumbers(),
          foldGutter(),
          history(),
          bracketMatching(),
          highlightSelectionMatches(),
          syntaxHighlighting(colours),
          look,
          languages[language],
          more,
          keymap.of([...defaultKeymap, ...historyKeymap, ...searchKeymap]),
          EditorState.readOnly.of(!canEdit),
          EditorView.lineWrapping,
          EditorView.contentAttributes.of({ 'aria-label': label ?? `${language} text`, tabindex: '0' }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) told.current?.(update.state.doc.toString())
          }),
        ],
      }),
    })
    view.current = made
    return () => made.destroy()
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- a later text is put in below, without losing the cursor
  }, [language, canEdit, label, more])

  useEffect(() => {
    const current = view.current?.state.doc.toString()
    if (view.current === undefined || current === text) return
    view.current.dispatch({ changes: { from: 0, to: current?.length ?? 0, insert: text } })
  }, [text])

  useImperativeHandle(handle, () => ({
    goTo(offset) {
      const { current } = view
      if (current === undefined) return
      const anchor = Math.min(offset, current.state.doc.length)
      current.dispatch({ selection: { anchor }, effects: EditorView.scrollIntoView(anchor, { y: 'center' }) })
      current.focus()
    },
    get view() {
      return view.current
    },
  }))

  return <div ref={place} style={{ height: '100%' }} />
}
