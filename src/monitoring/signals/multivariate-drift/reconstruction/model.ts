import type { Session } from '../../../../analytics/analytics.ts'
import { residualsOf } from '../../../../statistics/decomposition/principal-components.ts'
import type { Population, PopulationColumn } from '../../../populations/population.ts'
import { countCategories, encoded, encodingsOf, type Encoding } from './encoding.ts'

/** What the columns of a reference have to do with one another, and how much of a row is beyond that. */
export interface ReconstructionModel {
  readonly encodings: readonly Encoding[]
  /** Of the encoded columns. */
  readonly means: readonly number[]
  /** Population standard deviations; 1 of a constant column, as `StandardScaler` has it. */
  readonly scales: readonly number[]
  readonly components: number
  readonly explained: number
  /** The components that are left: they tell what the others do not explain of a standardised row. */
  readonly left: readonly (readonly number[])[]
  /** Columns that have no value in the reference. */
  readonly empty: readonly string[]
}

/** DuckDB plans questions of so many aggregates in no time. */
const aggregatesAtOnce = 1500

/**
 * Fits principal components to the reference: missing values become mean or mode, categories their share of the rows,
 * columns are standardised, and the fewest components are taken that explain more than `variance` of it all (NannyML's
 * `DataReconstructionDriftCalculator`). All from sums that DuckDB makes in one pass, so memory does not grow with rows.
 * Leaves the session with the reference's categories counted.
 */
export async function fitModel(
  session: Session,
  reference: Population,
  columns: readonly PopulationColumn[],
  variance: number,
): Promise<ReconstructionModel> {
  const encodings = await encodingsOf(session, reference, columns)
  const known = new Set(encodings.map(({ name }) => name))
  await countCategories(session, reference, encodings)
  const { means, covariance } = await momentsOf(session, encoded(reference, encodings), encodings.length)
  const scales = covariance.map((row, i) => scaleOf(row[i] ?? 0, means[i] ?? 0, reference.rows))
  const standardised = covariance.map((row, i) =>
    row.map((value, j) => value / ((scales[i] ?? 1) * (scales[j] ?? 1))),
  )
  return {
    encodings,
    means,
    scales,
    ...residualsOf(standardised, variance),
    empty: columns.map(({ name }) => name).filter((name) => !known.has(name)),
  }
}

async function momentsOf(session: Session, rows: string, width: number) {
  const ask: { readonly sql: string; readonly take: (value: number) => void }[] = []
  const means = Array.from({ length: width }, () => 0)
  const covariance = Array.from({ length: width }, () => Array.from({ length: width }, () => 0))
  for (let i = 0; i < width; i++) {
    ask.push({ sql: `avg(e${i})`, take: (value) => (means[i] = value) })
    for (let j = i; j < width; j++)
      ask.push({
        sql: `covar_pop(e${i}, e${j})`,
        take: (value) => {
          for (const [row, column] of [
            [i, j],
            [j, i],
          ] as const)
            (covariance[row] ?? [])[column] = value
        },
      })
  }
  for (let from = 0; from < ask.length; from += aggregatesAtOnce) {
    const part = ask.slice(from, from + aggregatesAtOnce)
    const { rows: found } = await session.all(
      `select ${part.map(({ sql }) => sql).join(', ')} from (${rows})`,
    )
    for (const [k, { take }] of part.entries()) take(Number(found[0]?.[k] ?? 0))
  }
  return { means, covariance }
}

/** A column whose variance is no more than the rounding of its mean is constant: scikit-learn's `_is_constant_feature`. */
function scaleOf(variance: number, mean: number, rows: number): number {
  const { EPSILON } = Number
  return variance <= rows * EPSILON * variance + (rows * mean * EPSILON) ** 2 ? 1 : Math.sqrt(variance)
}
