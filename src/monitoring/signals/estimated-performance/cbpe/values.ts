import {
  businessValue,
  cellTotals,
  tableMetrics,
  tableValues,
} from '../../../../statistics/estimation/classification.ts'
import {
  areaSamplingError,
  businessSamplingError,
  cellSamplingErrors,
  tableSamplingError,
} from '../../../../statistics/estimation/sampling-error.ts'
import { averagePrecisionInterval } from '../../../../statistics/intervals/average-precision.ts'
import type { Confusion } from '../../../../statistics/metrics/classification/confusion.ts'
import type { EstimationParameters } from '../parameters.ts'
import type { ExpectedOutcomes } from './estimate.ts'
import type { Realized } from './fit.ts'

/** An estimated metric with its band: three standard errors to each side, within what the metric can be. */
export interface Estimated {
  readonly value: number
  readonly lower: number
  readonly upper: number
  readonly n: number
}

/** NannyML's `SAMPLING_ERROR_RANGE`. */
const band = 3

const none = { lower: Number.NaN, upper: Number.NaN } as const

/** Cells of a matrix of two classes, by their names. */
const cellNames = ['true_negative', 'false_positive', 'false_negative', 'true_positive'] as const

/** Estimates of rows without labels, with bands from what the reference tells of how much each varies. */
export function estimatedValues(
  { rows, predicted, table, areas }: ExpectedOutcomes,
  reference: Realized | undefined,
  parameters: EstimationParameters,
): ReadonlyMap<string, Estimated> {
  const within = (value: number, error: number, least: number, most: number, n: number): Estimated => ({
    value,
    n,
    ...(Number.isNaN(error)
      ? none
      : { lower: Math.max(least, value - band * error), upper: Math.min(most, value + band * error) }),
  })
  const found = new Map<string, Estimated>()
  const mean = (of: (area: (typeof areas)[number]) => number) =>
    areas.reduce((sum, area) => sum + of(area), 0) / areas.length
  const areaError = reference === undefined ? Number.NaN : areaSamplingError(reference.rankings, rows)
  found.set(
    'roc_auc',
    within(
      mean(({ roc }) => roc),
      areaError,
      0,
      1,
      rows,
    ),
  )
  const precision = mean(({ precisionRecall }) => precisionRecall)
  const positives = (rows * sumOfTruth(table)) / Math.max(1, predicted)
  found.set('average_precision', {
    value: precision,
    n: rows,
    ...(areas.length === 1 ? averagePrecisionInterval(precision, positives, band) : none),
  })
  const values = tableValues(table)
  for (const metric of tableMetrics) {
    const error =
      reference === undefined ? Number.NaN : tableSamplingError(reference.table, metric, predicted)
    found.set(metric, within(predicted === 0 ? Number.NaN : values[metric], error, 0, 1, predicted))
  }
  for (const [name, own] of cellsOf(table, reference?.table, predicted, parameters)) found.set(name, own)
  const matrix = businessMatrix(parameters)
  if (matrix !== undefined && predicted > 0) {
    const by = parameters.normalize_business_value
    const error =
      reference === undefined ? Number.NaN : businessSamplingError(reference.table, matrix, predicted, by)
    found.set(
      'business_value',
      within(businessValue(table, matrix, by), error, -Infinity, Infinity, predicted),
    )
  }
  return found
}

/** Expected positives among the rows with a prediction. */
const sumOfTruth = ({ classes, cells }: Confusion) =>
  Array.from(cells).reduce((sum, n, cell) => sum + (Math.floor(cell / classes) === 1 ? n : 0), 0)

/** Four cells of two classes; of more the matrix stands in the details alone. */
function cellsOf(
  table: Confusion,
  reference: Confusion | undefined,
  predicted: number,
  { normalize_confusion_matrix: by }: EstimationParameters,
): readonly (readonly [string, Estimated])[] {
  if (table.classes !== 2 || predicted === 0) return []
  const totals = cellTotals(table, by)
  const errors = reference === undefined ? undefined : cellSamplingErrors(reference, predicted, by)
  return cellNames.map((name, cell) => {
    const value = (table.cells[cell] ?? 0) / (totals[cell] ?? 0)
    const error = errors?.[cell] ?? Number.NaN
    const most = by === 'none' ? Infinity : 1
    const bounds = Number.isNaN(error)
      ? none
      : { lower: Math.max(0, value - band * error), upper: Math.min(most, value + band * error) }
    return [name, { value, n: predicted, ...bounds }]
  })
}

const businessMatrix = ({ business_value_matrix: matrix }: EstimationParameters) => matrix?.flat()

/** What the same metrics really were on labelled rows; NaN where labels or predictions are of one class only. */
export function realizedValues(
  { table, rankings }: Realized,
  parameters: EstimationParameters,
): ReadonlyMap<string, number> {
  const { classes, cells } = table
  const sums = (of: (cell: number) => number) =>
    Array.from({ length: classes }, (_, code) =>
      Array.from(cells).reduce((sum, n, cell) => sum + (of(cell) === code ? n : 0), 0),
    )
  const present = (counts: readonly number[]) => counts.filter((count) => count > 0).length
  const truths = present(sums((cell) => Math.floor(cell / classes)))
  const isVaried = truths > 1 && present(sums((cell) => cell % classes)) > 1
  const isWhole = rankings.length > 0 && rankings.every((own) => own.positives > 0 && own.negatives > 0)
  const mean = (of: (ranking: (typeof rankings)[number]) => number) =>
    isWhole ? rankings.reduce((sum, own) => sum + of(own), 0) / rankings.length : Number.NaN
  const found = new Map<string, number>([
    ['roc_auc', mean(({ auc }) => auc)],
    ['average_precision', mean(({ averagePrecision }) => averagePrecision)],
  ])
  const values = tableValues(table)
  for (const metric of tableMetrics) found.set(metric, isVaried ? values[metric] : Number.NaN)
  const by = parameters.normalize_confusion_matrix
  const totals = cellTotals(table, by)
  if (classes === 2)
    for (const [cell, name] of cellNames.entries())
      found.set(name, isVaried ? (cells[cell] ?? 0) / (totals[cell] ?? 0) : Number.NaN)
  const matrix = businessMatrix(parameters)
  if (matrix !== undefined)
    found.set('business_value', businessValue(table, matrix, parameters.normalize_business_value))
  return found
}
