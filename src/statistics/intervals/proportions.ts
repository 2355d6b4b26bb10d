import type { Interval } from './interval.ts'

/** Events among trials; neither need be whole (weights over their design effect). */
export interface Proportion {
  readonly events: number
  readonly trials: number
}

/**
 * Wilson's score interval of a proportion (1927): statsmodels' `proportion_confint(method='wilson')`. `z` is the number
 * of standard errors, 1.96 for 95 %. All of [0, 1] where there are no trials.
 */
export function wilson({ events, trials }: Proportion, z: number): Interval {
  if (!(trials > 0)) return { lower: 0, upper: 1 }
  const p = events / trials
  const square = z * z
  const centre = p + square / (2 * trials)
  const half = z * Math.sqrt((p * (1 - p)) / trials + square / (4 * trials ** 2))
  const scale = 1 + square / trials
  return {
    lower: events === 0 ? 0 : Math.max(0, (centre - half) / scale),
    upper: events === trials ? 1 : Math.min(1, (centre + half) / scale),
  }
}

/**
 * Newcombe's interval of the difference a − b of two independent proportions (1998, method 10, of Wilson's): statsmodels'
 * `confint_proportions_2indep(method='newcomb')`.
 */
export function newcombe(a: Proportion, b: Proportion, z: number): Interval {
  const [p, q] = [a.events / a.trials, b.events / b.trials]
  const [of, from] = [wilson(a, z), wilson(b, z)]
  return {
    lower: p - q - Math.hypot(p - of.lower, from.upper - q),
    upper: p - q + Math.hypot(of.upper - p, q - from.lower),
  }
}

/**
 * Interval of the ratio a / b of two independent proportions by the logarithm (Katz et al. 1978); where a count is 0, ½
 * is added to all four. NaN where one side has no trials.
 */
export function ratioInterval(a: Proportion, b: Proportion, z: number): Interval {
  if (!(a.trials > 0 && b.trials > 0)) return { lower: Number.NaN, upper: Number.NaN }
  const half = a.events === 0 || b.events === 0 ? 0.5 : 0
  const [x1, n1, x2, n2] = [a.events + half, a.trials + half, b.events + half, b.trials + half]
  const error = Math.sqrt(Math.max(0, 1 / x1 - 1 / n1 + 1 / x2 - 1 / n2))
  const centre = Math.log(x1 / n1) - Math.log(x2 / n2)
  return { lower: Math.exp(centre - z * error), upper: Math.exp(centre + z * error) }
}

/** Most that a chance can be, one-sided at alpha, if none of n trials hit it: the "rule of three", 3/n for .05. */
export const upperOfNone = (trials: number, alpha = 0.05): number =>
  trials > 0 ? 1 - alpha ** (1 / trials) : 1
