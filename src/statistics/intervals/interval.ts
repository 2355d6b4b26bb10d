import { normalQuantile } from '../probability/normal.ts'

/** Ends of an interval. An end that cannot be told is infinite; of an interval that cannot be told both are NaN. */
export interface Interval {
  readonly lower: number
  readonly upper: number
}

/** How many standard errors a two-sided interval that errs with chance alpha reaches to each side. */
export const twoSided = (alpha: number): number => -normalQuantile(alpha / 2)

/** Estimate ± z standard errors. */
export const around = (estimate: number, standardError: number, z: number): Interval => ({
  lower: estimate - z * standardError,
  upper: estimate + z * standardError,
})
