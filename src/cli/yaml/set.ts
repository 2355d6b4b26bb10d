import { Scalar, isMap, isNode, isScalar, isSeq, parseDocument, visit } from 'yaml'
import type { Document } from 'yaml'
import { usage } from '../failure.ts'
import { parseChange } from './change.ts'
import { keyText } from './source.ts'

/** Applies changes to a document before it is checked, so that what they say is checked too. */
export function applySets(document: Document, sets: readonly string[]): void {
  for (const text of sets) {
    const { path, value } = parseChange(text)
    keepLast(document, path)
    makeParents(document, path)
    document.setIn(path, valueOf(value))
  }
}

// Of a key that stands twice the last one counts: it is that one which is set, and no other is left to count.
function keepLast(document: Document, path: readonly (string | number)[]): void {
  for (const [i, step] of path.entries()) {
    const map: unknown = i === 0 ? document.contents : document.getIn(path.slice(0, i), true)
    if (!isMap(map)) continue
    const last = map.items.findLast((pair) => keyText(pair) === step)
    map.items = map.items.filter((pair) => pair === last || keyText(pair) !== step)
  }
}

// `a: null`, or no `a` at all, becomes a map when a.b is set.
function makeParents(document: Document, path: readonly (string | number)[]): void {
  for (let i = 1; i < path.length; i++) {
    const above = path.slice(0, i)
    const node: unknown = document.getIn(above, true)
    if (isMap(node) || isSeq(node)) continue
    if (node !== undefined && !(isScalar(node) && node.value === null))
      throw usage(`--set ${path.join('.')}: ${above.join('.')} is a value, it has nothing below it`)
    document.setIn(above, document.createNode({}))
  }
}

// JSON objects and lists are taken as such; plain values keep their text, so that zeros are not lost. None of them has a
// place in the file.
function valueOf(text: string): unknown {
  const parsed = parseDocument(text === '' ? '""' : text)
  const nested = /^[[{]/.test(text)
  const value =
    parsed.errors.length === 0 && (nested || isScalar(parsed.contents)) ? parsed.contents : new Scalar(text)
  visit(value, (_, node) => {
    if (isNode(node)) delete node.range
  })
  return value
}
