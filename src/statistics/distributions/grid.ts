import { equalWidthBins } from './bins.ts'
import { quantileSorted } from './quantiles.ts'

/** How often pairs of numbers fall into the cells of a grid: what a cloud of points shows, whatever the number of points. */
export interface Grid {
  readonly x: readonly number[]
  readonly y: readonly number[]
  /** Column, row and count of each cell that has pairs; edges as of `Bins`. */
  readonly cells: readonly (readonly [column: number, row: number, count: number])[]
  /** Pairs beyond the edges, which leave out half a percent on each side where that is far away. */
  readonly outside: number
}

/** Edges of `size` equal bins over the values; a few values far out do not stretch them. */
function edgesOf(values: Float64Array, size: number): readonly number[] {
  const sorted = values.filter((value) => Number.isFinite(value)).sort()
  const [min, max] = [sorted[0] ?? 0, sorted[sorted.length - 1] ?? 0]
  const [low, high] = [quantileSorted(sorted, 0.005), quantileSorted(sorted, 0.995)]
  const isStretched = high > low && max - min > 1.5 * (high - low)
  return equalWidthBins(isStretched ? low : min, isStretched ? high : max, size).edges
}

const binIn = (value: number, edges: readonly number[]): number => {
  const count = edges.length - 1
  const [first = 0, last = 0] = [edges[0], edges[count]]
  if (!(value >= first && value <= last)) return -1
  return Math.min(count - 1, Math.floor(((value - first) / (last - first)) * count))
}

/** Counts pairs in a grid of `size` columns and rows. Pairs with a NaN are outside. */
export function gridOf(xs: Float64Array, ys: Float64Array, size = 32): Grid {
  const [x, y] = [edgesOf(xs, size), edgesOf(ys, size)]
  const counts = new Map<number, number>()
  let outside = 0
  for (let i = 0; i < xs.length; i++) {
    const [column, row] = [binIn(xs[i] ?? Number.NaN, x), binIn(ys[i] ?? Number.NaN, y)]
    if (column < 0 || row < 0) outside += 1
    else counts.set(column * size + row, (counts.get(column * size + row) ?? 0) + 1)
  }
  const cells = [...counts]
    .toSorted(([a], [b]) => a - b)
    .map(([cell, count]) => [Math.floor(cell / size), cell % size, count] as const)
  return { x, y, cells, outside }
}

/** Quantiles of `ys` along `xs`. */
export interface Band {
  /** Mean of x among the rows of the group. */
  readonly x: number
  readonly rows: number
  readonly p10: number
  readonly p50: number
  readonly p90: number
}

/** Rows in groups of about equal numbers by rising x, each with the 10th, 50th and 90th percentile of y. */
export function bandsOf(xs: Float64Array, ys: Float64Array, groups = 20): readonly Band[] {
  const order = Uint32Array.from(xs.keys())
    .filter((i) => Number.isFinite(xs[i]) && Number.isFinite(ys[i]))
    .sort((a, b) => (xs[a] ?? 0) - (xs[b] ?? 0) || a - b)
  return Array.from({ length: groups }, (_, group): Band | undefined => {
    const own = order.subarray(
      Math.floor((group * order.length) / groups),
      Math.floor(((group + 1) * order.length) / groups),
    )
    if (own.length === 0) return undefined
    const sorted = Float64Array.from(own, (i) => ys[i] ?? 0).sort()
    const at = (q: number) => quantileSorted(sorted, q)
    const x = own.reduce((sum, i) => sum + (xs[i] ?? 0), 0) / own.length
    return { x, rows: own.length, p10: at(0.1), p50: at(0.5), p90: at(0.9) }
  }).filter((band) => band !== undefined)
}
