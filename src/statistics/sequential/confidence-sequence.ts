/** Count, mean and standard deviation of what was seen so far. */
export interface Moments {
  readonly count: number
  readonly mean: number
  readonly deviation: number
}

/** Before so many the sequence is not told: it is asymptotic. */
export const burnIn = 100

export interface SequenceOptions {
  readonly alpha?: number
  /** The count at which the sequence is to be narrowest: about how much data is expected. */
  readonly optimum?: number
}

/**
 * How far to each side of the mean an interval reaches that covers it at all counts together (Waudby-Smith et al. 2024,
 * asymptotic confidence sequences): `s √(2(t r² + 1)/(t² r²) · ln(√(t r² + 1)/α))`. Infinite before the burn-in.
 */
export function sequenceHalfWidth(
  { count: t, deviation }: Omit<Moments, 'mean'>,
  { alpha = 0.05, optimum = 1000 }: SequenceOptions = {},
): number {
  if (t < burnIn) return Infinity
  const grown = t * tuning(alpha, optimum) + 1
  return deviation * Math.sqrt(((2 * grown) / (t * (grown - 1))) * Math.log(Math.sqrt(grown) / alpha))
}

/** The same of a bound on one side only: `ln(1 + √(t r² + 1)/(2α))`, tuned for 2α. */
export function oneSidedHalfWidth(
  { count: t, deviation }: Omit<Moments, 'mean'>,
  { alpha = 0.05, optimum = 1000 }: SequenceOptions = {},
): number {
  if (t < burnIn) return Infinity
  const grown = t * tuning(2 * alpha, optimum) + 1
  return deviation * Math.sqrt(((2 * grown) / (t * (grown - 1))) * Math.log1p(Math.sqrt(grown) / (2 * alpha)))
}

/** r² that makes the sequence narrowest at a count: `(−2 ln α + ln(1 − 2 ln α)) / t`. */
const tuning = (alpha: number, optimum: number) =>
  (-2 * Math.log(alpha) + Math.log(1 - 2 * Math.log(alpha))) / optimum
