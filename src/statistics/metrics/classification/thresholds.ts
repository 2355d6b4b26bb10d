import { classCounts, type Confusion } from './confusion.ts'

/** What a mistake of each kind costs, in any one unit. */
export interface Costs {
  readonly falsePositive: number
  readonly falseNegative: number
}

/** The threshold that costs least if probabilities are calibrated: `c_FP / (c_FP + c_FN)` (Elkan 2001). */
export const costOptimalThreshold = ({ falsePositive, falseNegative }: Costs): number =>
  falsePositive / (falsePositive + falseNegative)

/** Mean cost of a row: `(c_FP·FP + c_FN·FN) / n`, with class 1 positive. */
export function costPerRow(table: Confusion, costs: Costs): number {
  const { truePositive, falsePositive, falseNegative, trueNegative } = classCounts(table, 1)
  const n = truePositive + falsePositive + falseNegative + trueNegative
  return (costs.falsePositive * falsePositive + costs.falseNegative * falseNegative) / n
}

/** That cost over the cost of the better of "always" and "never": below 1 the model is worth having. */
export function relativeCost(table: Confusion, costs: Costs): number {
  const { truePositive, falsePositive, falseNegative, trueNegative } = classCounts(table, 1)
  const n = truePositive + falsePositive + falseNegative + trueNegative
  const prevalence = (truePositive + falseNegative) / n
  return (
    costPerRow(table, costs) /
    Math.min(prevalence * costs.falseNegative, (1 - prevalence) * costs.falsePositive)
  )
}

/** Net benefit of deciding at a threshold t (Vickers & Elkin 2006): `TP/n − FP/n · t/(1 − t)`. */
export function netBenefit(table: Confusion, threshold: number): number {
  const { truePositive, falsePositive, falseNegative, trueNegative } = classCounts(table, 1)
  const n = truePositive + falsePositive + falseNegative + trueNegative
  return truePositive / n - ((falsePositive / n) * threshold) / (1 - threshold)
}

/** Codes 1 where the score is the threshold or above, else 0. */
export const decide = (scores: ArrayLike<number>, threshold: number): Uint8Array =>
  Uint8Array.from(scores, (score) => Number(score >= threshold))
