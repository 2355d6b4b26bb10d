import { betaCdf } from './beta.ts'
import { normalQuantile } from './normal.ts'

/** Chance of Student's t with so many degrees of freedom (they need not be whole) to be at most t: `scipy.stats.t.cdf`. */
export function studentCdf(t: number, degrees: number): number {
  const tail = betaCdf(degrees / (degrees + t * t), degrees / 2, 0.5) / 2
  return t < 0 ? tail : 1 - tail
}

/**
 * The value that Student's t is at most with chance p: `scipy.stats.t.ppf`. Infinitely many degrees give the normal
 * quantile. By bisection of the distribution function.
 */
export function studentQuantile(p: number, degrees: number): number {
  if (degrees === Infinity) return normalQuantile(p)
  if (!(p > 0 && p < 1) || !(degrees > 0)) return p === 0 ? -Infinity : p === 1 ? Infinity : Number.NaN
  if (p > 0.5) return -studentQuantile(1 - p, degrees)
  let [low, high] = [-1, 0]
  while (studentCdf(low, degrees) > p) low *= 2
  for (let i = 0; i < 200 && high - low > 1e-15 * Math.abs(low); i++) {
    const middle = (low + high) / 2
    if (studentCdf(middle, degrees) < p) low = middle
    else high = middle
  }
  return (low + high) / 2
}
