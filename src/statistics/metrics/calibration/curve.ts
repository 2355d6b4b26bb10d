import type { Interval } from '../../intervals/interval.ts'
import { twoSided } from '../../intervals/interval.ts'
import { wilson } from '../../intervals/proportions.ts'
import type { ScoreCounts } from '../ranking/score-counts.ts'
import { rowCount, type Column } from '../rows.ts'

/** Rows with probabilities near each other. */
export interface BinMeans {
  /** Rows, or the sum of their weights. */
  readonly count: number
  /** Mean probability said. */
  readonly predicted: number
  /** Share that was of class 1. */
  readonly observed: number
}

/** The same with Wilson's interval of the share. */
export interface CalibrationBin extends BinMeans, Interval {}

export interface Calibrated {
  /** 1 for the positive class. */
  readonly labels: Column
  /** Of class 1, 0 to 1. */
  readonly probabilities: Column
  readonly weights?: Column
}

export interface Binning {
  readonly bins?: number
  /** Equal widths, bin `min(⌊pB⌋, B − 1)`; or equal numbers of rows by stable rank, bin `⌊rank · B / n⌋`. */
  readonly strategy?: 'uniform' | 'quantile'
}

/**
 * The reliability curve: bins that have rows, by rising probability. Equal to scikit-learn's `calibration_curve` with
 * equal widths, but for probabilities that lie on an edge, which belong to the upper bin here.
 */
export function calibrationCurve(
  { labels, probabilities, weights }: Calibrated,
  { bins = 10, strategy = 'uniform' }: Binning = {},
  alpha = 0.05,
): CalibrationBin[] {
  const rows = rowCount({ labels, probabilities, weights })
  const bin = strategy === 'uniform' ? equalWidths(probabilities, bins) : equalCounts(probabilities, bins)
  const [sum, said, seen, squares] = Array.from({ length: 4 }, () => new Float64Array(bins)) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ]
  for (let i = 0; i < rows; i++) {
    const b = bin[i] ?? 0
    const weight = weights === undefined ? 1 : (weights[i] ?? 0)
    sum[b] = (sum[b] ?? 0) + weight
    squares[b] = (squares[b] ?? 0) + weight * weight
    said[b] = (said[b] ?? 0) + weight * (probabilities[i] ?? Number.NaN)
    seen[b] = (seen[b] ?? 0) + weight * Number(labels[i] === 1)
  }
  const z = twoSided(alpha)
  return Array.from(sum, (count, b) => {
    const observed = (seen[b] ?? 0) / count
    const trials = count ** 2 / (squares[b] ?? 0)
    return {
      count,
      predicted: (said[b] ?? 0) / count,
      observed,
      ...wilson({ events: observed * trials, trials }, z),
    }
  }).filter(({ count }) => count > 0)
}

function equalWidths(probabilities: Column, bins: number): Uint32Array {
  return Uint32Array.from(probabilities, (p) => Math.min(Math.floor(p * bins), bins - 1))
}

function equalCounts(probabilities: Column, bins: number): Uint32Array {
  const n = probabilities.length
  const order = Uint32Array.from({ length: n }, (_, i) => i).sort(
    (a, b) => (probabilities[a] ?? 0) - (probabilities[b] ?? 0) || a - b,
  )
  const bin = new Uint32Array(n)
  for (const [rank, row] of order.entries()) bin[row] = Math.floor((rank * bins) / n)
  return bin
}

/** Equal-width bins of counts by score, without intervals: for the replicates of a bootstrap. */
export function binsOfCounts({ scores, positives, negatives }: ScoreCounts, bins = 10): BinMeans[] {
  const [sum, said, seen] = [new Float64Array(bins), new Float64Array(bins), new Float64Array(bins)]
  for (let i = 0; i < scores.length; i++) {
    const [p, own] = [scores[i] ?? Number.NaN, positives[i] ?? 0]
    const b = Math.min(Math.floor(p * bins), bins - 1)
    const count = own + (negatives[i] ?? 0)
    sum[b] = (sum[b] ?? 0) + count
    said[b] = (said[b] ?? 0) + count * p
    seen[b] = (seen[b] ?? 0) + own
  }
  return Array.from(sum, (count, b) => ({
    count,
    predicted: (said[b] ?? 0) / count,
    observed: (seen[b] ?? 0) / count,
  })).filter(({ count }) => count > 0)
}

/**
 * Expected calibration error `Σ (N_b / N) |observed − predicted|` (Naeini et al. 2015, for class 1). Of a perfect model
 * it is above 0 by chance: see `calibrationNoise`.
 */
export function expectedCalibrationError(curve: readonly BinMeans[]): number {
  const total = curve.reduce((sum, { count }) => sum + count, 0)
  return curve.length === 0
    ? Number.NaN
    : curve.reduce(
        (sum, { count, observed, predicted }) => sum + (count / total) * Math.abs(observed - predicted),
        0,
      )
}

/** The greatest `|observed − predicted|` of a bin. */
export const maximumCalibrationError = (curve: readonly BinMeans[]): number =>
  curve.length === 0
    ? Number.NaN
    : Math.max(...curve.map(({ observed, predicted }) => Math.abs(observed - predicted)))

/** About the expected calibration error that a perfectly calibrated model shows: `Σ (N_b/N) √(2 p(1−p) / (π n_b))`. */
export function calibrationNoise(curve: readonly BinMeans[]): number {
  const total = curve.reduce((sum, { count }) => sum + count, 0)
  return curve.reduce(
    (sum, { count, predicted: p }) =>
      sum + (count / total) * Math.sqrt((2 * p * (1 - p)) / (Math.PI * count)),
    0,
  )
}
