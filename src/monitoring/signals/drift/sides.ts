import { identifier, type Row, type Session } from '../../../analytics/analytics.ts'
import { isNumber, typeKind } from '../../../analytics/type-kind.ts'
import type { CommonColumn } from './common-columns.ts'

/** One of the two that are held against each other: SQL that can stand after `from`, and which of the names is its own. */
export interface Side {
  readonly of: 'reference' | 'production'
  readonly relation: string
  /** Key of what may be kept of it: the same for the same rows. */
  readonly key: string
}

/** What one look at all columns of a side tells. */
export interface SideFacts {
  readonly rows: number
  /** Rows in which no compared column is missing: those that drift is measured of. */
  readonly complete: number
  /** SQL that is true of them; undefined where it is of all. */
  readonly filter: string | undefined
  readonly columns: Readonly<Record<string, ColumnFacts>>
}

export interface ColumnFacts {
  readonly missing: number
  /** Of numbers, among the complete rows: how many are finite, and between which; the sample's deviation (ddof 1). */
  readonly finite?: number
  readonly min?: number
  readonly max?: number
  readonly deviation?: number
}

/** SQL of a column as it is called on this side. */
export const columnSql = (side: Side, column: CommonColumn): string =>
  identifier(side.of === 'reference' ? column.was : column.name)

const typeOf = (side: Side, column: CommonColumn) => column.types[side.of]

/** SQL of its value as a number. */
export const numberSql = (side: Side, column: CommonColumn): string =>
  typeOf(side, column) === 'DOUBLE' ? columnSql(side, column) : `(${columnSql(side, column)})::double`

/** SQL that is true where there is no value: null, and NaN, which pandas' and Spark's `dropna` take for null, too. */
function missingSql(side: Side, column: CommonColumn): string {
  const sql = columnSql(side, column)
  return typeKind(typeOf(side, column)) === 'float' ? `(${sql} is null or isnan(${sql}))` : `${sql} is null`
}

/** Numbers that SQL can compute with: a column that is numerical by its kind and by what it holds. */
export const isNumerical = (column: CommonColumn): boolean =>
  column.kind === 'numerical' &&
  [column.types.reference, column.types.production].every((type) => isNumber(typeKind(type)))

/** How missing values are taken: the whole row is left out (Azure ML), or only of the column that misses it. */
export type MissingValues = 'drop_rows' | 'drop_values'

/**
 * Counts what is missing and measures the numbers of all columns in one look; a second one only where rows are left out
 * for a missing value.
 */
export async function sideFacts(
  session: Session,
  side: Side,
  columns: readonly CommonColumn[],
  missing: MissingValues,
): Promise<SideFacts> {
  const counted = columns.map((column) => `count(*) filter (${missingSql(side, column)})`)
  const first = await ask(session, side, columns, counted, undefined)
  const rows = Number(first.row[0])
  const lacking = columns.filter((_, i) => Number(first.row[1 + i]) > 0)
  const dropsRows = missing === 'drop_rows' && lacking.length > 0
  const filter = dropsRows
    ? lacking.map((column) => `not ${missingSql(side, column)}`).join(' and ')
    : undefined
  const second = dropsRows ? await ask(session, side, columns, [], filter) : first
  const offset = dropsRows ? 0 : counted.length
  return {
    rows,
    complete: Number(second.row[0]),
    filter,
    columns: Object.fromEntries(
      columns.map((column, i) => {
        const at = second.places.get(column.name)
        const numbers = at === undefined ? {} : numbersOf(second.row.slice(1 + offset + at))
        return [column.name, { missing: Number(first.row[1 + i]), ...numbers }]
      }),
    ),
  }
}

async function ask(
  session: Session,
  side: Side,
  columns: readonly CommonColumn[],
  counted: readonly string[],
  filter: string | undefined,
): Promise<{ readonly row: Row; readonly places: ReadonlyMap<string, number> }> {
  const places = new Map<string, number>()
  const measured: string[] = []
  for (const column of columns.filter(isNumerical)) {
    places.set(column.name, measured.length)
    const x = numberSql(side, column)
    const finite = typeKind(typeOf(side, column)) === 'float' ? ` filter (isfinite(${x}))` : ''
    measured.push(
      `count(${x})${finite}`,
      `min(${x})${finite}`,
      `max(${x})${finite}`,
      side.of === 'reference' ? `stddev_samp(${x})${finite}` : 'null',
    )
  }
  const where = filter === undefined ? '' : ` where ${filter}`
  const { rows } = await session.all(
    `select ${['count(*)', ...counted, ...measured].join(', ')} from ${side.relation}${where}`,
  )
  return { row: rows[0] ?? [], places }
}

function numbersOf([finite, min, max, deviation]: Row): Omit<ColumnFacts, 'missing'> {
  const count = Number(finite ?? 0)
  if (count === 0) return { finite: 0 }
  return {
    finite: count,
    min: Number(min),
    max: Number(max),
    ...(deviation === null || deviation === undefined ? {} : { deviation: Number(deviation) }),
  }
}
