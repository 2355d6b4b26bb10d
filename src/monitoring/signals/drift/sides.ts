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
  /** Of numbers, among the complete rows: how many are finite, and between which. */
  readonly finite?: number
  readonly min?: number
  readonly max?: number
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

/** Columns that are looked at in one statement: what DuckDB plans takes longer than it runs where there are very many. */
const atOnce = 25

/**
 * Counts what is missing, and between which numbers those of all columns lie, in one look; a second one only where rows are left out
 * for a missing value.
 */
export async function sideFacts(
  session: Session,
  side: Side,
  columns: readonly CommonColumn[],
  missing: MissingValues,
): Promise<SideFacts> {
  const first = await askAll(session, side, columns, undefined, true)
  // A column that has no value at all is not compared, and takes no rows of the others with it.
  const lacking = columns.filter(({ name }) => {
    const count = first.columns[name]?.missing ?? 0
    return count > 0 && count < first.rows
  })
  if (missing === 'drop_values' || lacking.length === 0)
    return { rows: first.rows, complete: first.rows, filter: undefined, columns: first.columns }
  const filter = lacking.map((column) => `not (${missingSql(side, column)})`).join(' and ')
  const second = await askAll(session, side, columns, filter, false)
  return {
    rows: first.rows,
    complete: second.rows,
    filter,
    columns: Object.fromEntries(
      columns.map(({ name }) => [
        name,
        { ...second.columns[name], missing: first.columns[name]?.missing ?? 0 },
      ]),
    ),
  }
}

async function askAll(
  session: Session,
  side: Side,
  columns: readonly CommonColumn[],
  filter: string | undefined,
  isCounting: boolean,
) {
  const facts: Record<string, ColumnFacts> = {}
  let rows = 0
  for (let i = 0; i < columns.length; i += atOnce) {
    const part = columns.slice(i, i + atOnce)
    const asking = { session, side, filter, isCounting }
    const found = (await askFinite(asking, part)) ?? (await ask(asking, part))
    rows = found.rows
    Object.assign(facts, found.columns)
  }
  return { rows, columns: facts }
}

interface Asking {
  readonly session: Session
  readonly side: Side
  readonly filter: string | undefined
  readonly isCounting: boolean
}

/**
 * The facts of columns whose numbers are all finite; undefined where one holds NaN or an infinity, which are the greatest or
 * the least then. A file tells its least and greatest without being read, and counting without a condition is quick.
 */
async function askFinite(asking: Asking, columns: readonly CommonColumn[]) {
  const { session, side, filter } = asking
  const where = filter === undefined ? '' : ` where ${filter}`
  const asked = columns.flatMap((column) => {
    // Cast after the least and the greatest are found, since a file tells those of its own values only.
    const bound = (of: string) => (isNumerical(column) ? `${of}(${columnSql(side, column)})::double` : 'null')
    return [`count(${columnSql(side, column)})`, bound('min'), bound('max')]
  })
  const { rows: answer } = await session.all(
    `select ${['count(*)', ...asked].join(', ')} from ${side.relation}${where}`,
  )
  const [all, ...found] = answer[0] ?? []
  const rows = Number(all ?? 0)
  const facts: Record<string, ColumnFacts> = {}
  for (const [i, column] of columns.entries()) {
    const [count, min, max] = found.slice(3 * i, 3 * i + 3)
    const isFloat = typeKind(typeOf(side, column)) === 'float'
    if (isFloat && !isNumerical(column)) return undefined
    if (isNumerical(column) && Number(count) > 0 && !(Number.isFinite(min) && Number.isFinite(max)))
      return undefined
    const numbers = isNumerical(column) ? numbersOf([count ?? 0, min ?? null, max ?? null]) : {}
    facts[column.name] = { missing: asking.isCounting ? rows - Number(count ?? 0) : 0, ...numbers }
  }
  return { rows, columns: facts }
}

/** Answers for each column. */
const width = 4

async function ask({ session, side, filter, isCounting }: Asking, columns: readonly CommonColumn[]) {
  const asked = columns.flatMap((column) => {
    const count = isCounting ? `count(*) filter (${missingSql(side, column)})` : '0'
    if (!isNumerical(column)) return [count, 'null', 'null', 'null']
    const x = numberSql(side, column)
    const finite = typeKind(typeOf(side, column)) === 'float' ? ` filter (isfinite(${x}))` : ''
    return [count, `count(${x})${finite}`, `min(${x})${finite}`, `max(${x})${finite}`]
  })
  const where = filter === undefined ? '' : ` where ${filter}`
  const { rows } = await session.all(
    `select ${['count(*)', ...asked].join(', ')} from ${side.relation}${where}`,
  )
  const [all, ...found] = rows[0] ?? []
  const facts: Record<string, ColumnFacts> = {}
  for (const [i, column] of columns.entries()) {
    const [missing, ...numbers] = found.slice(i * width, (i + 1) * width)
    facts[column.name] = {
      missing: Number(missing ?? 0),
      ...(isNumerical(column) ? numbersOf(numbers) : {}),
    }
  }
  return { rows: Number(all ?? 0), columns: facts }
}

function numbersOf([finite, min, max]: Row): Omit<ColumnFacts, 'missing'> {
  const count = Number(finite ?? 0)
  return count === 0 ? { finite: 0 } : { finite: count, min: Number(min), max: Number(max) }
}
