import type { Interval } from '../intervals/interval.ts'
import { normalQuantile } from '../probability/normal.ts'

/** Only the first two pass a gate. */
export type Verdict = 'superior' | 'non_inferior' | 'inferior' | 'inconclusive'

/** How much better the challenger is than the champion: above 0 is better, whatever the metric. */
export interface Difference extends Interval {
  readonly estimate: number
  /** `lower` and `upper` are each one-sided bounds at this alpha. */
  readonly alpha: number
  readonly standardError: number
  readonly rows: number
  readonly method: string
  /** What makes the interval doubtful, in sentences; a difference that cannot be told has NaN for bounds and says why. */
  readonly warnings: readonly string[]
}

export interface Judgement {
  readonly verdict: Verdict
  readonly margin: number
  /** Surely worse than the champion, though by less than the margin. */
  readonly worse: boolean
  /** Both models answer alike in all that the metric sees. */
  readonly unchanged: boolean
}

/**
 * The decision of a gate with one-sided bounds L and U and a margin m ≥ 0: superior if L > 0, non-inferior if L > −m,
 * inferior if U < −m, and else inconclusive, which never passes. No difference at all is non-inferior, also at m = 0.
 */
export function judge(difference: Difference, margin: number): Judgement {
  const { estimate, lower, upper, standardError } = difference
  const unchanged = estimate === 0 && standardError === 0
  const judged = (verdict: Verdict, worse = false): Judgement => ({ verdict, margin, worse, unchanged })
  if (Number.isNaN(lower) || Number.isNaN(upper) || !(margin >= 0)) return judged('inconclusive')
  if (unchanged) return judged('non_inferior')
  if (lower > 0) return judged('superior')
  if (lower > -margin) return judged('non_inferior', upper < 0)
  return judged(upper < -margin ? 'inferior' : 'inconclusive', upper < 0)
}

export const passes = (verdict: Verdict): boolean => verdict === 'superior' || verdict === 'non_inferior'

/**
 * How many rows would show non-inferiority with chance `power` if both models were equally good, from the standard error
 * that so many rows gave: `n ((z_{1−α} + z_power) se / m)²`. Infinite without a margin.
 */
export function rowsNeeded({ standardError, rows, alpha }: Difference, margin: number, power = 0.8): number {
  const z = normalQuantile(1 - alpha) + normalQuantile(power)
  return Math.ceil(rows * ((z * standardError) / margin) ** 2)
}
