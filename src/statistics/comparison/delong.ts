import { normalCdf } from '../probability/normal.ts'
import { rankOf, scoreCounts } from '../metrics/ranking/score-counts.ts'
import { rocAuc } from '../metrics/ranking/ranking.ts'
import { around, type Interval } from '../intervals/interval.ts'

/** Areas under the ROC curves of two scores of the same rows, and how they vary together. */
export interface DeLong {
  readonly auc: readonly [number, number]
  /** Variances of both, and their covariance. */
  readonly variance: readonly [number, number]
  readonly covariance: number
  /** Second less first. */
  readonly difference: number
  readonly standardError: number
  /** Two-sided, of no difference: 1 where both are the same to the row. */
  readonly pValue: number
}

/**
 * DeLong, DeLong & Clarke-Pearson's comparison of correlated AUCs (1988), ties counting half, in O(n log n) (Sun & Xu
 * 2014). Of each positive row the share of negatives below it and of each negative the share of positives above it; their
 * covariances over positives and over negatives make that of the areas. Rows must be independent and every score a
 * number; NaN where a class has fewer than two rows.
 */
export function delong(
  labels: ArrayLike<number>,
  first: ArrayLike<number>,
  second: ArrayLike<number>,
): DeLong {
  const [a, b] = [placements(labels, first), placements(labels, second)]
  const variance = [covarianceOf(a, a), covarianceOf(b, b)] as const
  const covariance = covarianceOf(a, b)
  const difference = b.auc - a.auc
  const standardError = Math.sqrt(Math.max(0, variance[0] + variance[1] - 2 * covariance))
  const z = difference === 0 ? 0 : difference / standardError
  return {
    auc: [a.auc, b.auc],
    variance,
    covariance,
    difference,
    standardError,
    pValue: 2 * normalCdf(-Math.abs(z)),
  }
}

interface Placements {
  readonly auc: number
  readonly positive: Float64Array
  readonly negative: Float64Array
}

function placements(labels: ArrayLike<number>, scores: ArrayLike<number>): Placements {
  const counts = scoreCounts({ labels, scores })
  const above = { positives: runningTotal(counts.positives), negatives: runningTotal(counts.negatives) }
  const [P, N] = [above.positives.at(-1) ?? 0, above.negatives.at(-1) ?? 0]
  const [positive, negative] = [new Float64Array(P), new Float64Array(N)]
  let [p, n] = [0, 0]
  for (let i = 0; i < labels.length; i++) {
    const score = scores[i] ?? Number.NaN
    if (Number.isNaN(score)) throw new RangeError(`Row ${i} has no score.`)
    const at = rankOf(score, counts.scores)
    if (labels[i] === 1)
      positive[p++] = 1 - ((above.negatives[at] ?? 0) - (counts.negatives[at] ?? 0) / 2) / N
    else negative[n++] = ((above.positives[at] ?? 0) - (counts.positives[at] ?? 0) / 2) / P
  }
  return { auc: rocAuc(counts), positive, negative }
}

function runningTotal(values: Float64Array): Float64Array {
  let sum = 0
  return values.map((value) => (sum += value))
}

const covarianceOf = (a: Placements, b: Placements) =>
  covariance(a.positive, b.positive, a.auc, b.auc) / a.positive.length +
  covariance(a.negative, b.negative, a.auc, b.auc) / a.negative.length

function covariance(x: Float64Array, y: Float64Array, meanX: number, meanY: number): number {
  let sum = 0
  for (let i = 0; i < x.length; i++) sum += ((x[i] ?? 0) - meanX) * ((y[i] ?? 0) - meanY)
  return x.length < 2 ? Number.NaN : sum / (x.length - 1)
}

/**
 * Interval of one AUC on the logit scale, which keeps it within 0 and 1. An AUC of exactly 0 or 1 has a standard error
 * of 0, which tells nothing: NaN.
 */
export function aucInterval(auc: number, variance: number, z: number): Interval {
  if (!(auc > 0 && auc < 1)) return { lower: Number.NaN, upper: Number.NaN }
  const { lower, upper } = around(Math.log(auc / (1 - auc)), Math.sqrt(variance) / (auc * (1 - auc)), z)
  return { lower: 1 / (1 + Math.exp(-lower)), upper: 1 / (1 + Math.exp(-upper)) }
}
