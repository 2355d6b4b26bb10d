import { binomialCdf, binomialQuantile } from '../probability/binomial.ts'
import type { Interval } from './interval.ts'

/**
 * Interval of the q-quantile by order statistics, without any model of the distribution: ranks `BinInv(α/2; n, q)` and
 * `BinInv(1 − α/2; n, q) + 1`. Values are sorted ascending, failed requests being infinite. An end whose rank does not
 * exist is infinite: of 100 requests the p99 has no upper bound.
 */
export function quantileInterval(sorted: ArrayLike<number>, q: number, alpha = 0.05): Interval {
  const n = sorted.length
  const { lower, upper } = quantileRanks(n, q, alpha)
  return {
    lower: lower < 1 ? -Infinity : (sorted[lower - 1] ?? Number.NaN),
    upper: upper > n ? Infinity : (sorted[upper - 1] ?? Number.NaN),
  }
}

/** The ranks of that interval, from 1; a rank of 0, or above n, does not exist. */
export const quantileRanks = (n: number, q: number, alpha = 0.05): Interval => ({
  lower: binomialQuantile(alpha / 2, n, q),
  upper: binomialQuantile(1 - alpha / 2, n, q) + 1,
})

/**
 * Interval of the difference a − b of two independent estimates from their own intervals (MOVER, Zou & Donner 2008): it
 * need not be symmetric, so it serves quantiles.
 */
export function mover(
  a: Interval & { readonly estimate: number },
  b: Interval & { readonly estimate: number },
): Interval {
  const difference = a.estimate - b.estimate
  return {
    lower: difference - Math.hypot(a.estimate - a.lower, b.upper - b.estimate),
    upper: difference + Math.hypot(a.upper - a.estimate, b.estimate - b.lower),
  }
}

/**
 * How many of n requests may be slower than a limit so that "the q-quantile is within the limit" is shown with
 * confidence 1 − alpha: the most r with `BinCDF(r; n, 1 − q) ≤ alpha`. −1 if n is too small for any.
 */
export function allowedExceedances(n: number, q: number, alpha = 0.05): number {
  let allowed = binomialQuantile(alpha, n, 1 - q)
  while (allowed >= 0 && binomialCdf(allowed, n, 1 - q) > alpha) allowed -= 1
  return allowed
}

/** The fewest requests with which `exceedances` slower ones still show the quantile: 299 for p99 and none. */
export function requiredRequests(exceedances: number, q: number, alpha = 0.05): number {
  let [low, high] = [exceedances + 1, exceedances + 2]
  while (binomialCdf(exceedances, high, 1 - q) > alpha) high *= 2
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    if (binomialCdf(exceedances, middle, 1 - q) <= alpha) high = middle
    else low = middle + 1
  }
  return low
}

/**
 * Whether a quantile of latencies is within a limit: passed if so few exceed it that it is shown with confidence
 * 1 − alpha, failed if so many do that the opposite is (the quantile's lower bound is beyond), else inconclusive.
 */
export function assertQuantile(
  exceedances: number,
  n: number,
  q: number,
  alpha = 0.05,
): 'pass' | 'fail' | 'inconclusive' {
  if (exceedances <= allowedExceedances(n, q, alpha)) return 'pass'
  return 1 - binomialCdf(exceedances - 1, n, 1 - q) <= alpha ? 'fail' : 'inconclusive'
}
