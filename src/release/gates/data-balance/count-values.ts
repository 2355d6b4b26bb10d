import { identifier, type Session } from '../../../analytics/analytics.ts'
import { errors } from '../../../kernel/errors.ts'
import type { ValueCounts } from '../../../statistics/fairness/balance.ts'
import { classesOf } from '../../evaluation/rows/classes.ts'

/** More values than this are not looked at one by one. */
export const mostValues = 50

/** Values of a column, or combinations of several, with how often each comes and how often with the favourable label. */
export interface Counted {
  readonly name: string
  readonly values: readonly ValueCounts[]
}

/** The favourable label of a column. Throws a validation error if it is none of its values, or there is one value only. */
export async function favourableLabel(
  session: Session,
  target: string,
  positive: string | number | boolean | undefined,
): Promise<string> {
  const { rows } = await session.all(
    `select distinct cast(${identifier(target)} as varchar) from data where ${identifier(target)} is not null limit 201`,
  )
  const labels = { kind: 'texts', values: rows.map(([value]) => value as string) } as const
  if (rows.length > 2 && positive === undefined)
    throw errors.validation(
      `'${target}' has ${rows.length > 200 ? 'more than 200' : rows.length} different labels: say which one is favourable (positive).`,
    )
  const task = rows.length > 2 ? 'multiclass' : 'binary'
  const { names, code } = classesOf(task, { labels, models: [] }, positive)
  const favourable = positive === undefined ? (names[1] ?? '') : (names[code(positive)] ?? '')
  return labels.values.find((value) => names[code(value)] === favourable) ?? favourable
}

/** Counts the combinations of some columns' values. Throws a validation error if there are too many. */
export async function countValues(
  session: Session,
  columns: readonly string[],
  label: { readonly target: string; readonly favourable: string } | undefined,
): Promise<Counted> {
  const name = columns.join(' and ')
  const keys = columns.map((column) => `coalesce(cast(${identifier(column)} as varchar), '(missing)')`)
  const positives =
    label === undefined ? '0' : `count(*) filter (cast(${identifier(label.target)} as varchar) = $1)`
  const { rows } = await session.all(
    `select ${[...keys, 'count(*)', positives].join(', ')} from data group by all order by all limit ${mostValues + 1}`,
    label === undefined ? [] : [label.favourable],
  )
  if (rows.length > mostValues)
    throw errors.validation(
      `${name} has more than ${mostValues} values: balance is of groups. Take another column, or put its values together first.`,
    )
  if (rows.length === 0) throw errors.validation('The data have no rows.')
  return {
    name,
    values: rows.map((row) => ({
      value: row.slice(0, columns.length).map(String).join(' and '),
      count: Number(row[columns.length]),
      positives: Number(row[columns.length + 1]),
    })),
  }
}
