import { rowCount } from '../metrics/rows.ts'
import type { Groups } from './groups.ts'
import type { GroupMetric, GroupRows } from './rates.ts'

/** A metric of all rows and of each group: fairlearn's MetricFrame, for one metric. */
export interface MetricFrame {
  readonly overall: number
  readonly byGroup: readonly GroupValue[]
}

export interface GroupValue {
  readonly group: readonly string[]
  readonly value: number
  readonly rows: number
}

/** How one number is made of the groups: of the farthest two, or of the one farthest from all rows together. */
export type DisparityMethod = 'between_groups' | 'to_overall'

/** The metric of all rows and of each group that has rows. */
export function metricFrame(rows: GroupRows, groups: Groups, metric: GroupMetric): MetricFrame {
  const { labels, predictions, weights } = rows
  rowCount({ labels, predictions, weights, groups: groups.codes })
  return {
    overall: metric(rows),
    byGroup: partitions(rows, groups).map(({ group, rows: own }) => ({
      group,
      value: metric(own),
      rows: own.labels.length,
    })),
  }
}

/**
 * The same within each value of the control features: the frames are compared with their own overall value, never with
 * each other's.
 */
export function controlledFrames(
  rows: GroupRows,
  groups: Groups,
  controls: Groups,
  metric: GroupMetric,
): { readonly control: readonly string[]; readonly frame: MetricFrame }[] {
  return partitions(rows, controls).map(({ group, rows: own, indices }) => ({
    control: group,
    frame: metricFrame(own, { ...groups, codes: indices.map((i) => groups.codes[i] ?? 0) }, metric),
  }))
}

interface Partition {
  readonly group: readonly string[]
  readonly rows: GroupRows
  readonly indices: Uint32Array
}

/** Each group's rows; groups without rows are left out. */
function partitions({ labels, predictions, weights }: GroupRows, { names, codes }: Groups): Partition[] {
  const sizes = new Uint32Array(names.length)
  for (const code of codes) sizes[code] = (sizes[code] ?? 0) + 1
  const indices = Array.from(sizes, (size) => new Uint32Array(size))
  const filled = new Uint32Array(names.length)
  for (const [row, code] of codes.entries()) {
    const own = indices[code]
    if (own !== undefined) own[filled[code] ?? 0] = row
    filled[code] = (filled[code] ?? 0) + 1
  }
  return names.flatMap((group, code) => {
    const own = indices[code] ?? new Uint32Array(0)
    const of = (column: ArrayLike<number>) => Float64Array.from(own, (i) => column[i] ?? Number.NaN)
    const rows = {
      labels: of(labels),
      predictions: of(predictions),
      ...(weights === undefined ? {} : { weights: of(weights) }),
    }
    return own.length === 0 ? [] : [{ group, rows, indices: own }]
  })
}

const defined = ({ byGroup }: MetricFrame) =>
  byGroup.map(({ value }) => value).filter((value) => !Number.isNaN(value))

const extreme = (values: readonly number[], of: (...values: number[]) => number) =>
  values.length === 0 ? Number.NaN : of(...values)

/** The least value of a group; NaN ones are left out, here and below. */
export const groupMin = (frame: MetricFrame): number => extreme(defined(frame), Math.min)
export const groupMax = (frame: MetricFrame): number => extreme(defined(frame), Math.max)

/** Greatest less least, or the greatest distance from the overall value: `MetricFrame.difference`. */
export function difference(frame: MetricFrame, method: DisparityMethod = 'between_groups'): number {
  if (method === 'between_groups') return groupMax(frame) - groupMin(frame)
  return extreme(
    defined(frame).map((value) => Math.abs(value - frame.overall)),
    Math.max,
  )
}

/**
 * Least over greatest, or the least of group over overall and overall over group, whichever is below 1:
 * `MetricFrame.ratio`. 0/0 is NaN.
 */
export function ratio(frame: MetricFrame, method: DisparityMethod = 'between_groups'): number {
  if (method === 'between_groups') return groupMin(frame) / groupMax(frame)
  const ratios = defined(frame)
    .map((value) => value / frame.overall)
    .filter((of) => !Number.isNaN(of))
    .map((of) => (of > 1 ? 1 / of : of))
  return extreme(ratios, Math.min)
}
