import { binEnd, latencyBin } from '../../../serving/gateway/figures/latency-bins.ts'
import { quantileRanks } from '../../../statistics/intervals/quantiles.ts'

type Counts = Readonly<Record<string, number>>

export interface LatencyQuantile {
  /** Milliseconds, to a hundredth; null of no requests or of a failed one. */
  readonly estimate: number | null
  readonly interval: { readonly lower: number | null; readonly upper: number | null }
}

const sorted = (counts: Counts) =>
  Object.entries(counts)
    .map(([bin, count]) => [Number(bin), count] as const)
    .toSorted(([a], [b]) => a - b)

const total = (counts: Counts) => Object.values(counts).reduce((a, b) => a + b, 0)

/** A quantile with the interval that order statistics give; failed requests are infinitely slow. */
export function latencyQuantile(counts: Counts, q: number): LatencyQuantile {
  const bins = sorted(counts)
  const n = total(counts)
  const atRank = (rank: number): number | null => {
    let sum = 0
    for (const [bin, count] of bins) {
      sum += count
      if (sum >= rank) return Number.isFinite(binEnd(bin)) ? binEnd(bin) : null
    }
    return null
  }
  if (n === 0) return { estimate: null, interval: { lower: null, upper: null } }
  const { lower, upper } = quantileRanks(n, q)
  return {
    estimate: atRank(Math.max(1, Math.ceil(q * n))),
    interval: { lower: lower < 1 ? null : atRank(lower), upper: upper > n ? null : atRank(upper) },
  }
}

/** How many took longer than so many milliseconds. */
export function slowerThan(counts: Counts, ms: number): number {
  const limit = latencyBin(ms)
  return sorted(counts).reduce((sum, [bin, count]) => sum + (bin > limit ? count : 0), 0)
}
