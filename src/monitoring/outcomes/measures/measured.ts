import type { Interval } from '../../../statistics/intervals/interval.ts'
import type { Segment } from '../segments.ts'

/** A metric of some rows: NaN where it is not defined on them, and then `note` says why. */
export interface Measured extends Interval {
  readonly value: number
  /** Rows that it was computed from. */
  readonly n: number
  /** How its interval came about. */
  readonly method?: string
  readonly note?: string
}

/** What was measured of a segment, or of all rows. */
export interface MeasuredSegment {
  readonly segment: Segment | undefined
  readonly metrics: ReadonlyMap<string, Measured>
}

/** How the classes' values of precision, recall and F1 become one; `binary` is that of the positive class. */
export type Averaged = 'binary' | 'macro' | 'micro' | 'weighted'

export interface Measuring {
  readonly average: Averaged
  readonly confidence: number
  readonly seed: number
}

export const unknown = { lower: Number.NaN, upper: Number.NaN } as const

export const undefinedOn = (n: number, note: string): Measured => ({ value: Number.NaN, ...unknown, n, note })
