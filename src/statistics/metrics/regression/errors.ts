import { quantile } from '../../distributions/quantiles.ts'
import { mean, rowCount, type Column } from '../rows.ts'

export interface Regressed {
  readonly labels: Column
  readonly predictions: Column
  readonly weights?: Column
}

/** A function of true value and prediction, row by row. */
function rowwise(
  { labels, predictions, weights }: Regressed,
  error: (y: number, f: number) => number,
): Float64Array {
  const errors = new Float64Array(rowCount({ labels, predictions, weights }))
  for (let i = 0; i < errors.length; i++)
    errors[i] = error(labels[i] ?? Number.NaN, predictions[i] ?? Number.NaN)
  return errors
}

export const squaredErrors = (rows: Regressed): Float64Array => rowwise(rows, (y, f) => (f - y) ** 2)
export const absoluteErrors = (rows: Regressed): Float64Array => rowwise(rows, (y, f) => Math.abs(f - y))
/** `max(q(y − f), (q − 1)(y − f))` of each row. */
export const pinballLosses = (rows: Regressed, q: number): Float64Array =>
  rowwise(rows, (y, f) => Math.max(q * (y - f), (q - 1) * (y - f)))

/** `mean_squared_error`. */
export const meanSquaredError = (rows: Regressed): number => mean(squaredErrors(rows), rows.weights)
/** `root_mean_squared_error`. */
export const rootMeanSquaredError = (rows: Regressed): number => Math.sqrt(meanSquaredError(rows))
/** `mean_absolute_error`. */
export const meanAbsoluteError = (rows: Regressed): number => mean(absoluteErrors(rows), rows.weights)
/** Mean of prediction less truth: above 0 the model says too much. */
export const bias = (rows: Regressed): number =>
  mean(
    rowwise(rows, (y, f) => f - y),
    rows.weights,
  )
/** `mean_pinball_loss` with `alpha` q. */
export const meanPinballLoss = (rows: Regressed, q: number): number =>
  mean(pinballLosses(rows, q), rows.weights)

/**
 * Mean of `|e| / max(|y|, ε)`, a ratio and no percentage: `mean_absolute_percentage_error`. One true value of 0 makes it
 * enormous: a gate takes `weightedAbsolutePercentageError` there.
 */
export const meanAbsolutePercentageError = (rows: Regressed): number =>
  mean(
    rowwise(rows, (y, f) => Math.abs(f - y) / Math.max(Math.abs(y), Number.EPSILON)),
    rows.weights,
  )

/** `Σ|e| / Σ|y|` (WAPE). NaN where all true values are 0. */
export function weightedAbsolutePercentageError(rows: Regressed): number {
  const size = mean(
    rowwise(rows, (y) => Math.abs(y)),
    rows.weights,
  )
  return size > 0 ? meanAbsoluteError(rows) / size : Number.NaN
}

/** Mean of `2|e| / (|y| + |f|)`, 0 to 2, with 0/0 taken as 0. */
export const symmetricMeanAbsolutePercentageError = (rows: Regressed): number =>
  mean(
    rowwise(rows, (y, f) => (y === f ? 0 : (2 * Math.abs(f - y)) / (Math.abs(y) + Math.abs(f)))),
    rows.weights,
  )

/**
 * Median of |e|: `median_absolute_error`; with weights the mean of the lower and the upper weighted median, as
 * scikit-learn has it since 1.8.
 */
export function medianAbsoluteError(rows: Regressed): number {
  const errors = absoluteErrors(rows)
  return rows.weights === undefined ? quantile(errors, 0.5) : weightedMedian(errors, rows.weights)
}

function weightedMedian(values: Float64Array, weights: Column): number {
  const order = Uint32Array.from(values, (_, i) => i)
    .filter((i) => (weights[i] ?? 0) > 0)
    .sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0))
  const half = order.reduce((sum, i) => sum + (weights[i] ?? 0), 0) / 2
  const tolerance = half * 4 * Number.EPSILON * order.length
  let below = 0
  for (const [at, i] of order.entries()) {
    below += weights[i] ?? 0
    const value = values[i] ?? Number.NaN
    if (Math.abs(below - half) <= tolerance) return (value + (values[order[at + 1] ?? i] ?? value)) / 2
    if (below > half) return value
  }
  return Number.NaN
}

/**
 * Root mean squared error of `ln(1 + y)`: `root_mean_squared_log_error`. NaN with a value of −1 or below, which
 * scikit-learn refuses.
 */
export function rootMeanSquaredLogError(rows: Regressed): number {
  const errors = rowwise(rows, (y, f) =>
    y <= -1 || f <= -1 ? Number.NaN : (Math.log1p(f) - Math.log1p(y)) ** 2,
  )
  return Math.sqrt(mean(errors, rows.weights))
}

/**
 * `1 − SSE / SST`: `r2_score`. A truth that does not vary gives 1 if every prediction is right and 0 otherwise; NaN of
 * fewer than two rows.
 */
export function r2Score(rows: Regressed): number {
  if (rowCount({ labels: rows.labels, predictions: rows.predictions }) < 2) return Number.NaN
  return explained(meanSquaredError(rows), variance(rows.labels, rows.weights))
}

/** `1 − Var(e) / Var(y)`: `explained_variance_score`, which forgives a constant bias. */
export function explainedVariance(rows: Regressed): number {
  const errors = rowwise(rows, (y, f) => y - f)
  return explained(variance(errors, rows.weights), variance(rows.labels, rows.weights))
}

const explained = (left: number, total: number) => (total > 0 ? 1 - left / total : left === 0 ? 1 : 0)

function variance(values: Column, weights?: Column): number {
  const centre = mean(values, weights)
  return mean(
    Float64Array.from(values, (value) => (value - centre) ** 2),
    weights,
  )
}
