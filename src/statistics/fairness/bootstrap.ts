import type { Interval } from '../intervals/interval.ts'
import type { Column } from '../metrics/rows.ts'
import { drawMultinomial } from '../random/draws.ts'
import type { Random } from '../random/generator.ts'
import { bootstrap, percentileInterval, replicatesOf, type Bootstrap } from '../resampling/bootstrap.ts'
import { multinomial } from '../resampling/schemes.ts'
import type { Disparity } from './disparities.ts'
import type { Groups } from './groups.ts'
import type { GroupRows } from './rates.ts'

export interface DisparityOptions {
  readonly alpha?: number
  readonly replicates?: number
  readonly random: Random
}

export interface DisparityInterval extends Interval {
  readonly estimate: number
}

/**
 * Percentile bootstrap of a disparity, as fairlearn's `MetricFrame(n_boot=…, ci_quantiles=…)` draws it; without weights
 * over the cells (group, truth, prediction), which costs the same for any number of rows. A difference between groups is
 * above 0 by chance and its replicates the more: the interval tells how much it varies, `judgeGroups` whether it matters.
 */
export function disparityInterval(
  rows: GroupRows,
  groups: Groups,
  disparity: Disparity,
  options: DisparityOptions,
): DisparityInterval {
  const of = (some: Compact) => disparity(some, some.groups)
  return interval(rows, rows.predictions, groups, of, options)
}

/** The same of how much a challenger's disparity is above the champion's on the same rows. */
export function disparityChange(
  { labels, weights }: Pick<GroupRows, 'labels' | 'weights'>,
  { champion, challenger }: { readonly champion: Column; readonly challenger: Column },
  groups: Groups,
  disparity: Disparity,
  options: DisparityOptions,
): DisparityInterval {
  const of = (some: Compact) =>
    disparity({ ...some, predictions: some.other }, some.groups) - disparity(some, some.groups)
  const rows = { labels, predictions: champion, ...(weights === undefined ? {} : { weights }) }
  return interval(rows, challenger, groups, of, options)
}

/** Rows, each distinct one once with its weight. */
interface Compact extends GroupRows {
  readonly other: Column
  readonly weights: Float64Array
  readonly groups: Groups
}

function interval(
  rows: GroupRows,
  other: Column,
  groups: Groups,
  of: (rows: Compact) => number,
  { alpha = 0.05, replicates = 2000, random }: DisparityOptions,
): DisparityInterval {
  const boot =
    rows.weights === undefined
      ? ofCells(compacted(rows, other, groups), rows.labels.length, of, replicates, random)
      : ofRows(rows, other, groups, of, replicates, random)
  return { estimate: boot.estimate, ...percentileInterval(boot, alpha) }
}

function ofCells(
  cells: Compact,
  total: number,
  of: (rows: Compact) => number,
  replicates: number,
  random: Random,
): Bootstrap {
  const drawn = new Float64Array(cells.weights.length)
  const values = Float64Array.from({ length: replicates }, () => {
    drawMultinomial(random, total, cells.weights, drawn)
    return of({ ...cells, weights: drawn })
  })
  return replicatesOf(of(cells), values)
}

function ofRows(
  { labels, predictions, weights }: GroupRows,
  other: Column,
  groups: Groups,
  of: (rows: Compact) => number,
  replicates: number,
  random: Random,
): Bootstrap {
  const weighted = new Float64Array(labels.length)
  return bootstrap(
    (times) => {
      for (let i = 0; i < times.length; i++) weighted[i] = (times[i] ?? 0) * (weights?.[i] ?? 1)
      return of({ labels, predictions, other, groups, weights: weighted })
    },
    labels.length,
    { scheme: multinomial, replicates, random },
  )
}

function compacted({ labels, predictions }: GroupRows, other: Column, groups: Groups): Compact {
  const cells = new Map<number, { row: number; count: number }>()
  for (let i = 0; i < labels.length; i++) {
    const bits = 4 * Number(labels[i] === 1) + 2 * Number(predictions[i] === 1) + Number(other[i] === 1)
    const key = (groups.codes[i] ?? 0) * 8 + bits
    const cell = cells.get(key)
    if (cell === undefined) cells.set(key, { row: i, count: 1 })
    else cell.count += 1
  }
  const kept = [...cells.values()]
  const of = (column: Column) => kept.map(({ row }) => Number(column[row] === 1))
  return {
    labels: of(labels),
    predictions: of(predictions),
    other: of(other),
    weights: Float64Array.from(kept, ({ count }) => count),
    groups: { ...groups, codes: Uint32Array.from(kept, ({ row }) => groups.codes[row] ?? 0) },
  }
}
