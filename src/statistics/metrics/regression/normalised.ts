import type { Column } from '../rows.ts'
import {
  meanAbsoluteError,
  medianAbsoluteError,
  rootMeanSquaredError,
  rootMeanSquaredLogError,
  type Regressed,
} from './errors.ts'

/*
 * Azure's automated ML divides errors by the range of the true values (max − min), so that models of targets of
 * different size compare. NaN where the truth does not vary.
 */

const range = (values: Column) => {
  let [low, high] = [Infinity, -Infinity]
  for (let i = 0; i < values.length; i++) {
    low = Math.min(low, values[i] ?? Number.NaN)
    high = Math.max(high, values[i] ?? Number.NaN)
  }
  return { low, high }
}

const over = (error: number, width: number) => (width > 0 ? error / width : Number.NaN)

function perRange(metric: (rows: Regressed) => number): (rows: Regressed) => number {
  return (rows) => {
    const { low, high } = range(rows.labels)
    return over(metric(rows), high - low)
  }
}

/** Azure's `normalized_root_mean_squared_error`. */
export const normalisedRootMeanSquaredError = perRange(rootMeanSquaredError)
/** Azure's `normalized_mean_absolute_error`. */
export const normalisedMeanAbsoluteError = perRange(meanAbsoluteError)
/** Azure's `normalized_median_absolute_error`. */
export const normalisedMedianAbsoluteError = perRange(medianAbsoluteError)

/** Azure's `normalized_root_mean_squared_log_error`: over the range of `ln(1 + y)`. */
export function normalisedRootMeanSquaredLogError(rows: Regressed): number {
  const { low, high } = range(rows.labels)
  return over(rootMeanSquaredLogError(rows), Math.log1p(high) - Math.log1p(low))
}
