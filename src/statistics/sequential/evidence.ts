import type { Interval } from '../intervals/interval.ts'
import { logBeta } from '../probability/beta.ts'

/**
 * How strongly the data speak against a hypothesis, as the natural logarithm of an e-value. Whenever one looks, and
 * however often, it reaches `ln(1/α)` with chance α at most if the hypothesis is true (Ville's inequality). Evidence of
 * independent stretches of data adds up; the mean of several e-values is one.
 */
export type LogEvidence = number

/** The always-valid p-value of evidence: `min(1, 1/E)`. The least of all looks may be kept. */
export const pValueOf = (evidence: LogEvidence): number => Math.min(1, Math.exp(-evidence))

export const rejects = (evidence: LogEvidence, alpha: number): boolean => evidence >= -Math.log(alpha)

/**
 * Evidence that k of m independent events are not of chance q: `Beta(a+k, b+m−k) / Beta(a, b) / (q^k (1−q)^(m−k))`, the
 * likelihood ratio of a beta mixture (Robbins 1970) that lies around q as if `strength` events had been seen. Not
 * asymptotic. NaN unless 0 < q < 1.
 */
export function splitEvidence(k: number, m: number, q: number, strength = 10): LogEvidence {
  if (!(q > 0 && q < 1)) return Number.NaN
  const [a, b] = [strength * q, strength * (1 - q)]
  return logBeta(a + k, b + m - k) - logBeta(a, b) - k * Math.log(q) - (m - k) * Math.log1p(-q)
}

/** Mean of e-values, which is one: of "any of these", without a correction for their number. */
export function meanEvidence(all: readonly LogEvidence[]): LogEvidence {
  const most = Math.max(...all)
  if (all.length === 0 || most === -Infinity) return all.length === 0 ? 0 : -Infinity
  return most + Math.log(all.reduce((sum, evidence) => sum + Math.exp(evidence - most), 0) / all.length)
}

/**
 * Interval of a chance that holds at all looks together: those q that k of m events do not speak against at alpha, by the
 * mixture of a uniform prior. All of [0, 1] before the first event.
 */
export function proportionSequence(k: number, m: number, alpha = 0.05): Interval {
  const limit = -Math.log(alpha)
  const mixture = logBeta(1 + k, 1 + m - k)
  const against = (q: number) =>
    mixture - (k === 0 ? 0 : k * Math.log(q)) - (m === k ? 0 : (m - k) * Math.log1p(-q))
  const end = (inside: number, outside: number) => {
    if (against(outside) < limit) return outside
    let [near, far] = [inside, outside]
    for (let i = 0; i < 60; i++) {
      const middle = (near + far) / 2
      if (against(middle) < limit) near = middle
      else far = middle
    }
    return (near + far) / 2
  }
  const centre = m === 0 ? 0.5 : k / m
  return { lower: end(centre, 0), upper: end(centre, 1) }
}
