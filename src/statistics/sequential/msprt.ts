import { normalCdf } from '../probability/normal.ts'
import type { Arm } from './canary.ts'
import type { LogEvidence } from './evidence.ts'

/** An estimate that is about normal, with the variance it has by now. */
export interface Estimate {
  readonly estimate: number
  readonly variance: number
}

/**
 * Evidence of the mixture sequential probability ratio test (Robbins 1970; Johari et al. 2017) that an effect is not 0,
 * or one-sided that it is above 0: `√(V/(V+τ²)) exp(τ² d² / (2V(V+τ²)))`, one-sided times `2 Φ(d τ / √(V(V+τ²)))`. τ is the
 * smallest effect worth catching. For non-inferiority the margin is taken from the estimate first. Asymptotic: of rare
 * events the split of events between the arms is the better one.
 */
export function msprt(
  { estimate: d, variance: V }: Estimate,
  tau: number,
  sides: 'two' | 'one' = 'two',
): LogEvidence {
  if (!(V > 0)) return 0
  const wide = V + tau ** 2
  const evidence = Math.log(V / wide) / 2 + (tau ** 2 * d ** 2) / (2 * V * wide)
  return sides === 'two' ? evidence : evidence + Math.log(2 * normalCdf((d * tau) / Math.sqrt(V * wide)))
}

/** How far its interval reaches to each side at all looks: `√(2V(V+τ²)/τ² · ln(√((V+τ²)/V) / α))`. */
export function msprtHalfWidth(variance: number, tau: number, alpha: number): number {
  const wide = variance + tau ** 2
  return Math.sqrt(((2 * variance * wide) / tau ** 2) * Math.log(Math.sqrt(wide / variance) / alpha))
}

/** Difference canary − baseline of two rates, the variance of the pooled one with one event and one other added. */
export function rateDifference(canary: Arm, baseline: Arm): Estimate {
  const pooled = (canary.events + baseline.events + 1) / (canary.requests + baseline.requests + 2)
  return {
    estimate: canary.events / canary.requests - baseline.events / baseline.requests,
    variance: pooled * (1 - pooled) * (1 / canary.requests + 1 / baseline.requests),
  }
}
