import { around, type Interval } from './interval.ts'

/**
 * Interval of an average precision on the logit scale with the standard error `1 / √(P θ (1 − θ))`, P being the number of
 * positive rows (Boyd, Eng & Page 2013, "logit interval"). NaN of exactly 0 or 1.
 */
export function averagePrecisionInterval(value: number, positives: number, z: number): Interval {
  if (!(value > 0 && value < 1)) return { lower: Number.NaN, upper: Number.NaN }
  const { lower, upper } = around(
    Math.log(value / (1 - value)),
    1 / Math.sqrt(positives * value * (1 - value)),
    z,
  )
  return { lower: 1 / (1 + Math.exp(-lower)), upper: 1 / (1 + Math.exp(-upper)) }
}
