import { z } from 'zod'
import { oneOf } from '../../kernel/resources/schema.ts'

/** A share: 0.01 or "1%". */
export const share = z.preprocess((value) => {
  const percent = typeof value === 'string' ? /^\s*([\d.]+)\s*%\s*$/.exec(value) : null
  return percent === null ? value : Number(percent[1]) / 100
}, z.number('expected a number such as 0.01, or a percentage such as 1%').min(0))

const columnName = z.string().min(1)

/** A level of confidence of one-sided bounds. */
export const confidence = share.refine((value) => value >= 0.5 && value < 1, {
  error: 'expected a level of confidence from 0.5 to below 1, such as 0.95',
})

/** What every gate that judges predictions is told of the rows. */
export const rowsParameters = {
  /** A reference to the rows to judge by: `azureml:flights-holdout@latest`. */
  data: z.string().min(1),
  /** The column that has the truth. */
  target: columnName,
  /** Default: what labels and predictions look like. */
  task: oneOf(['binary', 'multiclass', 'regression']).optional(),
  /** The class that is asked about. Default: 1, true or yes if there is one, else the last in order. */
  positive: z.union([z.string(), z.number(), z.boolean()]).optional(),
  /** From which probability on a row is of the positive class. Default: what the model itself predicts. */
  threshold: z.number().min(0).max(1).optional(),
  /** A column of weights. */
  weight: columnName.optional(),
  /** A column that says which rows belong together: a customer, a store. */
  cluster_key: columnName.optional(),
  /** A column of times, for rows that come one after another. */
  time_key: columnName.optional(),
}

/** What a gate without rows of its own takes from the gate beside it. */
export const inheritedRows = Object.keys(rowsParameters)

/** One column, or several whose combinations are meant. */
export const columnOrColumns = z.union([columnName, z.array(columnName).min(1)])

export const listed = (value: string | readonly string[]): readonly string[] =>
  typeof value === 'string' ? [value] : value
