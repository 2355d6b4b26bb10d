import { upperGamma } from './gamma.ts'

/** Chance of a standard normal variable to be at most z: `scipy.stats.norm.cdf`. */
export function normalCdf(z: number): number {
  const tail = upperGamma(0.5, (z * z) / 2) / 2
  return z < 0 ? tail : 1 - tail
}

const density = (z: number) => Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)

/** Acklam's rational approximations (2003) of the quantile, relative error below 1.2e-9: centre and tail. */
const centre = {
  above: [
    -3.969683028665376e1, 2.209460984245205e2, -2.759285104469687e2, 1.38357751867269e2, -3.066479806614716e1,
    2.506628277459239,
  ],
  below: [
    -5.447609879822406e1, 1.615858368580409e2, -1.556989798598866e2, 6.680131188771972e1,
    -1.328068155288572e1, 1,
  ],
}
const tail = {
  above: [
    -7.784894002430293e-3, -3.223964580411365e-1, -2.400758277161838, -2.549732539343734, 4.374664141464968,
    2.938163982698783,
  ],
  below: [7.784695709041462e-3, 3.224671290700398e-1, 2.445134137142996, 3.754408661907416, 1],
}

/**
 * The value that a standard normal variable is at most with chance p: `scipy.stats.norm.ppf`, to about 1e-15. Acklam's
 * approximation, then two of Halley's steps. −∞ at 0, ∞ at 1, NaN outside.
 */
export function normalQuantile(p: number): number {
  if (!(p > 0 && p < 1)) return p === 0 ? -Infinity : p === 1 ? Infinity : Number.NaN
  if (p > 0.5) return -normalQuantile(1 - p)
  let z = p < 0.02425 ? tailQuantile(p) : centreQuantile(p)
  for (let i = 0; i < 2; i++) {
    const step = (normalCdf(z) - p) / density(z)
    z -= step / (1 + (z * step) / 2)
  }
  return z
}

function centreQuantile(p: number): number {
  const q = p - 0.5
  return (q * polynomial(centre.above, q * q)) / polynomial(centre.below, q * q)
}

function tailQuantile(p: number): number {
  const q = Math.sqrt(-2 * Math.log(p))
  return polynomial(tail.above, q) / polynomial(tail.below, q)
}

/** Horner's scheme; the highest power comes first. */
const polynomial = (coefficients: readonly number[], x: number) => coefficients.reduce((y, c) => y * x + c, 0)
