import {
  binsOfCells,
  boundsOf,
  cellsInOrder,
  type Cut,
  type Grid,
  type Histogram,
} from '../../../../analytics/histograms/grid.ts'
import type { Spans } from '../../../../statistics/distributions/spans.ts'

/** Both sides over the cells in which either has a value, with the number of each cell. */
export interface Stretches extends Spans {
  readonly cell: readonly number[]
}

/** Of very many values so many cells are looked at first. */
const cells = 4096
/** A cell that is cut has so many parts for each time that it holds too much, so that the parts hold little though they differ. */
const partsEach = 8
/** Parts that are made in one round. */
const mostParts = 16_384

/** The grid of these bins that a first look takes; with no more cells than bins where values are few. */
export const gridOf = (edges: readonly number[], isFine: boolean): Grid => ({
  edges,
  parts: isFine ? Math.max(1, Math.floor(cells / (edges.length - 1))) : 1,
  cuts: [],
})

/** How many values lie in each bin. */
export function binCounts(grid: Grid, { cell, count }: Histogram): readonly number[] {
  const bins = binsOfCells(grid)
  const counts = Array.from({ length: grid.edges.length - 1 }, () => 0)
  for (const [i, one] of cell.entries()) {
    const bin = bins[one] ?? 0
    counts[bin] = (counts[bin] ?? 0) + (count[i] ?? 0)
  }
  return counts
}

export function stretchesOf(grid: Grid, before: Histogram, after: Histogram): Stretches {
  const [inBefore, inAfter] = [before, after].map(
    ({ cell }) => new Map(Array.from(cell, (one, i) => [one, i])),
  )
  const merged = {
    cell: [] as number[],
    low: [] as number[],
    high: [] as number[],
    before: [] as number[],
    after: [] as number[],
    sumBefore: [] as number[],
    sumAfter: [] as number[],
  }
  for (const cell of cellsInOrder(grid)) {
    const [i, j] = [inBefore?.get(cell) ?? -1, inAfter?.get(cell) ?? -1]
    if (i < 0 && j < 0) continue
    merged.cell.push(cell)
    merged.low.push(Math.min(before.min[i] ?? Infinity, after.min[j] ?? Infinity))
    merged.high.push(Math.max(before.max[i] ?? -Infinity, after.max[j] ?? -Infinity))
    merged.before.push(before.count[i] ?? 0)
    merged.after.push(after.count[j] ?? 0)
    merged.sumBefore.push(before.sum[i] ?? 0)
    merged.sumAfter.push(after.sum[j] ?? 0)
  }
  return merged
}

/**
 * The grid with its heavy cells cut: those, not of one value only, that hold more than this share of either side, since
 * what they leave open is the most. Undefined where there is none.
 */
export function cutFurther(grid: Grid, stretches: Stretches, least: number): Grid | undefined {
  const { cell, low, high, before, after } = stretches
  const [b, a] = [sum(before), sum(after)]
  const heavy = cell.flatMap((one, i) => {
    const share = Math.max((before[i] ?? 0) / b, (after[i] ?? 0) / a)
    const [from, to] = [low[i] ?? 0, high[i] ?? 0]
    return to > from && share > least ? [{ cell: one, low: from, high: to, share }] : []
  })
  return heavy.length === 0 ? undefined : cutAt(grid, heavy, least)
}

/** The grid of bins with those cells cut that hold more than `least` of a sample; they are cut from bound to bound. */
export function cutBySample(grid: Grid, { cell, count }: Histogram, least: number): Grid {
  const all = sum(count)
  const heavy = Array.from(cell).flatMap((one, i) => {
    const share = (count[i] ?? 0) / all
    return share > least ? [{ cell: one, ...boundsOf(grid, one), share }] : []
  })
  return cutAt(grid, heavy, least)
}

function cutAt(
  grid: Grid,
  heavy: readonly (Omit<Cut, 'parts'> & { readonly share: number })[],
  least: number,
): Grid {
  const cuts: Cut[] = []
  let left = mostParts
  for (const { share, ...cut } of heavy.toSorted((a, b) => b.share - a.share)) {
    const parts = Math.ceil((partsEach * share) / least)
    left -= parts
    if (left < 0) break
    cuts.push({ ...cut, parts })
  }
  return { ...grid, cuts: [...grid.cuts, ...cuts] }
}

const sum = (list: ArrayLike<number>) => Array.from(list).reduce((a, b) => a + b, 0)
