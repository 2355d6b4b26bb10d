import { isMap, isScalar, isSeq, LineCounter, parseDocument, visit, type Node } from 'yaml'
import { nearest } from '../../../kernel/nearest.ts'
import type { Place } from './program.ts'

/** A node of a YAML file, that is read as what is expected there and says where it is not. */
export interface Reader {
  readonly place: Place
  /** Dotted path in the file, e.g. `transformations[0].read_delimited`. */
  readonly path: string
  readonly isMissing: boolean
  /** The value without checks. */
  readonly raw: unknown
  problem(message: string): void
  /** The node under a key of a map; missing ones are readers too. */
  get(key: string): Reader
  keys(): readonly string[]
  /** Complains of keys beyond these, with the nearest of them. */
  only(keys: readonly string[]): void
  items(): readonly Reader[]
  isMap(): boolean
  isList(): boolean
  text(fallback: string): string
  flag(fallback: boolean): boolean
  number(
    fallback: number,
    range?: { readonly min?: number; readonly max?: number; readonly whole?: boolean },
  ): number
  oneOf<const T extends string>(words: readonly T[], fallback: T): T
  /** One text or a list of them. */
  texts(): readonly string[]
}

export interface YamlProblem {
  readonly place: Place
  readonly message: string
}

/** Reads YAML; problems are gathered in `problems` rather than thrown, so that all are told at once. */
export function readYaml(text: string, problems: YamlProblem[]): Reader | undefined {
  const lines = new LineCounter()
  if (nesting(text) > deepest) {
    problems.push({ place: { line: 1, column: 1 }, message: `is nested more than ${deepest} levels deep` })
    return undefined
  }
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: false })
  const placeAt = (offset: number): Place => {
    const { line, col } = lines.linePos(offset)
    return { line: Math.max(line, 1), column: Math.max(col, 1) }
  }
  for (const error of document.errors)
    problems.push({
      place: placeAt(error.pos[0]),
      message: `is no YAML: ${error.message.split('\n')[0]?.replace(/ at line.*$/, '')}`,
    })
  // An alias may stand for more than fits into memory, or for itself.
  visit(document, {
    Alias: (_key, alias) =>
      void problems.push({
        place: placeAt(alias.range?.[0] ?? 0),
        message: `has an alias (*${alias.source}); write out what it stands for`,
      }),
  })
  if (problems.length > 0) return undefined

  const reader = (node: unknown, path: string, parent: Place): Reader => {
    const place =
      node !== null && typeof node === 'object' && 'range' in node && Array.isArray(node.range)
        ? placeAt((node as { range: readonly [number] }).range[0])
        : parent
    const raw = isScalar(node)
      ? node.value
      : node === null || node === undefined
        ? undefined
        : (node as Node).toJS(document)
    const isMissing = raw === undefined || raw === null
    const problem = (message: string) =>
      void problems.push({ place, message: `${path === '' ? 'the file' : path} ${message}` })
    const at = (key: string) => (path === '' ? key : `${path}.${key}`)
    const entries = isMap(node) ? node.items : []
    const keyOf = (pair: (typeof entries)[number]) => String(isScalar(pair.key) ? pair.key.value : pair.key)
    return {
      place,
      path,
      isMissing,
      raw,
      problem,
      isMap: () => isMap(node),
      isList: () => isSeq(node),
      keys: () => entries.map(keyOf),
      get: (key) => reader(entries.findLast((pair) => keyOf(pair) === key)?.value, at(key), place),
      only(keys) {
        if (isMissing) return
        if (!isMap(node)) return problem(`is ${describe(raw)}; expected keys (${keys.join(', ')})`)
        for (const pair of entries) {
          const key = keyOf(pair)
          if (keys.includes(key)) continue
          const near = nearest(key, keys)
          const range = (pair.key as { range?: readonly [number] } | null)?.range
          problems.push({
            place: range === undefined ? place : placeAt(range[0]),
            message: `${at(key)} is no key of ${path === '' ? 'an MLTable' : path.split('.').at(-1)}; ${near === undefined ? `there are ${keys.join(', ')}` : `did you mean ${near}?`}`,
          })
        }
      },
      items() {
        if (isSeq(node)) return node.items.map((item, i) => reader(item, `${path}[${i}]`, place))
        if (!isMissing) problem(`is ${describe(raw)}; expected a list`)
        return []
      },
      text(fallback) {
        if (typeof raw === 'string') return raw
        if (!isMissing) problem(`is ${describe(raw)}; expected text`)
        return fallback
      },
      flag(fallback) {
        if (typeof raw === 'boolean') return raw
        if (typeof raw === 'string' && /^(?:true|false)$/i.test(raw)) return raw.toLowerCase() === 'true'
        if (!isMissing) problem(`is ${describe(raw)}; expected true or false`)
        return fallback
      },
      number(fallback, { min = -Infinity, max = Infinity, whole = false } = {}) {
        if (isMissing) return fallback
        if (typeof raw === 'number' && raw >= min && raw <= max && (!whole || Number.isInteger(raw)))
          return raw
        const kind = whole ? 'a whole number' : 'a number'
        const range =
          max === Infinity ? (min === -Infinity ? '' : ` of at least ${min}`) : ` from ${min} to ${max}`
        problem(`is ${describe(raw)}; expected ${kind}${range}`)
        return fallback
      },
      oneOf(words, fallback) {
        if (isMissing) return fallback
        const found = words.find((word) => String(raw).toLowerCase() === word)
        if (found !== undefined) return found
        const near = nearest(String(raw), words)
        problem(`is ${describe(raw)}; expected ${near === undefined ? `one of ${words.join(', ')}` : near}`)
        return fallback
      },
      texts() {
        if (typeof raw === 'string') return [raw]
        if (Array.isArray(raw) && raw.every((item) => typeof item === 'string' || typeof item === 'number'))
          return raw.map(String)
        if (!isMissing) problem(`is ${describe(raw)}; expected a text or a list of texts`)
        return []
      },
    }
  }
  return reader(document.contents, '', { line: 1, column: 1 })
}

/** Levels at most; the parser and all who read what it makes call themselves for each. */
const deepest = 100

/** About how deep text may be nested as YAML, by its brackets and by the steps at the beginnings of lines. */
function nesting(text: string): number {
  let [open, most] = [0, 0]
  for (const mark of text.match(/[[{\]}]/g) ?? []) {
    open = Math.max(0, open + ('[{'.includes(mark) ? 1 : -1))
    most = Math.max(most, open)
  }
  const steps = text.match(/^[ \t]*(?:[-?:][ \t]+)*/gm) ?? []
  return Math.max(most, ...steps.slice(0, 10_000).map(({ length }) => length / 2))
}

function describe(value: unknown): string {
  if (value === undefined || value === null) return 'empty'
  if (Array.isArray(value)) return 'a list'
  return typeof value === 'object' ? 'a map' : JSON.stringify(value)
}
