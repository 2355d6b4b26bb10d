import type { Session } from '../../../../analytics/analytics.ts'
import type { Population } from '../../../populations/population.ts'
import { double, encoded } from './encoding.ts'
import type { ReconstructionModel } from './model.ts'

/** How far rows are from what the components make of them. */
export interface ReconstructionError {
  readonly rows: number
  /** Mean Euclidean norm of what is left of the standardised rows. */
  readonly mean: number
  /** Its sampling error, the standard error of the mean; null of one row. */
  readonly standardError: number | null
  /** By column in the model's order: mean square of what is left of it. */
  readonly columns: readonly number[]
}

/** The error of a population's rows. The session has counted the reference's categories. */
export async function reconstructionError(
  session: Session,
  population: Pick<Population, 'view'>,
  model: ReconstructionModel,
): Promise<ReconstructionError> {
  const { encodings, means, scales, projection } = model
  const standardised = encodings.map(
    (_, i) => `(e${i} - ${double(means[i] ?? 0)}) / ${double(scales[i] ?? 1)} as z${i}`,
  )
  const left = projection.map(
    (row, i) => `${row.map((weight, j) => `${double(weight)} * z${j}`).join(' + ')} as r${i}`,
  )
  const squares = encodings.map((_, i) => `r${i} * r${i}`)
  const { rows } = await session.all(
    `with standardised as (select ${standardised.join(', ')} from (${encoded(population, encodings)})),
       residuals as (select ${left.join(', ')} from standardised),
       errors as (select sqrt(${squares.join(' + ')}) as error, * from residuals)
     select count(*), avg(error), stddev_samp(error) / sqrt(count(*)), ${squares.map((square) => `avg(${square})`).join(', ')}
     from errors`,
  )
  const [count, mean, standardError = null, ...columns] = rows[0] ?? []
  return {
    rows: Number(count),
    mean: Number(mean),
    standardError: standardError === null ? null : Number(standardError),
    columns: columns.map(Number),
  }
}
