import { classCounts, type ClassCounts, type Confusion } from './confusion.ts'

/**
 * How the classes' values become one: `binary` is that of class 1; `macro` the mean over the classes that occur among
 * labels or predictions; `weighted` weights them by how often they are true; `micro` counts all together.
 */
export type Average = 'binary' | 'macro' | 'micro' | 'weighted'

export interface Averaging {
  readonly average?: Average
  /** What 0/0 is, as scikit-learn's `zero_division`. NaN leaves the class out of the mean. */
  readonly zeroDivision?: number
}

/** tp / (tp + fp): `precision_score`. */
export const precision = (table: Confusion, averaging: Averaging = {}): number =>
  averaged(table, averaging, (counts) => [counts.truePositive, counts.truePositive + counts.falsePositive])

/** tp / (tp + fn), also sensitivity and true positive rate: `recall_score`. */
export const recall = (table: Confusion, averaging: Averaging = {}): number =>
  averaged(table, averaging, (counts) => [counts.truePositive, counts.truePositive + counts.falseNegative])

/** (1 + β²) tp / ((1 + β²) tp + β² fn + fp): `fbeta_score`; with β = 1 `f1_score`. 0/0 only where there are neither. */
export function fScore(table: Confusion, averaging: Averaging = {}, beta = 1): number {
  const square = beta ** 2
  return averaged(table, averaging, ({ truePositive, falsePositive, falseNegative }) => {
    const hits = (1 + square) * truePositive
    return [hits, hits + square * falseNegative + falsePositive]
  })
}

type Fraction = (counts: ClassCounts) => readonly [numerator: number, denominator: number]

function averaged(
  table: Confusion,
  { average = 'binary', zeroDivision = 0 }: Averaging,
  of: Fraction,
): number {
  const value = (counts: ClassCounts) => {
    const [numerator, denominator] = of(counts)
    return denominator > 0 ? numerator / denominator : zeroDivision
  }
  if (average === 'binary') return value(classCounts(table, 1))
  const every = Array.from({ length: table.classes }, (_, i) => classCounts(table, i))
  if (average === 'micro') return value(every.reduce(together))
  let [sum, total] = [0, 0]
  for (const counts of every) {
    const support = counts.truePositive + counts.falseNegative
    if (support + counts.falsePositive === 0) continue
    const own = value(counts)
    const weight = average === 'macro' ? 1 : support
    if (Number.isNaN(own)) continue
    sum += weight * own
    total += weight
  }
  return total > 0 ? sum / total : zeroDivision
}

const together = (a: ClassCounts, b: ClassCounts): ClassCounts => ({
  truePositive: a.truePositive + b.truePositive,
  falsePositive: a.falsePositive + b.falsePositive,
  falseNegative: a.falseNegative + b.falseNegative,
  trueNegative: a.trueNegative + b.trueNegative,
})

/** fp / (fp + tn) of class 1, NaN where there are no negatives. */
export function falsePositiveRate(table: Confusion): number {
  const { falsePositive, trueNegative } = classCounts(table, 1)
  return falsePositive / (falsePositive + trueNegative)
}
