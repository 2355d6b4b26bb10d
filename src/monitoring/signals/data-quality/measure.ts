import { double, identifier, type Session } from '../../../analytics/analytics.ts'
import { missing } from '../../../analytics/missing.ts'
import type { Population, PopulationColumn } from '../../populations/population.ts'
import { askInParts, hasSet, isNumeric, type Baseline, type BaselineColumn } from './baseline.ts'

/** What is wrong with one feature, in rows of production. */
export interface ColumnQuality {
  readonly column: BaselineColumn
  readonly type: string
  readonly missing: number
  readonly typeErrors: number
  /** Undefined where there are no bounds: of booleans, dates and times, and where the reference has no value. */
  readonly outOfBounds?: number
  readonly constant: boolean
  /** Categories that the reference has not, the most frequent first; of numbers the least and the greatest. */
  readonly unseen?: readonly string[]
  readonly min?: number
  readonly max?: number
}

export interface Quality {
  readonly rows: number
  readonly columns: readonly ColumnQuality[]
}

/** Values that are named of those that the reference has not. */
const named = 5
const longest = 200

/**
 * Azure ML's order (`compute_data_quality_metrics.py`): missing values (null and NaN) are counted, then taken to be the
 * median (of categories the mode) of what is there; then what cannot be cast to the reference's type is counted, then what
 * is outside of the reference's bounds (of texts: its set). So missing values are out of bounds where their stand-in is.
 * Unlike there, missing values that have no stand-in are no errors of type. All columns in one look, and one more at each
 * column of texts. `relation` stands after `from`.
 */
export async function measureQuality(
  session: Session,
  relation: string,
  { reference, production }: { readonly reference: Population; readonly production: Population },
  { columns: baseline }: Pick<Baseline, 'columns'>,
): Promise<Quality> {
  const types = new Map(production.columns.map((column) => [column.name, column]))
  const columns = baseline.flatMap((column) => {
    const now = types.get(column.name)
    return now === undefined ? [] : [{ column, now }]
  })
  const asked = columns.flatMap(({ column, now }) => expressions(column, now))
  const { rows, cells } = await askInParts(session, relation, asked)
  const found: ColumnQuality[] = []
  for (const [i, { column, now }] of columns.entries()) {
    const of = cells.slice(width * i, width * (i + 1))
    const [lacking, errors, below, above, valid, least, greatest, constant] = of
    const base = {
      column,
      type: now.type,
      missing: Number(lacking ?? 0),
      typeErrors: Number(errors ?? 0),
      constant: constant === true,
      ...(typeof least === 'number' && typeof greatest === 'number' ? { min: least, max: greatest } : {}),
    }
    if (hasSet(column)) found.push({ ...base, ...(await unseenOf(session, relation, reference, base)) })
    else if (column.min === undefined) found.push(base)
    else {
      const outside = { below: Number(below ?? 0), above: Number(above ?? 0), valid: Number(valid ?? 0) }
      const standIn =
        base.missing === 0
          ? false
          : column.kind === 'numerical'
            ? isMedianOut(outside)
            : await isModeOut(session, relation, column, now)
      found.push({ ...base, outOfBounds: outside.below + outside.above + (standIn ? base.missing : 0) })
    }
  }
  return { rows, columns: found }
}

/** Answers for each column. */
const width = 8

/** SQL of a value as the reference's type has it; null where it cannot be. */
const castTo = (column: BaselineColumn, now: PopulationColumn) =>
  column.type === now.type ? identifier(now.name) : `try_cast(${identifier(now.name)} as ${column.type})`

function expressions(column: BaselineColumn, now: PopulationColumn): readonly string[] {
  const own = identifier(now.name)
  const lacking = missing(now)
  const cast = castTo(column, now)
  const constant = `coalesce(min(${own}::varchar) = max(${own}::varchar), false)`
  const common = [
    `count(*) filter (${lacking})`,
    column.type === now.type ? '0' : `count(*) filter (not ${lacking} and ${cast} is null)`,
  ]
  if (!isNumeric(column) || column.min === undefined || column.max === undefined)
    return [...common, 'null', 'null', 'null', 'null', 'null', constant]
  const x = `(${cast})::double`
  const there = `filter (not ${lacking} and `
  return [
    ...common,
    `count(*) ${there}${x} < ${double(column.min)})`,
    `count(*) ${there}${x} > ${double(column.max)})`,
    `count(*) ${there}${x} is not null)`,
    `min(${x}) ${there}isfinite(${x}))`,
    `max(${x}) ${there}isfinite(${x}))`,
    `coalesce(min(${x}) = max(${x}), false)`,
  ]
}

/** Whether the (lower) median of so many values is outside, by how many of them are. */
function isMedianOut({
  below,
  above,
  valid,
}: {
  readonly below: number
  readonly above: number
  readonly valid: number
}) {
  const rank = Math.ceil(valid / 2)
  return valid > 0 && (below >= rank || valid - above < rank)
}

async function isModeOut(
  session: Session,
  relation: string,
  column: BaselineColumn,
  now: PopulationColumn,
): Promise<boolean> {
  const x = `(${castTo(column, now)})::double`
  const { rows } = await session.all(
    `select ${x} as x from ${relation} where ${x} is not null group by x order by count(*) desc, x limit 1`,
  )
  const [[mode] = []] = rows
  return typeof mode === 'number' && (mode < (column.min ?? -Infinity) || mode > (column.max ?? Infinity))
}

/** How many rows of texts the reference has not, their stand-ins included. */
async function unseenOf(
  session: Session,
  relation: string,
  reference: Population,
  { column, missing: lacking, type }: Pick<ColumnQuality, 'column' | 'missing' | 'type'>,
): Promise<Pick<ColumnQuality, 'outOfBounds' | 'unseen'>> {
  if (column.missing >= reference.rows) return {}
  const own = identifier(column.name)
  const text = type === 'VARCHAR' ? own : `${own}::varchar`
  await session.run(
    `create or replace temp table texts as
       select now.x, now.n, was.x is null as unseen
       from (select ${text} as x, count(*) as n from ${relation} where ${own} is not null group by 1) now
       left join (select distinct ${own}::varchar as x from ${reference.view}) was on now.x = was.x`,
  )
  const { rows } = await session.all(
    `select coalesce(sum(n) filter (unseen), 0)::bigint, (select unseen from texts order by n desc, x limit 1),
       list(left(x, ${longest}) order by n desc, x) filter (unseen)[:${named}] from texts`,
  )
  const [count, isModeUnseen, names] = rows[0] ?? []
  return {
    outOfBounds: Number(count ?? 0) + (isModeUnseen === true ? lacking : 0),
    unseen: (names ?? []) as readonly string[],
  }
}
