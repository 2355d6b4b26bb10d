import { classCounts, type Confusion } from '../metrics/classification/confusion.ts'
import { cellTotals, type Normalization, type TableMetric } from './classification.ts'

/*
 * How much a metric varies by chance between samples of one kind, as NannyML has it (sampling_error/): the standard
 * deviation that rows have in the reference, over the root of how many rows of the sample count.
 */

/** Rows of the reference that count for a metric, as ones and zeros: how many, and how many ones. */
interface Relevant {
  readonly rows: number
  readonly hits: number
}

const totalOf = ({ cells }: Confusion) => Array.from(cells).reduce((sum, n) => sum + n, 0)
const deviation = (share: number) => Math.sqrt(Math.max(0, share * (1 - share)))

function relevant(table: Confusion, metric: TableMetric, code: number): Relevant {
  const {
    truePositive: tp,
    falsePositive: fp,
    falseNegative: fn,
    trueNegative: tn,
  } = classCounts(table, code)
  switch (metric) {
    case 'accuracy':
      return { rows: tp + fp + fn + tn, hits: tp + tn }
    case 'f1':
      return { rows: tp + fp + fn, hits: tp }
    case 'precision':
      return { rows: tp + fp, hits: tp }
    case 'recall':
      return { rows: tp + fn, hits: tp }
    case 'specificity':
      return { rows: tn + fp, hits: tn }
  }
}

/**
 * Standard error of a metric of a sample of `rows` rows, from the reference's confusion matrix. Of several classes the
 * variances of the classes add up, as if they were independent. NaN where the reference has no row that counts.
 */
export function tableSamplingError(reference: Confusion, metric: TableMetric, rows: number): number {
  const total = totalOf(reference)
  if (metric === 'accuracy' || reference.classes === 2) {
    const hits = Array.from(reference.cells).reduce(
      (sum, n, cell) => sum + (cell % (reference.classes + 1) === 0 ? n : 0),
      0,
    )
    const own = metric === 'accuracy' ? { rows: total, hits } : relevant(reference, metric, 1)
    // F1 is no mean of ones and zeros: it is one of ones that weigh more.
    const weight = metric === 'f1' ? own.rows / (own.hits + (own.rows - own.hits) / 2) : 1
    return (weight * deviation(own.hits / own.rows)) / Math.sqrt((rows * own.rows) / total)
  }
  const variances = Array.from({ length: reference.classes }, (_, code) => {
    const own = relevant(reference, metric, code)
    return deviation(own.hits / own.rows) ** 2 / ((rows * own.rows) / total)
  })
  return Math.sqrt(variances.reduce((sum, variance) => sum + variance, 0)) / reference.classes
}

/** Standard errors of the cells of a confusion matrix of a sample of `rows` rows. */
export function cellSamplingErrors(reference: Confusion, rows: number, by: Normalization): Float64Array {
  const total = totalOf(reference)
  const totals = by === 'none' ? cellTotals(reference, 'all') : cellTotals(reference, by)
  return Float64Array.from(reference.cells, (n, cell) => {
    const own = totals[cell] ?? 0
    const error = deviation(n / own) / Math.sqrt((rows * own) / total)
    return by === 'none' ? error * rows : error
  })
}

/**
 * Standard error of the worth of the predictions of a sample of `rows` rows. (Of two classes NannyML takes NumPy's standard
 * deviation, ddof 0, of more pandas', ddof 1.)
 */
export function businessSamplingError(
  { cells, classes }: Confusion,
  values: ArrayLike<number>,
  rows: number,
  by: 'none' | 'per_prediction',
): number {
  const all = Array.from(cells)
  const total = all.reduce((sum, n) => sum + n, 0)
  const mean = all.reduce((sum, n, cell) => sum + (n / total) * (values[cell] ?? 0), 0)
  const squares = all.reduce((sum, n, cell) => sum + n * ((values[cell] ?? 0) - mean) ** 2, 0)
  const variance = squares / (classes > 2 ? total - 1 : total)
  return (Math.sqrt(variance) * (by === 'none' ? rows : 1)) / Math.sqrt(rows)
}

/** How a score ranks one class of the reference above the others. */
export interface ReferenceRanking {
  readonly positives: number
  readonly negatives: number
  /** Sums of squares of the placements about the area: see `Ranking`. */
  readonly squares: { readonly positives: number; readonly negatives: number }
}

/**
 * Standard error of the area under the ROC curve of a sample of `rows` rows: by the placements of the rarer class alone.
 * Of several classes the variances add up, times 1.2, which NannyML's experiments showed to be missing.
 */
export function areaSamplingError(rankings: readonly ReferenceRanking[], rows: number): number {
  const variances = rankings.map(({ positives, negatives, squares }) => {
    const isRare = positives <= negatives
    const [count, sum] = isRare ? [positives, squares.positives] : [negatives, squares.negatives]
    return sum / count / (rows * (count / (positives + negatives)))
  })
  const [only = Number.NaN] = variances
  if (variances.length === 1) return Math.sqrt(only)
  return (Math.sqrt(variances.reduce((sum, variance) => sum + variance, 0)) / variances.length) * 1.2
}
