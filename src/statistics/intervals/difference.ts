import type { Interval } from './interval.ts'

export interface Bounded extends Interval {
  readonly estimate: number
}

/**
 * Interval of the difference a − b of two independent estimates from the interval of each, which need not be symmetric
 * (MOVER, "square and add", Zou & Donner 2008). Of Wilson's intervals of proportions it is Newcombe's. NaN where one of
 * them is not known.
 */
export function differenceInterval(a: Bounded, b: Bounded): Interval {
  const estimate = a.estimate - b.estimate
  return {
    lower: estimate - Math.hypot(a.estimate - a.lower, b.upper - b.estimate),
    upper: estimate + Math.hypot(a.upper - a.estimate, b.estimate - b.lower),
  }
}
