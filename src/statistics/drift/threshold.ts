import { quantile } from '../distributions/quantiles.ts'
import { studentQuantile } from '../probability/student.ts'

/** Effects below these are no drift, however sure one is of them. */
const floors = {
  population_stability_index: 0.1,
  jensen_shannon_distance: 0.1,
  kolmogorov_smirnov: 0.1,
  normalized_wasserstein_distance: 0.1,
  total_variation: 0.05,
} as const

export type DriftMeasure = keyof typeof floors

/** Fewer chunks of the reference give no threshold; fewer than the second one by a model of them. */
const chunkLimits = { least: 6, empirical: 20 } as const

/**
 * The effect that the reference's own chunks keep below, each scored against the reference without it: of 20 and more
 * their .99 quantile, of 6 to 19 `mean + t_{k−1, .995} sd √(1 + 1/k)`. Undefined of fewer: it is not available. Chunks of the
 * same length and season hold what independent rows do not.
 */
export function referenceThreshold(effects: ArrayLike<number>): number | undefined {
  const k = effects.length
  if (k < chunkLimits.least) return undefined
  if (k >= chunkLimits.empirical) return quantile(effects, 0.99)
  const values = Array.from(effects)
  const mean = values.reduce((a, b) => a + b, 0) / k
  const deviation = Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (k - 1))
  return mean + studentQuantile(0.995, k - 1) * deviation * Math.sqrt(1 + 1 / k)
}

/** What is known of one feature in one window. */
export interface DriftFinding {
  readonly rows: number
  readonly bins: number
  /** Adjusted over all features of the window (Benjamini and Hochberg). */
  readonly pValue: number
  readonly effect: number
  /** What the effect is of; each has a floor. */
  readonly measure: DriftMeasure
  /** The effect that an undrifted window exceeds once in a thousand times. */
  readonly nullEffect: number
  /** Of the reference's chunks, where it is available. */
  readonly referenceEffect?: number
}

/** Fewest rows of a window for so many bins: `max(200, 5B)`; smaller ones are put together or left out. */
export const leastWindow = (bins: number): number => Math.max(200, 5 * bins)

/** Whether a window is a candidate for an alert: enough rows, p below .01, and an effect above all three limits. */
export const isDrifted = (finding: DriftFinding): boolean =>
  finding.rows >= leastWindow(finding.bins) && finding.pValue < 0.01 && finding.effect >= driftLimit(finding)

/** What the effect has to reach. */
export const driftLimit = ({ measure, nullEffect, referenceEffect = 0 }: DriftFinding): number =>
  Math.max(floors[measure], nullEffect, referenceEffect)

export interface Persistence {
  readonly raised: boolean
  /** Of the last windows, newest last: whether it was a candidate. */
  readonly candidates: readonly boolean[]
  /** Windows in a row whose effect was below 80 % of the limit. */
  readonly quiet: number
}

export const persistenceStart: Persistence = { raised: false, candidates: [], quiet: 0 }

/** One window more: raised at 3 candidates of the last 4, cleared after 3 in a row below 80 % of the limit. */
export function persist(before: Persistence, finding: DriftFinding): Persistence {
  const candidates = [...before.candidates, isDrifted(finding)].slice(-4)
  const quiet = finding.effect < 0.8 * driftLimit(finding) ? before.quiet + 1 : 0
  const isRaised = candidates.filter(Boolean).length >= 3
  return { raised: before.raised ? quiet < 3 : isRaised, candidates, quiet }
}
