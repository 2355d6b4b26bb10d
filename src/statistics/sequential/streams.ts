/**
 * One-sided cumulative sum of standardised values (Page 1954): `S = max(0, S + z − k)`, an alarm where S exceeds `limit`. k
 * is half the shift to be found, in standard deviations. Limits 4, 5, 6 and 8 give a false alarm every 335, 931, 2553
 * and 18,962 values of an independent stream; autocorrelated ones are to be whitened first.
 */
export const cusum = (sum: number, z: number, { k = 0.5 } = {}): number => Math.max(0, sum + z - k)

/** State of Page and Hinkley's test of a rising mean. */
export interface PageHinkley {
  readonly count: number
  readonly mean: number
  /** `Σ (x − mean so far − δ)`. */
  readonly sum: number
  readonly least: number
}

export const pageHinkleyStart: PageHinkley = { count: 0, mean: 0, sum: 0, least: 0 }

/** One value more; an alarm is where `sum − least` exceeds λ. */
export function pageHinkley(state: PageHinkley, x: number, { delta = 0.005 } = {}): PageHinkley {
  const count = state.count + 1
  const mean = state.mean + (x - state.mean) / count
  const sum = state.sum + x - mean - delta
  return { count, mean, sum, least: Math.min(state.least, sum) }
}

/** Two neighbouring parts of a window. */
export interface Parts {
  readonly before: { readonly count: number; readonly mean: number }
  readonly after: { readonly count: number; readonly mean: number }
  /** Variance of the whole window. */
  readonly variance: number
}

/**
 * Whether ADWIN cuts a window in two (Bifet & Gavaldà 2007): the means differ by more than
 * `√(2/m · σ² ln(2/δ′)) + 2/(3m) ln(2/δ′)`, with 1/m = 1/n₀ + 1/n₁ and δ′ = δ/ln n. Values are to lie in [0, 1].
 */
export function adwinCuts({ before, after, variance }: Parts, delta = 0.002): boolean {
  const m = 1 / (1 / before.count + 1 / after.count)
  const log = Math.log((2 * Math.log(before.count + after.count)) / delta)
  return Math.abs(before.mean - after.mean) > Math.sqrt((2 / m) * variance * log) + (2 / (3 * m)) * log
}
