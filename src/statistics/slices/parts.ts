import { quantileSorted } from '../distributions/quantiles.ts'
import type { Cell } from '../fairness/groups.ts'

/** A column to slice by. */
export type SliceColumn =
  | { readonly name: string; readonly kind: 'numbers'; readonly values: ArrayLike<number> }
  | { readonly name: string; readonly kind: 'categories'; readonly values: ArrayLike<Cell> }

/** Values that are taken together. A range has its lower end and, but for the last, not its upper one. */
export type Part =
  | { readonly of: 'range'; readonly lower: number; readonly upper: number; readonly closed: boolean }
  | { readonly of: 'value'; readonly value: string }
  | { readonly of: 'other' }
  | { readonly of: 'missing' }

/** A column as parts: which one each row is in. */
export interface Parted {
  readonly name: string
  readonly parts: readonly Part[]
  readonly codes: Uint16Array
  /** Parts up to this number are in order, so that several neighbours are a range again. */
  readonly ordered: number
}

export interface Parting {
  /** Ranges of a numeric column, of about equal numbers of rows: 5 unless said. */
  readonly ranges?: number
  /** Categories that are kept apart, by how often they come: 20 unless said. */
  readonly categories?: number
}

/** Numbers by quantiles, categories by value with the rare ones together; what is missing has a part of its own. */
export function parted(column: SliceColumn, { ranges = 5, categories = 20 }: Parting = {}): Parted {
  return column.kind === 'numbers'
    ? partedNumbers(column.name, column.values, ranges)
    : partedCategories(column.name, column.values, categories)
}

function partedNumbers(name: string, values: ArrayLike<number>, ranges: number): Parted {
  const sorted = sortedNumbers(values)
  const edges = [
    ...new Set(Array.from({ length: ranges + 1 }, (_, i) => quantileSorted(sorted, i / ranges))),
  ].filter((edge) => !Number.isNaN(edge))
  const count = Math.max(edges.length - 1, Math.min(edges.length, 1))
  const parts = Array.from({ length: count }, (_, i): Part => {
    const lower = edges[i] ?? Number.NaN
    return { of: 'range', lower, upper: edges[i + 1] ?? lower, closed: i === count - 1 }
  })
  const codes = new Uint16Array(values.length)
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? Number.NaN
    let code = Number.isNaN(value) ? count : count - 1
    while (code > 0 && value < (edges[code] ?? 0)) code -= 1
    codes[i] = code
  }
  return { name, parts: [...parts, { of: 'missing' }], codes, ordered: count }
}

/** Ascending, without what is missing, which the sort puts last. */
function sortedNumbers(values: ArrayLike<number>): Float64Array {
  const sorted = new Float64Array(values).sort()
  let count = sorted.length
  while (count > 0 && Number.isNaN(sorted[count - 1])) count -= 1
  return sorted.subarray(0, count)
}

function partedCategories(name: string, values: ArrayLike<Cell>, most: number): Parted {
  const isMissing = (value: Cell) => value === null || value === undefined || Number.isNaN(value)
  const counts = new Map<string, number>()
  for (let i = 0; i < values.length; i++) {
    const value = values[i]
    if (!isMissing(value)) counts.set(String(value), (counts.get(String(value)) ?? 0) + 1)
  }
  const kept = [...counts]
    .toSorted(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
    .slice(0, most)
    .map(([value]) => value)
  const place = new Map(kept.map((value, i) => [value, i]))
  const codes = Uint16Array.from(values, (value) =>
    isMissing(value) ? kept.length + 1 : (place.get(String(value)) ?? kept.length),
  )
  return {
    name,
    parts: [...kept.map((value): Part => ({ of: 'value', value })), { of: 'other' }, { of: 'missing' }],
    codes,
    ordered: 0,
  }
}

/** What a part of a column says, as one would write it. */
export function describePart(name: string, part: Part): string {
  switch (part.of) {
    case 'range':
      if (part.lower === -Infinity) return `${name} < ${part.upper}`
      if (part.upper === Infinity) return `${name} >= ${part.lower}`
      return `${name} in [${part.lower}, ${part.upper}${part.closed ? ']' : ')'}`
    case 'value':
      return `${name} = ${part.value}`
    case 'other':
      return `${name} is another`
    case 'missing':
      return `${name} is missing`
  }
}
