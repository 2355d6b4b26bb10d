import type { Cell, Column, Table } from '../../analytics/analytics.ts'
import type { DataTable } from '../tables/tables.ts'

/** What a question about data is answered with, as it travels. */
export interface DataAnswer {
  readonly columns: readonly Column[]
  /**
   * One list for each row, by the columns. Integers beyond 2^53 and decimals are text in full; not-a-number and the
   * infinities are the texts `NaN`, `Infinity` and `-Infinity`, for which JSON has no numbers.
   */
  readonly rows: readonly (readonly Cell[])[]
  /** Whether there are more rows than were asked for. */
  readonly truncated: boolean
  /** What a reader should know of how the data were read. */
  readonly notes: readonly string[]
  /** The tables that were read, by their names in the question. */
  readonly tables: Readonly<Record<string, AnsweredTable>>
  readonly elapsedMs: number
}

export interface AnsweredTable {
  /** Id of the version; absent for a bare path. */
  readonly id?: string
  readonly format: DataTable['format']
  readonly files: number
  readonly bytes: number
}

export function answerOf(
  table: Table & { readonly truncated: boolean },
  tables: Readonly<Record<string, DataTable>>,
  elapsedMs: number,
): DataAnswer {
  const named = Object.entries(tables)
  return {
    columns: table.columns,
    rows: table.rows.map((row) => row.map(jsonable)),
    truncated: table.truncated,
    notes: named.flatMap(([name, { notes }]) =>
      named.length === 1 ? notes : notes.map((note) => `${name}: ${note}`),
    ),
    tables: Object.fromEntries(
      named.map(([name, { version, format, files }]) => [
        name,
        {
          ...(version === undefined ? {} : { id: version.id }),
          format,
          files: files.length,
          bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
        },
      ]),
    ),
    elapsedMs,
  }
}

function jsonable(cell: Cell): Cell {
  if (typeof cell === 'number') return Number.isFinite(cell) ? cell : String(cell)
  if (Array.isArray(cell)) return (cell as readonly Cell[]).map(jsonable)
  if (typeof cell !== 'object' || cell === null) return cell
  return Object.fromEntries(Object.entries(cell).map(([name, field]) => [name, jsonable(field)]))
}
