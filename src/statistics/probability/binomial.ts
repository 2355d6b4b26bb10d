import { betaCdf } from './beta.ts'
import { logGamma } from './gamma.ts'

/** Chance of exactly k successes in n trials of chance p: `scipy.stats.binom.pmf`. */
export function binomialPmf(k: number, n: number, p: number): number {
  if (k < 0 || k > n) return 0
  if (p <= 0 || p >= 1) return Number(k === (p <= 0 ? 0 : n))
  const ways = logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1)
  return Math.exp(ways + k * Math.log(p) + (n - k) * Math.log1p(-p))
}

/** Chance of at most k successes in n trials of chance p: `scipy.stats.binom.cdf`. */
export function binomialCdf(k: number, n: number, p: number): number {
  if (k < 0) return 0
  if (k >= n) return 1
  return betaCdf(1 - p, n - Math.floor(k), Math.floor(k) + 1)
}

/** The fewest successes that are not exceeded with chance q at least: `scipy.stats.binom.ppf`. */
export function binomialQuantile(q: number, n: number, p: number): number {
  let [low, high] = [0, n]
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    if (binomialCdf(middle, n, p) >= q) high = middle
    else low = middle + 1
  }
  return low
}
