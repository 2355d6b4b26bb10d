import type { Session } from '../../../analytics/analytics.ts'
import { typeKind } from '../../../analytics/type-kind.ts'
import { countOf, one, textOf } from './cells.ts'
import type { TableColumn } from './kinds.ts'
import type { Missing, TopValue } from '../profile.ts'

/** What a column's values and their counts tell whatever they are. */
export interface Frequencies {
  readonly missing: Missing
  readonly distinct: number
  /** Rows that have a value. */
  readonly present: number
  readonly top: readonly TopValue[]
}

/** Most values that are told of a column. */
const longestTop = 20
const longestValue = 200

/**
 * Counts each value of the column once: the temporary table `frequencies` has a row for each (`v`, `n`), from which all
 * else about the column follows without another look at the data. DuckDB spills what does not fit into its memory.
 */
export async function countValues(session: Session, table: string, column: TableColumn): Promise<void> {
  await session.run(
    `create or replace temp table frequencies as select ${column.sql} as v, count(*) as n from ${table} group by 1`,
  )
}

/** What `frequencies` says of the column, of which there are so many rows. */
export async function readFrequencies(
  session: Session,
  { kind, type }: TableColumn,
  rows: number,
): Promise<Frequencies> {
  const isFloat = typeKind(type) === 'float'
  const nan = isFloat ? 'isnan(v)' : 'false'
  const empty = kind === 'text' ? `trim(v, e' \\t\\n\\r') = ''` : 'false'
  const counts = await one<'nulls' | 'nans' | 'empty' | 'present' | 'distinct' | 'most'>(
    session,
    `select sum(n) filter (v is null) as nulls, sum(n) filter (${nan}) as nans, sum(n) filter (${empty}) as empty,
       sum(n) filter (v is not null and not ${nan}) as present, max(n) filter (v is not null and not ${nan}) as most,
       count(*) filter (v is not null and not ${nan}) as "distinct" from frequencies`,
  )
  const [nulls, nans, present] = [countOf(counts.nulls), countOf(counts.nans), countOf(counts.present)]
  const distinct = countOf(counts.distinct)
  const repeats = countOf(counts.most) > 1 || distinct <= longestTop
  const top = repeats ? await mostFrequent(session, `v is not null and not ${nan}`, present) : []
  return {
    missing: {
      count: nulls + nans,
      fraction: rows === 0 ? 0 : (nulls + nans) / rows,
      nulls,
      nans,
      empty: countOf(counts.empty),
    },
    distinct,
    present,
    top,
  }
}

async function mostFrequent(session: Session, where: string, present: number): Promise<readonly TopValue[]> {
  const { rows } = await session.all(
    `select left(v::varchar, ${longestValue}), n from
     (select v, n from frequencies where ${where} order by n desc, v limit ${longestTop}) order by n desc, v`,
  )
  return rows.map(([value, n]) => ({
    value: textOf(value),
    count: countOf(n),
    fraction: countOf(n) / present,
  }))
}
