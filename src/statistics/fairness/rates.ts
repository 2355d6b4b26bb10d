import type { Column } from '../metrics/rows.ts'

/** Rows of one group. Of a classification 1 is the favourable class. */
export interface GroupRows {
  readonly labels: Column
  readonly predictions: Column
  readonly weights?: Column
}

export type GroupMetric = (rows: GroupRows) => number

/** Weighted share of the rows for which something holds among those that count; `none` where there are none. */
function share(
  { labels, predictions, weights }: GroupRows,
  counts: (label: number) => boolean,
  holds: (prediction: number) => boolean,
  none: number,
): number {
  let [sum, total] = [0, 0]
  for (let i = 0; i < labels.length; i++) {
    if (!counts(labels[i] ?? Number.NaN)) continue
    const weight = weights?.[i] ?? 1
    total += weight
    if (holds(predictions[i] ?? Number.NaN)) sum += weight
  }
  return total > 0 ? sum / total : none
}

const isPositive = (y: number) => y === 1
const isNegative = (y: number) => y !== 1

/** Share predicted positive; NaN of no rows, which fairlearn refuses. */
export const selectionRate: GroupMetric = (rows) => share(rows, () => true, isPositive, Number.NaN)

/*
 * A rate among no rows is 0, as fairlearn has it (scikit-learn's normalised confusion matrix has 0 there). A gate does not
 * judge such a group: it has too few rows.
 */
export const truePositiveRate: GroupMetric = (rows) => share(rows, isPositive, isPositive, 0)
export const falsePositiveRate: GroupMetric = (rows) => share(rows, isNegative, isPositive, 0)
export const trueNegativeRate: GroupMetric = (rows) => share(rows, isNegative, isNegative, 0)
export const falseNegativeRate: GroupMetric = (rows) => share(rows, isPositive, isNegative, 0)

/** Weighted mean of what is predicted; of a regression too. */
export const meanPrediction: GroupMetric = ({ predictions, weights }) => {
  let [sum, total] = [0, 0]
  for (let i = 0; i < predictions.length; i++) {
    sum += (weights?.[i] ?? 1) * (predictions[i] ?? Number.NaN)
    total += weights?.[i] ?? 1
  }
  return sum / total
}
