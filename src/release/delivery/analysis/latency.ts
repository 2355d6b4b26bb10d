import { quantileRanks } from '../../../statistics/intervals/quantiles.ts'
import { bucketQuantile, bucketTotal, type LogBuckets } from '../../../statistics/latency/log-buckets.ts'

export interface LatencyQuantile {
  /** Milliseconds, within 2 %; null of no requests or where it is a failed one. */
  readonly estimate: number | null
  readonly interval: { readonly lower: number | null; readonly upper: number | null }
}

/** A quantile with the interval that order statistics give; failed requests are infinitely slow. */
export function latencyQuantile(buckets: LogBuckets, q: number): LatencyQuantile {
  const n = bucketTotal(buckets)
  if (n === 0) return { estimate: null, interval: { lower: null, upper: null } }
  // Half a rank below, so that rounding leads to no other one.
  const atRank = (rank: number) => finite(bucketQuantile(buckets, (rank - 0.5) / n))
  const { lower, upper } = quantileRanks(n, q)
  return {
    estimate: finite(bucketQuantile(buckets, q)),
    interval: { lower: lower < 1 ? null : atRank(lower), upper: upper > n ? null : atRank(upper) },
  }
}

/** To three digits: buckets are no finer. */
const finite = (ms: number) => (Number.isFinite(ms) ? Number(ms.toPrecision(3)) : null)
