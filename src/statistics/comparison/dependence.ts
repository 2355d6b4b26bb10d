import { normalQuantile } from '../probability/normal.ts'
import { studentQuantile } from '../probability/student.ts'
import type { Random } from '../random/generator.ts'
import { bootstrap, bootstrapError, percentileInterval } from '../resampling/bootstrap.ts'
import {
  blockLength,
  movingBlocks,
  multinomial,
  poisson,
  stratified,
  type Scheme,
} from '../resampling/schemes.ts'

/** How rows were drawn: each for itself, within strata, with others of one customer or store, or one after another. */
export type Dependence =
  | { readonly by: 'row' }
  /** Codes 0, 1, … of each row's stratum, of which so many rows were to be labelled. */
  | { readonly by: 'stratum'; readonly strata: ArrayLike<number> }
  /** Codes 0, 1, … of each row's cluster. */
  | { readonly by: 'cluster'; readonly clusters: ArrayLike<number> }
  /** Codes 0, 1, … of each row's period, in the order of time; `horizon` is how many periods a label takes to come. */
  | { readonly by: 'time'; readonly periods: ArrayLike<number>; readonly horizon?: number }

/** What is drawn or left out as a whole. */
export interface Units {
  readonly count: number
  /** The unit of each row; absent where each row is its own. */
  readonly of?: ArrayLike<number>
  readonly scheme: Scheme
}

/** Fewer clusters than the first give no verdict; fewer than the second give one with a warning. */
const clusterLimits = { least: 10, doubtful: 30 } as const
/** Row bootstraps of more rows than this draw Poisson counts, which are cheaper and differ no longer. */
const manyRows = 2000

export function unitsOf(dependence: Dependence, rows: number): Units {
  if (dependence.by === 'row') return { count: rows, scheme: rows > manyRows ? poisson : multinomial }
  if (dependence.by === 'stratum') return { count: rows, scheme: stratified(dependence.strata) }
  if (dependence.by === 'cluster')
    return { count: codeCount(dependence.clusters), of: dependence.clusters, scheme: multinomial }
  const count = codeCount(dependence.periods)
  return { count, of: dependence.periods, scheme: movingBlocks(blockLength(count, dependence.horizon)) }
}

const codeCount = (codes: ArrayLike<number>) => {
  let highest = -1
  for (let i = 0; i < codes.length; i++) highest = Math.max(highest, codes[i] ?? -1)
  return highest + 1
}

/** Why the number of clusters or periods allows no interval, or makes it doubtful. */
export function doubts(
  dependence: Dependence,
  { count }: Units,
): { readonly refused: boolean; readonly warnings: readonly string[] } {
  if (dependence.by === 'row' || dependence.by === 'stratum') return { refused: false, warnings: [] }
  const things = dependence.by === 'cluster' ? 'clusters' : 'periods'
  const refused = count < clusterLimits.least
  if (refused)
    return { refused, warnings: [`${count} ${things} are too few: ${clusterLimits.least} are needed.`] }
  const few = count < clusterLimits.doubtful
  return { refused, warnings: few ? [`${count} ${things} only: the interval is rough.`] : [] }
}

/** A weighted mean's standard error and one-sided bounds relative to it. */
export interface Spread {
  readonly standardError: number
  readonly below: number
  readonly above: number
}

/**
 * How uncertain a mean of rows is, or what is linear in rows: `influence` is how far each row moves it, with weighted
 * mean 0. Rows: `√(Σ w² I²) / Σ w`, without weights with n − 1. Clusters: `√(G/(G−1) Σ (Σ_g w I)²) / Σ w`, with Student's
 * t of G − 1 degrees. Strata: the squares are of the
 * deviations within each. Time: a moving-block bootstrap of the periods' sums.
 */
export function spreadOf(
  influence: Float64Array,
  weights: ArrayLike<number> | undefined,
  dependence: Dependence,
  {
    alpha,
    random,
    replicates,
  }: { readonly alpha: number; readonly random: Random; readonly replicates: number },
): Spread {
  const units = unitsOf(dependence, influence.length)
  const [sums, sizes] = [new Float64Array(units.count), new Float64Array(units.count)]
  let total = 0
  for (let i = 0; i < influence.length; i++) {
    const unit = units.of?.[i] ?? i
    const weight = weights?.[i] ?? 1
    sums[unit] = (sums[unit] ?? 0) + weight * (influence[i] ?? Number.NaN)
    sizes[unit] = (sizes[unit] ?? 0) + weight
    total += weight
  }
  if (dependence.by === 'time') {
    const statistic = (times: Float64Array) => {
      let [sum, size] = [0, 0]
      for (let u = 0; u < times.length; u++) {
        sum += (times[u] ?? 0) * (sums[u] ?? 0)
        size += (times[u] ?? 0) * (sizes[u] ?? 0)
      }
      return sum / size
    }
    const boot = bootstrap(statistic, units.count, { scheme: units.scheme, replicates, random })
    const { lower, upper } = percentileInterval(boot, 2 * alpha)
    return { standardError: bootstrapError(boot), below: -lower, above: upper }
  }
  if (dependence.by === 'stratum') {
    const standardError = Math.sqrt(squaresWithin(sums, dependence.strata)) / total
    const reach = normalQuantile(1 - alpha) * standardError
    return { standardError, below: reach, above: reach }
  }
  const squares = sums.reduce((sum, s) => sum + s * s, 0)
  const correction =
    dependence.by === 'cluster' || weights === undefined ? units.count / (units.count - 1) : 1
  const standardError = Math.sqrt(correction * squares) / total
  const degrees = dependence.by === 'cluster' ? units.count - 1 : Infinity
  const reach = studentQuantile(1 - alpha, degrees) * standardError
  return { standardError, below: reach, above: reach }
}

/** Sum over the strata of `n_h/(n_h − 1) Σ (x − x̄_h)²`; a stratum of one row adds nothing. */
function squaresWithin(values: Float64Array, strata: ArrayLike<number>): number {
  const seen = new Map<number, { count: number; sum: number; squares: number }>()
  for (const [i, value] of values.entries()) {
    const stratum = seen.get(strata[i] ?? 0) ?? { count: 0, sum: 0, squares: 0 }
    seen.set(strata[i] ?? 0, {
      count: stratum.count + 1,
      sum: stratum.sum + value,
      squares: stratum.squares + value * value,
    })
  }
  return [...seen.values()].reduce(
    (total, { count, sum, squares }) =>
      count < 2 ? total : total + (count / (count - 1)) * Math.max(0, squares - sum ** 2 / count),
    0,
  )
}
