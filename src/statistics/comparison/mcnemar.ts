import { chiSquaredTail } from '../hypothesis/chi-squared.ts'
import { binomialCdf, binomialPmf } from '../probability/binomial.ts'

/** Rows on which only one of two models is right. */
export interface Discordant {
  readonly championOnly: number
  readonly challengerOnly: number
}

export interface McNemar {
  /** Two-sided and exact. */
  readonly exact: number
  /** Exact less half the chance of the very outcome: nearer its level, and the one to show. */
  readonly midP: number
  /** With the continuity correction; NaN below 25 discordant rows. */
  readonly corrected: number
}

/**
 * McNemar's test (1947) whether two classifiers are right equally often on the same rows. It tests equality; a gate
 * decides by the interval of the difference.
 */
export function mcnemar({ championOnly: b, challengerOnly: c }: Discordant): McNemar {
  const discordant = b + c
  if (discordant === 0) return { exact: 1, midP: 1, corrected: Number.NaN }
  const smaller = Math.min(b, c)
  const exact = Math.min(1, 2 * binomialCdf(smaller, discordant, 0.5))
  const doubled = 2 * binomialCdf(smaller, discordant, 0.5) - binomialPmf(smaller, discordant, 0.5)
  const corrected = discordant < 25 ? Number.NaN : chiSquaredTail((Math.abs(b - c) - 1) ** 2 / discordant, 1)
  return { exact, midP: b === c ? 1 - binomialPmf(b, discordant, 0.5) / 2 : doubled, corrected }
}
