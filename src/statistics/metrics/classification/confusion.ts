import { rowCount, type Column } from '../rows.ts'

/**
 * Counts (or sums of weights) of rows by true and predicted class: `cells[true * classes + predicted]`. Classes are
 * codes 0, 1, …; of two classes, 1 is the positive one.
 */
export interface Confusion {
  readonly classes: number
  readonly cells: ArrayLike<number>
}

export interface Predicted {
  /** Codes of the true classes. */
  readonly labels: Column
  /** Codes of the predicted classes. */
  readonly predictions: Column
  readonly weights?: Column
}

/**
 * `sklearn.metrics.confusion_matrix`. Rows with a code outside `classes` throw a RangeError. Without `classes` there are
 * as many as the highest code asks for, two at least.
 */
export function confusion({ labels, predictions, weights }: Predicted, classes?: number): Confusion {
  const rows = rowCount({ labels, predictions, weights })
  const width = classes ?? Math.max(2, classCount(labels), classCount(predictions))
  const cells = new Float64Array(width * width)
  for (let i = 0; i < rows; i++) {
    const [label, prediction] = [labels[i] ?? -1, predictions[i] ?? -1]
    if (!(isClass(label, width) && isClass(prediction, width)))
      throw new RangeError(`Row ${i}: ${label} and ${prediction} are to be classes 0 to ${width - 1}.`)
    const cell = label * width + prediction
    cells[cell] = (cells[cell] ?? 0) + (weights === undefined ? 1 : (weights[i] ?? 0))
  }
  return { classes: width, cells }
}

const isClass = (code: number, classes: number) => Number.isInteger(code) && code >= 0 && code < classes

/** The highest code of a column and one; 0 of an empty one. */
export function classCount(codes: Column): number {
  let highest = -1
  for (let i = 0; i < codes.length; i++) highest = Math.max(highest, codes[i] ?? -1)
  return highest + 1
}

/** What of one class was found, missed and taken for it, with the rows in which it occurs at all. */
export interface ClassCounts {
  readonly truePositive: number
  readonly falsePositive: number
  readonly falseNegative: number
  readonly trueNegative: number
}

export function classCounts({ classes, cells }: Confusion, of: number): ClassCounts {
  let [row, column, all] = [0, 0, 0]
  for (let i = 0; i < classes; i++) {
    row += cells[of * classes + i] ?? 0
    column += cells[i * classes + of] ?? 0
    for (let j = 0; j < classes; j++) all += cells[i * classes + j] ?? 0
  }
  const truePositive = cells[of * classes + of] ?? 0
  return {
    truePositive,
    falsePositive: column - truePositive,
    falseNegative: row - truePositive,
    trueNegative: all - row - column + truePositive,
  }
}

/** Sums over a confusion matrix that its measures are made of. */
interface Margins {
  readonly total: number
  readonly correct: number
  readonly truth: Float64Array
  readonly predicted: Float64Array
}

function margins({ classes, cells }: Confusion): Margins {
  const [truth, predicted] = [new Float64Array(classes), new Float64Array(classes)]
  let [total, correct] = [0, 0]
  for (let i = 0; i < classes; i++)
    for (let j = 0; j < classes; j++) {
      const count = cells[i * classes + j] ?? 0
      total += count
      if (i === j) correct += count
      truth[i] = (truth[i] ?? 0) + count
      predicted[j] = (predicted[j] ?? 0) + count
    }
  return { total, correct, truth, predicted }
}

/** Share of the rows predicted right: `accuracy_score`. NaN of no rows, which scikit-learn refuses. */
export function accuracy(table: Confusion): number {
  const { total, correct } = margins(table)
  return total > 0 ? correct / total : Number.NaN
}

/**
 * Mean recall over the classes that occur: `balanced_accuracy_score`. `adjusted` sets chance to 0 and keeps 1: Azure's
 * `norm_macro_recall`.
 */
export function balancedAccuracy(table: Confusion, { adjusted = false } = {}): number {
  const { truth } = margins(table)
  let [sum, present] = [0, 0]
  for (let i = 0; i < table.classes; i++) {
    const support = truth[i] ?? 0
    if (support === 0) continue
    present += 1
    sum += (table.cells[i * table.classes + i] ?? 0) / support
  }
  const score = present === 0 ? Number.NaN : sum / present
  return adjusted ? (score - 1 / present) / (1 - 1 / present) : score
}

/**
 * Matthews' correlation of the true and the predicted class, for any number of classes (Gorodkin 2004):
 * `matthews_corrcoef`. 0 where one of the two does not vary, as scikit-learn has it.
 */
export function matthews(table: Confusion): number {
  const { total, correct, truth, predicted } = margins(table)
  if (total === 0) return Number.NaN
  const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, x, i) => sum + x * (b[i] ?? 0), 0)
  const spread = (total ** 2 - dot(truth, truth)) * (total ** 2 - dot(predicted, predicted))
  return spread > 0 ? (correct * total - dot(truth, predicted)) / Math.sqrt(spread) : 0
}

/** Cohen's kappa `(p_o − p_e) / (1 − p_e)`: `cohen_kappa_score`. NaN where agreement by chance is sure. */
export function cohenKappa(table: Confusion): number {
  const { total, correct, truth, predicted } = margins(table)
  const chance = truth.reduce((sum, n, i) => sum + n * (predicted[i] ?? 0), 0) / total ** 2
  return chance === 1 ? Number.NaN : (correct / total - chance) / (1 - chance)
}
