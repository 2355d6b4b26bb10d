import { drawMultinomial } from '../random/draws.ts'
import type { Random } from '../random/generator.ts'
import type { Interval } from '../intervals/interval.ts'
import { bootstrapError, percentileInterval, replicatesOf, type Statistic } from './bootstrap.ts'

export interface LittleBootstraps {
  readonly alpha: number
  readonly random: Random
  /** Subsets of n^.6 rows each: 20 unless said. */
  readonly subsets?: number
  /** Replicates of each: 100 unless said. */
  readonly replicates?: number
}

/**
 * The bag of little bootstraps (Kleiner et al. 2014), for a statistic of many rows that has no shorter way: of each small
 * subset replicates that weigh its rows as if they were all n, and the mean over the subsets of how far their intervals
 * reach from their own estimate. `of` makes the statistic of a subset, a function of its rows' weights.
 */
export function littleBootstraps(
  of: (rows: Uint32Array) => Statistic,
  n: number,
  estimate: number,
  { alpha, random, subsets = 20, replicates = 100 }: LittleBootstraps,
): Interval & { readonly standardError: number } {
  const size = Math.ceil(n ** 0.6)
  const equal = new Float64Array(size).fill(1)
  const times = new Float64Array(size)
  let [below, above, error] = [0, 0, 0]
  for (let subset = 0; subset < subsets; subset++) {
    const statistic = of(sample(random, n, size))
    const drawn = Float64Array.from({ length: replicates }, () => {
      drawMultinomial(random, n, equal, times)
      return statistic(times)
    })
    const boot = replicatesOf(statistic(equal), drawn)
    const { lower, upper } = percentileInterval(boot, alpha)
    below += (boot.estimate - lower) / subsets
    above += (upper - boot.estimate) / subsets
    error += bootstrapError(boot) / subsets
  }
  return { lower: estimate - below, upper: estimate + above, standardError: error }
}

/** So many different rows of n, by the beginning of Fisher and Yates' shuffle, of which only what moved is kept. */
function sample(random: Random, n: number, size: number): Uint32Array {
  const moved = new Map<number, number>()
  return Uint32Array.from({ length: size }, (_, i) => {
    const at = i + Math.floor(random() * (n - i))
    const row = moved.get(at) ?? at
    moved.set(at, moved.get(i) ?? i)
    return row
  })
}
