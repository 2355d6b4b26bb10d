import { identifier, literal, type Cell, type Session } from '../../../../analytics/analytics.ts'
import type { Population, PopulationColumn } from '../../../populations/population.ts'

/** How a column becomes a number: what stands for a missing value, and for categories how common each is. */
export type Encoding =
  | { readonly name: string; readonly kind: 'numerical'; readonly missing: number }
  | { readonly name: string; readonly kind: 'categorical'; readonly missing: string }

/** The column as a finite number, or null. */
const asNumber = (name: string): string => {
  const value = `try_cast(population.${identifier(name)} as double)`
  return `case when isfinite(${value}) then ${value} end`
}

const asText = (name: string): string => `cast(population.${identifier(name)} as varchar)`

/**
 * What stands for missing values: the mean of numbers, the commonest category (the first in order of several). Columns
 * without any value have no encoding.
 */
export async function encodingsOf(
  session: Session,
  { view }: Pick<Population, 'view'>,
  columns: readonly PopulationColumn[],
): Promise<readonly Encoding[]> {
  const numbers = columns.filter(({ kind }) => kind === 'numerical')
  const means =
    numbers.length === 0
      ? []
      : await one(
          session,
          `select ${numbers.map(({ name }) => `avg(${asNumber(name)})`).join(', ')} from ${view} as population`,
        )
  const encodings: Encoding[] = []
  for (const { name, kind } of columns) {
    if (kind === 'numerical') {
      const mean = means[numbers.findIndex((column) => column.name === name)]
      if (mean !== null) encodings.push({ name, kind, missing: Number(mean) })
      continue
    }
    const [mode = null] = await one(
      session,
      `select ${asText(name)} from ${view} as population where ${asText(name)} is not null
       group by 1 order by count(*) desc, 1 limit 1`,
    )
    if (typeof mode === 'string') encodings.push({ name, kind, missing: mode })
  }
  return encodings
}

const one = async (session: Session, sql: string): Promise<readonly Cell[]> =>
  (await session.all(sql)).rows[0] ?? []

const tableOf = (i: number) => `frequencies_${i}`

/**
 * Makes the session know how common each category is among a population's rows, as a share of all of them, missing values
 * counted as what stands for them.
 */
export async function countCategories(
  session: Session,
  { view }: Pick<Population, 'view'>,
  encodings: readonly Encoding[],
): Promise<void> {
  for (const [i, { name, kind, missing }] of encodings.entries())
    if (kind === 'categorical')
      await session.run(
        `create temp table ${tableOf(i)} as
         select coalesce(${asText(name)}, ${literal(missing)}) as category, count(*) / sum(count(*)) over () as share
         from ${view} as population group by 1`,
      )
}

/** SQL of rows as numbers `e0`, `e1`, …: a category that the reference has not is 0. Needs `countCategories`. */
export function encoded({ view }: Pick<Population, 'view'>, encodings: readonly Encoding[]): string {
  const values = encodings.map(({ name, kind, missing }, i) =>
    kind === 'numerical'
      ? `coalesce(${asNumber(name)}, ${double(missing)}) as e${i}`
      : `coalesce(${tableOf(i)}.share, 0) as e${i}`,
  )
  const joins = encodings.map(({ name, kind, missing }, i) =>
    kind === 'numerical'
      ? ''
      : `left join ${tableOf(i)} on ${tableOf(i)}.category = coalesce(${asText(name)}, ${literal(missing)})`,
  )
  return `select ${values.join(', ')} from ${view} as population ${joins.join(' ')}`
}

/** A number as SQL writes it, to the last bit. */
export const double = (value: number): string => `cast('${value}' as double)`
