import { identifier, type Session } from '../../../analytics/analytics.ts'
import type { TableColumn } from '../columns/kinds.ts'
import type { ColumnProfile } from '../profile.ts'

/** A column of the sample, ready to be compared: as numbers, or as codes of categories (0 the most frequent one). */
export type SampleColumn =
  | { readonly name: string; readonly kind: 'numbers'; readonly values: Float64Array }
  | {
      readonly name: string
      readonly kind: 'categories'
      readonly values: Int32Array
      readonly categories: readonly string[]
    }

export interface Sample {
  readonly rows: number
  readonly columns: readonly SampleColumn[]
}

/** What is missing, among the codes of categories. */
export const missingCode = -1
/** Categories beyond the most frequent ones are one: the last code. */
const mostCategories = 50

const comparable: readonly ColumnProfile['semanticType'][] = ['numeric', 'categorical', 'boolean', 'datetime']

/** Columns that can be compared with others, and `always`, if it is one of them whatever it is. */
export const comparableColumns = (
  profiles: readonly ColumnProfile[],
  always?: string,
): readonly ColumnProfile[] =>
  profiles.filter(({ name, semanticType }) => comparable.includes(semanticType) || name === always)

/**
 * Rows of the table, about `size` of `rows` (all, if there are no more), read into memory by column. Which ones is
 * decided by a hash of the row: the same data give the same sample, in whatever order they are read.
 */
export async function readSample(
  session: Session,
  table: string,
  {
    columns,
    profiles,
    rows,
    size,
  }: {
    readonly columns: readonly TableColumn[]
    /** Those to be read. */
    readonly profiles: readonly ColumnProfile[]
    readonly rows: number
    readonly size: number
  },
): Promise<Sample> {
  const read = profiles.flatMap((profile) => {
    const column = columns.find(({ name }) => name === profile.name)
    return column === undefined ? [] : [{ profile, column }]
  })
  if (read.length === 0) return { rows: 0, columns: [] }
  const every = Math.ceil(rows / size)
  const chosen = every > 1 ? ` where ${rowHash(columns)} % ${every} = 0` : ''
  const stream = await session.stream(
    `select ${read.map(({ profile, column }) => valueSql(column, profile)).join(', ')} from ${table}${chosen}`,
  )
  const cells: (number | string | null)[][] = read.map(() => [])
  let count = 0
  for await (const part of stream) {
    count += part.length
    for (const row of part)
      for (const [i, cell] of row.entries()) cells[i]?.push(cell as number | string | null)
  }
  return { rows: count, columns: read.map(({ profile }, i) => sampleColumn(profile, cells[i] ?? [])) }
}

/** One number for what is in a row: equal for equal rows. */
export const rowHash = (columns: readonly TableColumn[]): string =>
  `hash(${columns.map(({ name }) => identifier(name)).join(', ')})`

const isNumeric = ({ semanticType, numeric, datetime }: ColumnProfile) =>
  datetime !== undefined ||
  (numeric !== undefined && semanticType !== 'categorical' && semanticType !== 'boolean')

function valueSql(column: TableColumn, profile: ColumnProfile): string {
  if (!isNumeric(profile)) return `left((${column.sql})::varchar, 200)`
  return column.kind === 'time'
    ? `case when isfinite(${column.sql}) then epoch(${column.sql}) end`
    : `(${column.sql})::double`
}

function sampleColumn(profile: ColumnProfile, cells: readonly (number | string | null)[]): SampleColumn {
  const { name } = profile
  if (isNumeric(profile))
    return {
      name,
      kind: 'numbers',
      values: Float64Array.from(cells, (cell) => (cell === null ? NaN : Number(cell))),
    }
  const counts = new Map<string, number>()
  for (const cell of cells) if (cell !== null) counts.set(String(cell), (counts.get(String(cell)) ?? 0) + 1)
  const categories = [...counts]
    .toSorted(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))
    .map(([value]) => value)
  const codes = new Map(categories.map((value, code) => [value, Math.min(code, mostCategories)]))
  const values = Int32Array.from(cells, (cell) =>
    cell === null ? missingCode : (codes.get(String(cell)) ?? missingCode),
  )
  return { name, kind: 'categories', values, categories }
}
