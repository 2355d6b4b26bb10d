import { isMap, isScalar, isSeq, parseDocument, type Node } from 'yaml'

/** Where in a document somebody types, so that it is known what may stand there: also while it is no YAML yet. */
export interface Cursor {
  /** Of the map that gets a key, or of the value. */
  readonly path: readonly (string | number)[]
  /** A key is typed; with `canBeValue` it may as well be a value, since nothing else stands there. */
  readonly part: 'key' | 'value'
  readonly canBeValue: boolean
  /** What is typed of it, and from where to where it goes. */
  readonly word: string
  readonly from: number
  readonly to: number
  /** Keys that the map has already. */
  readonly present: readonly string[]
  /** Columns before the first key of the map; undefined within `{ }`, where all is on one line. */
  readonly indent: number | undefined
}

const mark = 'twinloopCursor'

/** What is typed at an offset. Undefined within comments and texts of several lines. */
export function cursorAt(text: string, offset: number): Cursor | undefined {
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1
  const lineEnd = text.indexOf('\n', offset) < 0 ? text.length : text.indexOf('\n', offset)
  const before = text.slice(lineStart, offset)
  if (/(^|\s)#/.test(before)) return undefined
  const word = /["']?[^\s,[\]{}]*$/.exec(before)?.[0] ?? ''
  const after = /^[^\s,[\]{}:]*/.exec(text.slice(offset, lineEnd))?.[0] ?? ''
  const from = offset - word.length
  const to = offset + after.length
  const isKey = /^\s*(?:- +)*$/.test(before.slice(0, before.length - word.length))
  const rest = text.slice(to, lineEnd)
  // A key that has its colon keeps it; a bare word at the beginning of a line becomes one, since that can always be read.
  const needsColon = isKey && !/^\s*:/.test(rest)
  const marked = `${text.slice(0, from)}${mark}${needsColon ? ':' : ''}${text.slice(to)}`
  const found = find(parseDocument(marked, { uniqueKeys: false }).contents, [])
  if (found === undefined) return undefined
  return {
    ...found,
    word,
    from,
    to,
    indent: isKey
      ? before.length - word.length
      : /[{[][^}\]]*$/.test(before)
        ? undefined
        : /^\s*(?:- +)*/.exec(before)?.[0].length,
  }
}

type Found = Pick<Cursor, 'path' | 'part' | 'canBeValue' | 'present'>

function find(node: Node | null | undefined, path: readonly (string | number)[]): Found | undefined {
  if (isScalar(node)) return isMark(node) ? { path, part: 'value', canBeValue: true, present: [] } : undefined
  if (isSeq(node)) {
    for (const [i, item] of node.items.entries()) {
      const found = find(item as Node | null, [...path, i])
      if (found !== undefined) return found
    }
    return undefined
  }
  if (!isMap(node)) return undefined
  const keys = node.items.map(({ key }) => (isScalar(key) ? String(key.value) : ''))
  for (const [i, { key, value }] of node.items.entries()) {
    if (isScalar(key) && isMark(key)) {
      const present = keys.filter((_, other) => other !== i)
      return { path, part: 'key', canBeValue: present.length === 0 && isNothing(value), present }
    }
    const found = find(value as Node | null, [...path, keys[i] ?? ''])
    if (found !== undefined) return found
  }
  return undefined
}

const isNothing = (value: unknown) => value === null || (isScalar(value) && value.value === null)

const isMark = ({ value }: { readonly value: unknown }) => typeof value === 'string' && value.includes(mark)
