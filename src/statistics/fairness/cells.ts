import { drawMultinomial } from '../random/draws.ts'
import { percentileInterval, replicatesOf } from '../resampling/bootstrap.ts'
import type { DisparityInterval, DisparityOptions } from './bootstrap.ts'
import type { Disparity } from './disparities.ts'
import { rateKinds, type GroupRate, type RateKind } from './group-rates.ts'

/** Rows counted by group, truth and prediction: `counts[4 group + 2 label + prediction]`, 1 being the favourable class. */
export interface GroupCells {
  readonly features: readonly string[]
  readonly names: readonly (readonly string[])[]
  readonly counts: Float64Array
}

/** A rate of each group, of counted rows. */
export function ratesOfCells({ names, counts }: GroupCells, kind: RateKind): GroupRate[] {
  const { counts: counted, event } = rateKinds[kind]
  return names.map((group, code) => {
    let [trials, events] = [0, 0]
    for (const label of [0, 1])
      for (const prediction of [0, 1]) {
        const rows = counts[4 * code + 2 * label + prediction] ?? 0
        if (!counted(label)) continue
        trials += rows
        if (event(label, prediction)) events += rows
      }
    return { group, trials, events, rate: events / trials, effective: trials }
  })
}

/** A disparity of counted rows, as fairlearn has it of the rows themselves. Groups without rows are left out. */
export function disparityOfCells({ features, names, counts }: GroupCells, disparity: Disparity): number {
  const labels: number[] = []
  const predictions: number[] = []
  const weights: number[] = []
  const codes: number[] = []
  for (const [cell, rows] of counts.entries()) {
    if (rows === 0) continue
    codes.push(cell >> 2)
    labels.push((cell >> 1) & 1)
    predictions.push(cell & 1)
    weights.push(rows)
  }
  return disparity({ labels, predictions, weights }, { features, names, codes: Uint32Array.from(codes) })
}

/** The same with a percentile bootstrap: multinomial draws of the cells, which is a draw of the rows. */
export function disparityIntervalOfCells(
  cells: GroupCells,
  disparity: Disparity,
  { alpha = 0.05, replicates = 1000, random }: DisparityOptions,
): DisparityInterval {
  const total = cells.counts.reduce((sum, rows) => sum + rows, 0)
  const counts = new Float64Array(cells.counts.length)
  const drawn = Float64Array.from({ length: replicates }, () => {
    drawMultinomial(random, total, cells.counts, counts)
    return disparityOfCells({ ...cells, counts }, disparity)
  })
  const estimate = disparityOfCells(cells, disparity)
  return { estimate, ...percentileInterval(replicatesOf(estimate, drawn), alpha) }
}
