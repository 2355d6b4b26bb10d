import { DuckDBDoubleVector, type DuckDBVector } from '@duckdb/node-api'

/** What a vector of doubles is inside: its own way to a value asks for each whether it is there, with a number of any size. */
interface Inside {
  readonly items?: unknown
  readonly validity?: { readonly data?: unknown; readonly offset?: unknown }
}

/** Copies the values of a vector to `into` from `at` on, with NaN where there is none. Throws for one that has no doubles. */
export type ReadDoubles = (vector: DuckDBVector, into: Float64Array, at: number) => void

/**
 * Reads doubles as they lie in memory, rather than asking for each. As that is nobody's promise, the first vector
 * and the first with nulls are read both ways: where the two differ, or a vector is otherwise inside, each value is asked for.
 */
export function createDoubleReader(): ReadDoubles {
  const proven = { whole: false, withNulls: false }
  let isTrusted = true
  return (vector, into, at) => {
    if (!(vector instanceof DuckDBDoubleVector))
      throw new Error('a column that is to be counted is no DOUBLE')
    const kind = isTrusted ? copy(vector, into, at) : undefined
    if (kind !== undefined && proven[kind]) return
    const asked = new Float64Array(vector.itemCount)
    for (let i = 0; i < asked.length; i++) asked[i] = vector.getItem(i) ?? Number.NaN
    if (kind !== undefined) {
      isTrusted = asked.every((value, i) => Object.is(value, into[at + i]))
      proven[kind] = isTrusted
    }
    if (kind === undefined || !isTrusted) into.set(asked, at)
  }
}

/** Says what it copied; undefined, and nothing is, where the vector is not as it is known. */
function copy(vector: DuckDBDoubleVector, into: Float64Array, at: number): 'whole' | 'withNulls' | undefined {
  const { items, validity } = vector as unknown as Inside
  if (!(items instanceof Float64Array) || items.length !== vector.itemCount || validity?.offset !== 0)
    return undefined
  const { data } = validity
  if (data !== null && !(data instanceof BigUint64Array && data.length * 64 >= items.length)) return undefined
  into.set(items, at)
  if (data === null) return 'whole'
  const bits = new Uint32Array(data.buffer, data.byteOffset, data.byteLength / 4)
  for (let i = 0; i < items.length; i++)
    if (((bits[i >> 5] ?? 0) & (1 << (i & 31))) === 0) into[at + i] = Number.NaN
  return 'withNulls'
}
