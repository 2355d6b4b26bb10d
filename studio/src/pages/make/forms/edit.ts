import { isCollection, isMap, isScalar, isSeq, parseDocument, type Document } from 'yaml'
import type { Path } from '../../../../../src/cli/yaml/source.ts'
import { lineDiff } from '../../../parts/code/line-diff.ts'

const written = { lineWidth: 0, flowCollectionPadding: true } as const

/** The plain value at a path of a text; undefined where there is none, or no YAML. */
export function valueAt(text: string, path: Path): unknown {
  const document = parse(text)
  try {
    const node: unknown = path.length === 0 ? document.contents : document.getIn(path, true)
    if (isScalar(node)) return node.value === null ? undefined : node.value
    return isCollection(node) ? (node.toJS(document) as unknown) : undefined
  } catch {
    return undefined
  }
}

/**
 * The text with a value at a path, all else as it stands: comments, order, how things are written. `undefined` takes it
 * away, with what is empty then above it. A text that is no YAML is given back as it is.
 */
export function withValue(text: string, path: Path, value: unknown): string {
  const document = parse(text)
  if (document.errors.length > 0) return text
  const before = document.toString(written)
  if (value === undefined) remove(document, path)
  else put(document, path, value)
  return asItWas(text, before, document.toString(written))
}

/** Lines that are the same before and after as the text has them, however the library would write them. */
function asItWas(text: string, before: string, after: string): string {
  const own = text.replace(/\n$/, '').split('\n')
  if (own.length !== before.replace(/\n$/, '').split('\n').length) return after
  let i = 0
  const lines: string[] = []
  for (const { sign, text: line } of lineDiff(before, after)) {
    if (sign !== '-') lines.push(sign === ' ' ? (own[i] ?? line) : line)
    if (sign !== '+') i++
  }
  return `${lines.join('\n')}\n`
}

const parse = (text: string) => parseDocument(text, { uniqueKeys: false })

function put(document: Document.Parsed, path: Path, value: unknown): void {
  for (let i = 0; i < path.length; i++) {
    const above = path.slice(0, i)
    const node: unknown = i === 0 ? document.contents : document.getIn(above, true)
    const isThere = typeof path[i] === 'number' ? isSeq(node) : isMap(node)
    if (isThere) continue
    const empty = document.createNode(typeof path[i] === 'number' ? [] : {})
    if (i === 0) document.contents = empty as typeof document.contents
    else document.setIn(above, empty)
  }
  const before: unknown = document.getIn(path, true)
  // A scalar keeps its comment, and a text that was quoted stays so.
  if (isScalar(before) && (typeof value !== 'object' || value === null)) {
    before.value = value
    delete before.source
  } else document.setIn(path, document.createNode(value))
}

function remove(document: Document.Parsed, path: Path): void {
  if (!document.hasIn(path)) return
  document.deleteIn(path)
  const above = path.slice(0, -1)
  if (above.length === 0) return
  const node: unknown = document.getIn(above, true)
  if (isCollection(node) && node.items.length === 0) remove(document, above)
}
