import { AnalyticsError, identifier, literal, type Session, type Table } from '../../analytics/analytics.ts'
import { number, text, type Side, type SideColumn } from './columns.ts'

/**
 * SQL that makes a number of the target, the same on both sides: a number or truth as it is, of two texts 1 for the one
 * that comes last. Undefined for a column that is neither.
 */
export async function targetExpression(
  session: Session,
  side: Side,
  column: SideColumn,
): Promise<string | undefined> {
  const name = identifier(column.name)
  if (column.kind === 'numeric' || column.type === 'BOOLEAN') return `${name}::double`
  if (column.kind !== 'categorical') return undefined
  const { rows } = await session.all(
    `select distinct ${name}::varchar as v from ${identifier(side.view)} where ${name} is not null order by v limit 3`,
  )
  return rows.length === 2 ? `(${name}::varchar = ${literal(text(rows[1]?.[0]))})::double` : undefined
}

/** The answer, and none where squares are larger than a DOUBLE holds. */
async function heldOrNone(session: Session, sql: string): Promise<Table> {
  try {
    return await session.all(sql)
  } catch (error) {
    if (error instanceof AnalyticsError && /is out of range/i.test(error.message))
      return { columns: [], rows: [] }
    throw error
  }
}

/** Pearson's r of a column of numbers with the target; null where one of them does not vary. */
export async function correlationWith(
  session: Session,
  side: Side,
  column: string,
  target: string,
): Promise<number | null> {
  const value = `${identifier(column)}::double`
  const { rows } = await heldOrNone(
    session,
    `select corr(v, t) from (select ${value} as v, ${target} as t from ${identifier(side.view)})
     where isfinite(v) and isfinite(t)`,
  )
  return number(rows[0]?.[0])
}

/**
 * Correlation ratio η of a column's values, taken as categories, with the target: the root of the share of the target's
 * variance that lies between the categories. Null where the target does not vary.
 */
export async function correlationRatio(
  session: Session,
  side: Side,
  column: string,
  target: string,
): Promise<number | null> {
  const { rows } = await heldOrNone(
    session,
    `with x as (select ${identifier(column)}::varchar as v, ${target} as t from ${identifier(side.view)}),
     kept as (select * from x where v is not null and isfinite(t)),
     total as (select avg(t) as mean, var_pop(t) as variance, count(*) as n from kept),
     groups as (select avg(t) as m, count(*) as c from kept group by v)
     select sqrt(least(1, sum(c * (m - mean) ** 2) / min(n) / nullif(min(variance), 0))) from groups, total`,
  )
  return number(rows[0]?.[0])
}
