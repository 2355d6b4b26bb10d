import { spearman } from '../association/correlation.ts'
import { twoSided, type Interval } from '../intervals/interval.ts'
import { wilson } from '../intervals/proportions.ts'
import { rowCount, type Column } from '../metrics/rows.ts'

/** How far two models answer the same requests alike. Without labels it speaks for safety, never for quality. */
export interface Agreement {
  readonly rows: number
  /** Share of equal answers, with Wilson's interval. */
  readonly rate: number
  readonly interval: Interval
  readonly meanAbsoluteDifference: number
  readonly rankCorrelation: number
}

/**
 * Compares the answers of two models to the same requests, in order: answers agree where they differ by the tolerance at
 * most (0 for classes; the same model asked twice agrees within 1e-9). An answer that is missing agrees with nothing.
 */
export function agreement(champion: Column, shadow: Column, tolerance = 1e-9, alpha = 0.05): Agreement {
  const rows = rowCount({ champion, shadow })
  let [equal, answered, distance] = [0, 0, 0]
  for (let i = 0; i < rows; i++) {
    const apart = Math.abs((champion[i] ?? Number.NaN) - (shadow[i] ?? Number.NaN))
    if (apart <= tolerance) equal += 1
    if (Number.isNaN(apart)) continue
    answered += 1
    distance += apart
  }
  return {
    rows,
    rate: equal / rows,
    interval: wilson({ events: equal, trials: rows }, twoSided(alpha)),
    meanAbsoluteDifference: distance / answered,
    rankCorrelation: spearman(champion, shadow),
  }
}
