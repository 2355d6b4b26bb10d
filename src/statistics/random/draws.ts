import { logGamma } from '../probability/gamma.ts'
import type { Random } from './generator.ts'

/** Chances of a Poisson variable of mean 1 to be at most 0, 1, 2, …: the weight of a row in a Poisson bootstrap. */
const unitPoisson = Float64Array.from({ length: 18 })
for (let k = 0, term = Math.exp(-1), sum = 0; k < unitPoisson.length; k++) {
  sum += term
  unitPoisson[k] = sum
  term /= k + 1
}

/** A draw of a Poisson variable: by inversion up to a mean of 10, by Hörmann's PTRS (1993) above. */
export function drawPoisson(random: Random, mean: number): number {
  if (mean === 1) {
    const u = random()
    let k = 0
    while (k < 17 && u >= (unitPoisson[k] ?? 1)) k++
    return k
  }
  if (!(mean > 0)) return 0
  if (mean < 10) {
    const u = random()
    let [k, term] = [0, Math.exp(-mean)]
    for (let sum = term; u >= sum && k < 100; sum += term) {
      k += 1
      term *= mean / k
    }
    return k
  }
  const b = 0.931 + 2.53 * Math.sqrt(mean)
  const a = -0.059 + 0.02483 * b
  const inverseAlpha = 1.1239 + 1.1328 / (b - 3.4)
  const inside = 0.9277 - 3.6224 / (b - 2)
  for (;;) {
    const u = random() - 0.5
    const v = random()
    const us = 0.5 - Math.abs(u)
    const k = Math.floor(((2 * a) / us + b) * u + mean + 0.43)
    if (us >= 0.07 && v <= inside) return k
    if (k < 0 || (us < 0.013 && v > us)) continue
    const accept = Math.log(v) + Math.log(inverseAlpha) - Math.log(a / (us * us) + b)
    if (accept <= k * Math.log(mean) - mean - logGamma(k + 1)) return k
  }
}

/** A draw of a binomial variable: by inversion while n·p is below 10, by Hörmann's BTRS (1993) above. */
export function drawBinomial(random: Random, n: number, p: number): number {
  if (n <= 0 || p <= 0) return 0
  if (p >= 1) return n
  if (p > 0.5) return n - drawBinomial(random, n, 1 - p)
  if (n * p < 10) return invertBinomial(random, n, p)
  const spread = Math.sqrt(n * p * (1 - p))
  const b = 1.15 + 2.53 * spread
  const a = -0.0873 + 0.0248 * b + 0.01 * p
  const centre = n * p + 0.5
  const inside = 0.92 - 4.2 / b
  const alpha = (2.83 + 5.1 / b) * spread
  const mode = Math.floor((n + 1) * p)
  const logOdds = Math.log(p / (1 - p))
  const height = logGamma(mode + 1) + logGamma(n - mode + 1)
  for (;;) {
    const u = random() - 0.5
    let v = random()
    const us = 0.5 - Math.abs(u)
    const k = Math.floor(((2 * a) / us + b) * u + centre)
    if (k < 0 || k > n) continue
    if (us >= 0.07 && v <= inside) return k
    v = Math.log((v * alpha) / (a / (us * us) + b))
    if (v <= height - logGamma(k + 1) - logGamma(n - k + 1) + (k - mode) * logOdds) return k
  }
}

/** The waiting times between successes are geometric: as many draws as there are successes (Devroye 1986, X.4). */
function invertBinomial(random: Random, n: number, p: number): number {
  const failure = Math.log1p(-p)
  let successes = 0
  for (let used = 0; ; successes++) {
    used += Math.floor(Math.log(1 - random()) / failure) + 1
    if (used > n) return successes
  }
}

/**
 * Draws `total` balls into cells whose chances are as `weights`, into `into`: binomials of what is left, one a cell, so
 * that the cost does not depend on the total.
 */
export function drawMultinomial(
  random: Random,
  total: number,
  weights: ArrayLike<number>,
  into: Float64Array,
): void {
  let room = 0
  for (let i = 0; i < weights.length; i++) room += weights[i] ?? 0
  let left = total
  for (let i = 0; i < weights.length; i++) {
    const weight = weights[i] ?? 0
    const drawn = left === 0 ? 0 : weight >= room ? left : drawBinomial(random, left, weight / room)
    into[i] = drawn
    left -= drawn
    room -= weight
  }
}

/** A draw of a standard normal variable, by Box & Muller. */
export const drawNormal = (random: Random): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
