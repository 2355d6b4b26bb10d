import { quantileSorted } from '../distributions/quantiles.ts'
import type { Interval } from '../intervals/interval.ts'
import { normalCdf, normalQuantile } from '../probability/normal.ts'
import type { Random } from '../random/generator.ts'
import type { Scheme } from './schemes.ts'

/** A number that depends on how often each unit counts. */
export type Statistic = (times: Float64Array) => number

export interface Bootstrap {
  /** Of the data as they are. */
  readonly estimate: number
  /** Of the replicates that have one, ascending. */
  readonly replicates: Float64Array
  /** How many replicates had none: one class was missing, say. */
  readonly undefinedCount: number
}

/** More replicates without a value than this share, and there is no interval. */
export const mostUndefined = 0.05

export interface BootstrapOptions {
  readonly scheme: Scheme
  readonly replicates: number
  readonly random: Random
}

/** Draws replicates and computes the statistic of each. */
export function bootstrap(
  statistic: Statistic,
  units: number,
  { scheme, replicates, random }: BootstrapOptions,
): Bootstrap {
  const times = new Float64Array(units).fill(1)
  const estimate = statistic(times)
  const drawn = new Float64Array(replicates)
  for (let b = 0; b < replicates; b++) {
    scheme(random, times)
    drawn[b] = statistic(times)
  }
  return replicatesOf(estimate, drawn)
}

/** Replicates that were drawn elsewhere. */
export function replicatesOf(estimate: number, drawn: Float64Array): Bootstrap {
  const replicates = drawn.filter((value) => !Number.isNaN(value)).sort()
  return { estimate, replicates, undefinedCount: drawn.length - replicates.length }
}

const none: Interval = { lower: Number.NaN, upper: Number.NaN }

const isDefined = ({ replicates, undefinedCount }: Bootstrap) =>
  replicates.length > 0 && undefinedCount <= mostUndefined * (replicates.length + undefinedCount)

/** Quantiles α/2 and 1 − α/2 of the replicates. NaN where over 5 % of them had no value. */
export function percentileInterval(boot: Bootstrap, alpha: number): Interval {
  if (!isDefined(boot)) return none
  return {
    lower: quantileSorted(boot.replicates, alpha / 2),
    upper: quantileSorted(boot.replicates, 1 - alpha / 2),
  }
}

/**
 * The statistic without each unit in turn; of many units, without each of 200 groups of them in turn (i modulo 200),
 * which serves the acceleration as well.
 */
export function jackknife(statistic: Statistic, units: number, groups = 200): Float64Array {
  const parts = Math.min(units, units > 2000 ? groups : units)
  const times = new Float64Array(units)
  return Float64Array.from({ length: parts }, (_, part) => {
    for (let i = 0; i < units; i++) times[i] = Number(i % parts !== part)
    return statistic(times)
  })
}

/**
 * Efron's bias-corrected and accelerated interval (1987): the percentiles are moved by the bias of the replicates (ties
 * count half) and by the skewness of the jackknife values. `degenerate` says that all replicates lie on one side of the
 * estimate, and that the interval is the percentiles' for that.
 */
export function bcaInterval(
  boot: Bootstrap,
  jackknifed: ArrayLike<number>,
  alpha: number,
): Interval & { readonly degenerate: boolean } {
  if (!isDefined(boot)) return { ...none, degenerate: false }
  const below = boot.replicates.reduce(
    (count, t) => count + (t < boot.estimate ? 1 : t === boot.estimate ? 0.5 : 0),
    0,
  )
  const z0 = normalQuantile(below / boot.replicates.length)
  const a = acceleration(jackknifed)
  if (!Number.isFinite(z0) || Number.isNaN(a)) return { ...percentileInterval(boot, alpha), degenerate: true }
  const level = (z: number) => normalCdf(z0 + (z0 + z) / (1 - a * (z0 + z)))
  return {
    lower: quantileSorted(boot.replicates, level(normalQuantile(alpha / 2))),
    upper: quantileSorted(boot.replicates, level(normalQuantile(1 - alpha / 2))),
    degenerate: false,
  }
}

/** `Σ d³ / (6 (Σ d²)^1.5)` with d the mean of the jackknife values less each; 0 where they do not vary. */
function acceleration(values: ArrayLike<number>): number {
  let centre = 0
  for (let i = 0; i < values.length; i++) centre += (values[i] ?? Number.NaN) / values.length
  let [squares, cubes] = [0, 0]
  for (let i = 0; i < values.length; i++) {
    const d = centre - (values[i] ?? Number.NaN)
    squares += d ** 2
    cubes += d ** 3
  }
  return squares === 0 ? 0 : cubes / (6 * squares ** 1.5)
}

/** One-sided p-value that the statistic is above 0: `(1 + #{t* ≤ 0}) / (B + 1)`. */
export const bootstrapPValue = ({ replicates }: Bootstrap): number =>
  (1 + replicates.reduce((count, t) => count + Number(t <= 0), 0)) / (replicates.length + 1)

/** Standard deviation of the replicates: the bootstrap's standard error. */
export function bootstrapError({ replicates }: Bootstrap): number {
  const centre = replicates.reduce((sum, t) => sum + t, 0) / replicates.length
  return Math.sqrt(replicates.reduce((sum, t) => sum + (t - centre) ** 2, 0) / (replicates.length - 1))
}
