import {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
  startCompletion,
  type Completion,
  type CompletionContext,
  type CompletionResult,
} from '@codemirror/autocomplete'
import { lintGutter, lintKeymap, setDiagnostics, type Diagnostic } from '@codemirror/lint'
import { StateEffect, StateField, type Extension } from '@codemirror/state'
import { hoverTooltip, keymap, type EditorView } from '@codemirror/view'
import { isMap, isScalar, isSeq, parseDocument } from 'yaml'
import type { Problem } from '../../../../../src/cli/yaml/problem.ts'
import { infoOf, optionsAt, type Option } from './complete.ts'
import { cursorAt } from './cursor.ts'
import { betterOf, type DocumentLanguage } from './language.ts'

const tell = StateEffect.define<DocumentLanguage>()
const told = StateField.define<DocumentLanguage | undefined>({
  create: () => undefined,
  update: (before, { effects }) => effects.findLast((effect) => effect.is(tell))?.value ?? before,
})

/** Completion, explanation and marks of what is wrong, for the language that the editor was told last. */
export const documentExtensions: Extension = [
  told,
  autocompletion({
    override: [(context) => complete(context, context.state.field(told))],
    icons: false,
    maxRenderedOptions: 200,
  }),
  closeBrackets(),
  lintGutter(),
  hoverTooltip((view, offset) => explain(view, offset, view.state.field(told))),
  keymap.of([...closeBracketsKeymap, ...completionKeymap, ...lintKeymap]),
]

/** Tells an editor what its document may say, and marks what is wrong with it. */
export function tellLanguage(view: EditorView, language: DocumentLanguage): void {
  view.dispatch({ effects: tell.of(language) })
  markProblems(view, language.problems)
}

async function complete(
  context: CompletionContext,
  language: DocumentLanguage | undefined,
): Promise<CompletionResult | null> {
  const text = context.state.doc.toString()
  const cursor = cursorAt(text, context.pos)
  if (language === undefined || cursor === undefined) return null
  if (!context.explicit && cursor.word === '' && !beginsSomething(text, context.pos)) return null
  const described = language.describe(text, cursor.path)
  const options = optionsAt(cursor, described, text.slice(cursor.to, cursor.to + 4)).map(shown)
  const isFree = described.some(({ kind }) => kind === 'text' || kind === 'any')
  const field = cursor.path.findLast((step) => typeof step === 'string')
  const names =
    isFree && typeof field === 'string' && (cursor.part === 'value' || cursor.canBeValue)
      ? await language.references(field, cursor.word)
      : []
  const all = [
    ...options,
    ...names.map(({ label, detail }): Completion => ({ label, detail, type: 'reference' })),
  ]
  if (all.length === 0 || context.aborted) return null
  return { from: cursor.from, to: cursor.to, options: all, validFor: /^[\w$@:./-]*$/ }
}

/** After a space or a dash something may follow; on an empty line only who asks is answered. */
const beginsSomething = (text: string, offset: number) =>
  /[:,[{-] $/.test(text.slice(Math.max(0, offset - 2), offset))

const shown = (option: Option): Completion => ({
  label: option.label,
  detail: option.detail,
  type: option.kind,
  boost: option.isRequired ? 10 : option.kind === 'value' ? 5 : option.label === '$schema' ? -10 : 0,
  ...(option.info === undefined ? {} : { info: option.info }),
  apply(view, _, from, to) {
    view.dispatch({
      changes: { from, to, insert: option.text },
      selection: { anchor: from + option.text.length },
      userEvent: 'input.complete',
    })
    if (option.goesOn) setTimeout(() => startCompletion(view), 0)
  },
})

function explain(view: EditorView, offset: number, language: DocumentLanguage | undefined) {
  const text = view.state.doc.toString()
  const key = keyAt(text, offset)
  if (language === undefined || key === undefined) return null
  const fields = new Map(language.describe(text, key.path.slice(0, -1)).flatMap((one) => [...one.fields]))
  const field = fields.get(String(key.path.at(-1)))
  if (field === undefined) return null
  const words = infoOf(field)
  return {
    pos: key.from,
    end: key.to,
    above: true,
    create() {
      const dom = document.createElement('div')
      dom.className = 'cm-explained'
      dom.textContent = words
      return { dom }
    },
  }
}

/** The key at an offset, with the path that ends with it. */
function keyAt(text: string, offset: number) {
  const search = (
    node: unknown,
    path: readonly (string | number)[],
  ): { path: readonly (string | number)[]; from: number; to: number } | undefined => {
    if (isSeq(node))
      for (const [i, item] of node.items.entries()) {
        const found = search(item, [...path, i])
        if (found !== undefined) return found
      }
    if (isMap(node))
      for (const { key, value } of node.items) {
        if (!isScalar(key) || !key.range) continue
        const here = [...path, String(key.value)]
        const [from, to] = key.range
        if (from <= offset && offset <= to) return { path: here, from, to }
        const found = search(value, here)
        if (found !== undefined) return found
      }
    return undefined
  }
  return search(parseDocument(text, { uniqueKeys: false }).contents, [])
}

/** Marks what is wrong in a text that is still the one it was found in. */
function markProblems(view: EditorView, problems: readonly Problem[]): void {
  const { length } = view.state.doc
  const diagnostics = problems
    .filter(({ source }) => source.text === view.state.doc.toString())
    .map((problem): Diagnostic => {
      const { range: [start, end] = [0, 0], severity, message, hint } = problem
      const from = Math.min(start, length)
      const better = betterOf(problem)
      return {
        from,
        // Of a block only the first line is underlined: the rest of it is not what is wrong.
        to: Math.min(Math.max(firstLine(view, from, end), from), length),
        severity,
        message: hint === undefined ? message : `${message}\n${hint}`,
        ...(better === undefined
          ? {}
          : {
              actions: [
                {
                  name: `Change to ${better}`,
                  apply: (view, from, to) => view.dispatch({ changes: { from, to, insert: better } }),
                },
              ],
            }),
      }
    })
  view.dispatch(setDiagnostics(view.state, diagnostics))
}

const firstLine = (view: EditorView, from: number, to: number) => Math.min(to, view.state.doc.lineAt(from).to)
