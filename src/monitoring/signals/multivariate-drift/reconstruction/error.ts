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
}

/** The error of a population's rows. The session has counted the reference's categories. */
export async function reconstructionError(
  session: Session,
  population: Pick<Population, 'view'>,
  model: ReconstructionModel,
): Promise<ReconstructionError> {
  const squares = model.left.map((_, i) => `t${i} * t${i}`)
  const { rows } = await session.all(
    `with ${productsSql(population, model)},
       errors as (select sqrt(${squares.join(' + ')}) as error from products)
     select count(*), avg(error), stddev_samp(error) / sqrt(count(*)) from errors`,
  )
  const [count, mean, standardError = null] = rows[0] ?? []
  return {
    rows: Number(count),
    mean: Number(mean),
    standardError: standardError === null ? null : Number(standardError),
  }
}

/** Where errors come from is seen on so many rows as well as on all. */
const mostRows = 100_000

/**
 * By column in the model's order: mean square of what is left of it. Of more than 100,000 rows of about as many, which are
 * the same ones for the same rows.
 */
export async function columnResiduals(
  session: Session,
  population: Pick<Population, 'view' | 'rows'>,
  model: ReconstructionModel,
): Promise<readonly number[]> {
  const { encodings, left } = model
  const every = Math.ceil(population.rows / mostRows)
  const drawn = every > 1 ? `where hash(${encodings.map((_, i) => `e${i}`).join(', ')}) % ${every} = 0` : ''
  const residuals = encodings.map((_, j) => sumOf(left.map((vector, i) => [vector[j] ?? 0, `t${i}`])))
  const { rows } = await session.all(
    `with ${productsSql(population, model, drawn)}
     select ${residuals.map((residual) => `avg((${residual}) ** 2)`).join(', ')} from products`,
  )
  return (rows[0] ?? []).map(Number)
}

/** SQL of tables, the last of which has rows' products with the components that are left: `t0`, `t1`, … */
function productsSql(population: Pick<Population, 'view'>, model: ReconstructionModel, where = ''): string {
  const { encodings, means, scales, left } = model
  const standardised = encodings.map(
    (_, i) => `(e${i} - ${double(means[i] ?? 0)}) / ${double(scales[i] ?? 1)} as z${i}`,
  )
  const products = left.map((vector, i) => `${sumOf(vector.map((weight, j) => [weight, `z${j}`]))} as t${i}`)
  return `encoded as (${encoded(population, encodings)}),
    standardised as (select ${standardised.join(', ')} from encoded ${where}),
    products as (select ${products.join(', ')} from standardised)`
}

const sumOf = (terms: readonly (readonly [weight: number, column: string])[]): string =>
  terms.map(([weight, column]) => `${double(weight)} * ${column}`).join(' + ')
