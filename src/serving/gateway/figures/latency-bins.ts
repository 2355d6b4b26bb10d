/*
 * Latencies are counted in bins that are 1 % wide, from 0.01 ms on: their counts add up over instances and stretches of
 * time, and give every quantile to a hundredth.
 */

const least = 0.01
const width = Math.log(1.01)

/** Bins of a histogram; the last one holds everything above a quarter of an hour. */
export const latencyBins = 1850

/** The bin of a latency in milliseconds: its upper end belongs to it. Infinity is in the last one. */
export function latencyBin(ms: number): number {
  if (!(ms > least)) return 0
  return Math.min(latencyBins - 1, Math.ceil(Math.log(ms / least) / width - 1e-9))
}

/** The most milliseconds that are in a bin; Infinity of the last one. */
export const binEnd = (bin: number): number =>
  bin >= latencyBins - 1 ? Infinity : least * Math.exp(bin * width)

/** Counts by bin, without the empty ones. Keys are numbers of bins, as JSON has them. */
export type SparseCounts = Readonly<Record<string, number>>

export function sparse(counts: ArrayLike<number>): SparseCounts {
  const found: Record<string, number> = {}
  for (let bin = 0; bin < counts.length; bin++) {
    const count = counts[bin] ?? 0
    if (count > 0) found[bin] = count
  }
  return found
}
