import { chiSquaredTail } from '../hypothesis/chi-squared.ts'
import { kolmogorovTail } from '../hypothesis/kolmogorov-smirnov.ts'

/*
 * What a distance shows by chance between two samples of one distribution. With c = 1/n_ref + 1/n_cur over B bins, the
 * population stability index is about c χ²_{B−1}, for it is a symmetrised Pearson statistic (Yurdakul 2018); small windows
 * look drifted for that alone.
 */

/** Sizes of the two samples that are compared. */
export interface Sizes {
  readonly reference: number
  readonly current: number
}

const inverseSize = ({ reference, current }: Sizes) => 1 / reference + 1 / current

/** The population stability index that undrifted windows exceed with chance p. */
export const psiNull = (sizes: Sizes, bins: number, p = 0.001): number =>
  inverseSize(sizes) * chiSquaredUpper(p, bins - 1)

/** The mean of undrifted windows' population stability index: `(B − 1) c`. */
export const psiNullMean = (sizes: Sizes, bins: number): number => (bins - 1) * inverseSize(sizes)

/** The same of the Jensen–Shannon distance, base 2: the root of an eighth of it over ln 2. */
export const jensenShannonNull = (sizes: Sizes, bins: number, p = 0.001): number =>
  Math.sqrt(psiNull(sizes, bins, p) / (8 * Math.LN2))

/** Kolmogorov and Smirnov's statistic that undrifted windows exceed with chance p, of large samples. */
export function kolmogorovSmirnovNull(sizes: Sizes, p = 0.001): number {
  return Math.sqrt(inverseSize(sizes)) * upperPoint((x) => kolmogorovTail(x), p)
}

/**
 * A bound of the total variation that undrifted windows of so many values exceed with chance p: by Cauchy and Schwarz
 * `½ Σ |Δᵢ| ≤ ½ √(Σ Δᵢ² / pᵢ)`, whose square is about a quarter of c χ²_{B−1}. Two values that are alike reach it; of
 * many, unequal ones it is generous.
 */
export const totalVariationNull = (sizes: Sizes, values: number, p = 0.001): number =>
  values < 2 ? 0 : Math.min(1, 0.5 * Math.sqrt(inverseSize(sizes) * chiSquaredUpper(p, values - 1)))

/** Wasserstein's distance over the standard deviation: its mean of undrifted normal windows is `1.288 √c`. */
export const wassersteinNullMean = (sizes: Sizes): number => 1.288 * Math.sqrt(inverseSize(sizes))

/** The value that a chi-squared variable exceeds with chance p: `scipy.stats.chi2.isf`. */
export const chiSquaredUpper = (p: number, degrees: number): number =>
  upperPoint((x) => chiSquaredTail(x, degrees), p)

/** Where a falling tail is p, by bisection. */
function upperPoint(tail: (x: number) => number, p: number): number {
  let [low, high] = [0, 1]
  while (tail(high) > p) high *= 2
  for (let i = 0; i < 80; i++) {
    const middle = (low + high) / 2
    if (tail(middle) > p) low = middle
    else high = middle
  }
  return (low + high) / 2
}
