import { normalQuantile } from '../probability/normal.ts'

/** Chances of a test to err: to pass what is not so, and to find what is. */
export interface Design {
  readonly alpha?: number
  readonly power?: number
}

/** Rows for a one-sided test of a paired mean: `((z_{1−α} + z_power) sd / margin)²`, sd that of the rows' differences. */
export function rowsForMean(
  deviation: number,
  margin: number,
  { alpha = 0.05, power = 0.8 }: Design = {},
): number {
  return Math.ceil((((normalQuantile(1 - alpha) + normalQuantile(power)) * deviation) / margin) ** 2)
}

/**
 * Rows for a two-sided McNemar test (Connor 1987): `(z_{α/2} √ψ + z_β √(ψ − d²))² / d²`, with ψ the share of rows on which
 * only one model is right and d the difference of their accuracies.
 */
export function rowsForMcNemar(
  discordance: number,
  difference: number,
  { alpha = 0.05, power = 0.8 }: Design = {},
): number {
  const z =
    normalQuantile(1 - alpha / 2) * Math.sqrt(discordance) +
    normalQuantile(power) * Math.sqrt(discordance - difference ** 2)
  return Math.ceil((z / difference) ** 2)
}

/**
 * Variance of an AUC of A from n₁ positives and n₀ negatives (Hanley & McNeil 1982):
 * `[A(1−A) + (n₁−1)(A/(2−A) − A²) + (n₀−1)(2A²/(1+A) − A²)] / (n₁ n₀)`.
 */
export function aucVariance(auc: number, positives: number, negatives: number): number {
  const square = auc ** 2
  return (
    (auc * (1 - auc) +
      (positives - 1) * (auc / (2 - auc) - square) +
      (negatives - 1) * ((2 * square) / (1 + auc) - square)) /
    (positives * negatives)
  )
}

/**
 * Rows for non-inferiority of an AUC within a margin, one-sided: the variance above times 2 (1 − r), r being how both
 * models' AUCs correlate.
 */
export function rowsForAuc(
  {
    auc,
    correlation,
    prevalence,
    margin,
  }: { auc: number; correlation: number; prevalence: number; margin: number },
  { alpha = 0.05, power = 0.8 }: Design = {},
): number {
  const z = normalQuantile(1 - alpha) + normalQuantile(power)
  const isEnough = (n: number) => {
    const variance = aucVariance(auc, n * prevalence, n * (1 - prevalence)) * 2 * (1 - correlation)
    return z * Math.sqrt(variance) <= margin
  }
  let [low, high] = [1, 2]
  while (!isEnough(high)) high *= 2
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    if (isEnough(middle)) high = middle
    else low = middle + 1
  }
  return low
}
