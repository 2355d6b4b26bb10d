import type { Session } from '../../../../analytics/analytics.ts'
import { typeKind } from '../../../../analytics/type-kind.ts'
import type { SpanDistances } from '../../../../statistics/distributions/spans.ts'
import type { CommonColumn } from '../common-columns.ts'
import type { Known } from './counts.ts'
import { numberSql } from '../sides.ts'

/** Both distances from all values, in SQL: the values stay where they are. */
export async function exactDistances(
  session: Session,
  column: CommonColumn,
  pair: { readonly reference: Known; readonly production: Known },
): Promise<SpanDistances> {
  const [was, now] = [pair.reference, pair.production].map((known) => finite(column, known))
  const { rows } = await session.all(
    `with counted as (
       select x, count(*) filter (side = 0) as b, count(*) filter (side = 1) as a
       from (select 0 as side, x from (${was}) union all select 1, x from (${now})) group by x),
     totals as (select sum(b) as tb, sum(a) as ta from counted),
     walked as (
       select abs(sum(b) over w / tb - sum(a) over w / ta) as gap, lead(x) over (order by x) - x as width
       from counted, totals window w as (order by x rows unbounded preceding))
     select fsum(gap * width), max(gap) from walked`,
  )
  const [distance, greatest] = rows[0] ?? []
  return {
    wasserstein: { value: Number(distance ?? 0), error: 0 },
    kolmogorovSmirnov: { value: Number(greatest ?? 0), error: 0 },
  }
}

/** SQL of the finite values of a column among the rows that count. */
function finite(column: CommonColumn, { side, facts: { filter } }: Known): string {
  const x = numberSql(side, column)
  const isFloat = typeKind(column.types[side.of]) === 'float'
  const conditions = [
    ...(filter === undefined ? [] : [filter]),
    isFloat ? `isfinite(${x})` : `${x} is not null`,
  ]
  return `select ${x} as x from ${side.relation} where ${conditions.join(' and ')}`
}
