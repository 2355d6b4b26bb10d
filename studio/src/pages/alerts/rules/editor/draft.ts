import { isMap, parseDocument, stringify, type Document } from 'yaml'
import { parseRule } from '../../../../../../src/alerts/rules/grammar/parse.ts'
import { ownWords } from '../rule-words.ts'

export type Words = Readonly<Record<string, unknown>>
export type Path = readonly (string | number)[]

/** What is wrong with a draft, with its line where it has one. */
export interface Mistake {
  readonly message: string
  readonly line?: number
}

/** A rule as its text says it: what the form shows, and what is wrong with it. */
export interface Draft {
  readonly name: string
  /** The words of the rule, as REST has them; undefined where the text is no map. */
  readonly words: Words | undefined
  readonly mistakes: readonly Mistake[]
}

const ofTheFile = new Set(['$schema', 'type', 'name'])

/** Reads the text of a rule, as the command line reads its file; every mistake with its line. */
export function readDraft(text: string): Draft {
  const document = parseDocument(text)
  const [broken] = document.errors
  if (broken !== undefined)
    return {
      name: '',
      words: undefined,
      mistakes: [{ message: broken.message.split('\n')[0] ?? '', line: broken.linePos?.[0].line ?? 1 }],
    }
  const value = document.toJS() as unknown
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return {
      name: '',
      words: undefined,
      mistakes: [{ message: 'A rule is a map: when: { metric: NAME, above: 0.8 }' }],
    }
  const { name } = value as { readonly name?: unknown }
  const words = Object.fromEntries(Object.entries(value).filter(([word]) => !ofTheFile.has(word)))
  const mistakes = parseRule(words).mistakes.map(({ path, message, hint }): Mistake => {
    const line = lineOf(document, text, path)
    return {
      message: inWords(message, hint),
      ...(line === undefined ? {} : { line }),
    }
  })
  return {
    name: typeof name === 'string' ? name : '',
    words,
    mistakes:
      typeof name === 'string' && name !== ''
        ? mistakes
        : [{ message: 'The rule has no name yet.' }, ...mistakes],
  }
}

const inWords = (message: string, hint: string | undefined) =>
  message.endsWith(': "" is not text')
    ? message.replace(': "" is not text', ' is not filled in yet.')
    : hint === undefined
      ? message
      : `${message} (${hint})`

/** Line of what is at a path, or of the nearest above it that is there; from 1. */
function lineOf(document: Document, text: string, path: Path): number | undefined {
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(path.slice(0, length), true) as
      | { range?: readonly number[] | null }
      | undefined
    const at = node?.range?.[0]
    if (at !== undefined) return text.slice(0, at).split('\n').length
  }
  return undefined
}

/**
 * The text with another value at a path; undefined, '' and empty lists and maps take it away, and maps that are left
 * empty with it. Comments and order stay.
 */
export function edited(text: string, path: Path, value: unknown): string {
  const document = parseDocument(text)
  const isNothing =
    value === undefined ||
    value === '' ||
    (typeof value === 'object' && value !== null && Object.keys(value).length === 0)
  if (!isNothing) document.setIn(path, document.createNode(value))
  else {
    document.deleteIn(path)
    for (let length = path.length - 1; length > 0; length--) {
      const above = document.getIn(path.slice(0, length), true)
      if (isMap(above) && above.items.length === 0) document.deleteIn(path.slice(0, length))
    }
  }
  return document.toString({ lineWidth: 110 })
}

/** What is at a path of words; undefined where nothing is. */
export const at = (words: Words | undefined, path: Path): unknown =>
  path.reduce<unknown>(
    (value, step) => (typeof value === 'object' && value !== null ? (value as Words)[step] : undefined),
    words,
  )

/** A rule that is there, as the file that makes it. */
export const textOf = (name: string, properties: Words): string =>
  stringify({ type: 'alert_rule', name, ...ownWords(properties) }, { lineWidth: 110 })

/** Numbers as numbers, everything else as it was written: `0.68`, `5%`, `250ms`. */
export const asWritten = (text: string): string | number | undefined => {
  const trimmed = text.trim()
  if (trimmed === '') return undefined
  return /^-?\d+(?:\.\d+)?$/.test(trimmed) ? Number(trimmed) : trimmed
}

/** `endpoint=flights, status=500` as labels, and back. */
export const readPairs = (text: string): Words =>
  Object.fromEntries(
    text.split(',').flatMap((pair) => {
      const [, name, value] = /^\s*([\w.-]+)\s*=\s*(.*?)\s*$/.exec(pair) ?? []
      return name === undefined || value === undefined || value === '' ? [] : [[name, value]]
    }),
  )
export const writePairs = (value: unknown): string =>
  typeof value === 'object' && value !== null
    ? Object.entries(value)
        .map(([name, one]) => `${name}=${String(one)}`)
        .join(', ')
    : ''

/** `endpoint, status` as a list, and back. */
export const readList = (text: string): readonly string[] =>
  text
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '')
export const writeList = (value: unknown): string =>
  Array.isArray(value) ? value.map(String).join(', ') : typeof value === 'string' ? value : ''
