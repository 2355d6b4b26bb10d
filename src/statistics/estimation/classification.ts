import {
  accuracy,
  classCounts,
  type ClassCounts,
  type Confusion,
} from '../metrics/classification/confusion.ts'

/** Metrics of a confusion matrix that performance estimation knows, its names as NannyML has them. */
export const tableMetrics = ['accuracy', 'f1', 'precision', 'recall', 'specificity'] as const
export type TableMetric = (typeof tableMetrics)[number]

const over = (a: number, b: number) => (b === 0 ? 0 : a / b)

const shares: Readonly<Record<Exclude<TableMetric, 'accuracy'>, (counts: ClassCounts) => number>> = {
  f1: ({ truePositive: tp, falsePositive: fp, falseNegative: fn }) => over(tp, tp + (fp + fn) / 2),
  precision: ({ truePositive: tp, falsePositive: fp }) => over(tp, tp + fp),
  recall: ({ truePositive: tp, falseNegative: fn }) => over(tp, tp + fn),
  specificity: ({ trueNegative: tn, falsePositive: fp }) => over(tn, tn + fp),
}

/**
 * Metrics of a confusion matrix of counts, or of sums of probabilities (what is expected of it): of two classes those of
 * class 1, of more the mean over all of them, 0/0 being 0. So NannyML's CBPE estimates them, and scikit-learn finds them.
 */
export function tableValues(table: Confusion): Readonly<Record<TableMetric, number>> {
  const classes = table.classes === 2 ? [1] : Array.from({ length: table.classes }, (_, code) => code)
  const counts = classes.map((code) => classCounts(table, code))
  const mean = (of: (counts: ClassCounts) => number) =>
    counts.reduce((sum, own) => sum + of(own), 0) / counts.length
  return {
    accuracy: accuracy(table),
    f1: mean(shares.f1),
    precision: mean(shares.precision),
    recall: mean(shares.recall),
    specificity: mean(shares.specificity),
  }
}

/** How the cells of a confusion matrix are told: counts, shares of all rows, of the rows of a truth, of those of a prediction. */
export type Normalization = 'none' | 'all' | 'true' | 'pred'

/** What each cell is divided by; 1 of counts. */
export function cellTotals({ classes, cells }: Confusion, by: Normalization): Float64Array {
  const sum = (keep: (cell: number) => boolean) =>
    Array.from(cells).reduce((total, value, cell) => total + (keep(cell) ? value : 0), 0)
  const truth = (cell: number) => Math.floor(cell / classes)
  return Float64Array.from({ length: classes * classes }, (_, own) => {
    if (by === 'none') return 1
    if (by === 'all') return sum(() => true)
    return by === 'true'
      ? sum((cell) => truth(cell) === truth(own))
      : sum((cell) => cell % classes === own % classes)
  })
}

/** Worth of predictions: `values[truth * classes + prediction]` of each, together or per prediction of each class. */
export function businessValue(
  table: Confusion,
  values: ArrayLike<number>,
  by: 'none' | 'per_prediction',
): number {
  const totals = cellTotals(table, by === 'none' ? 'none' : 'pred')
  return Array.from(table.cells).reduce(
    (sum, n, cell) => sum + over(n, totals[cell] ?? 0) * (values[cell] ?? 0),
    0,
  )
}
