import {
  DuckDBDataChunk,
  VARCHAR,
  type DuckDBConnection,
  type DuckDBType,
  type DuckDBValue,
} from '@duckdb/node-api'
import { AnalyticsError, identifier, type Cell, type Value } from '../analytics.ts'

type Rows = readonly (readonly (Cell | Value)[])[]

/** Rows that one chunk of DuckDB's holds. */
const chunkRows = 2048

/**
 * Appends rows to a table, all or none. They are first text in a table of their own, and are then cast: so that any
 * type can be appended in DuckDB's own notation, and a value that does not fit is found by its row and column.
 */
export async function appendRows(connection: DuckDBConnection, table: string, rows: Rows): Promise<void> {
  if (rows.length === 0) return
  const target = identifier(table)
  const described = await connection.runAndReadAll(`select * from ${target} limit 0`)
  const [names, types] = [described.columnNames(), described.columnTypes()]
  checkWidths(table, rows, names.length)
  await connection.run(
    `create or replace temp table appended (${['row bigint', ...names.map((_, i) => `c${i} varchar`)].join(', ')})`,
  )
  try {
    await fill(connection, rows, names.length)
    const cast = names.map((_, i) => `c${i}::${String(types[i])}`).join(', ')
    await connection.run(`insert into ${target} select ${cast} from appended order by row`)
  } catch (error) {
    throw (await misfit(connection, names, types)) ?? error
  } finally {
    await connection.run('drop table if exists appended')
  }
}

function checkWidths(table: string, rows: Rows, width: number): void {
  const row = rows.findIndex(({ length }) => length !== width)
  if (row >= 0)
    throw new AnalyticsError(
      'value',
      `Row ${row + 1} has ${rows[row]?.length} values; '${table}' has ${width} columns.`,
    )
}

async function fill(connection: DuckDBConnection, rows: Rows, width: number): Promise<void> {
  const appender = await connection.createAppender('appended')
  const types: DuckDBType[] = Array.from({ length: width + 1 }, () => VARCHAR)
  for (let start = 0; start < rows.length; start += chunkRows) {
    const part = rows.slice(start, start + chunkRows)
    const chunk = DuckDBDataChunk.create(types, part.length)
    chunk.setRows(part.map((row, i): DuckDBValue[] => [String(start + i + 1), ...row.map(textOf)]))
    appender.appendDataChunk(chunk)
  }
  appender.flushSync()
  appender.closeSync()
}

/** A value in the notation in which DuckDB casts text: structs and lists as JSON, which it reads too. */
function textOf(value: Cell | Value): string | null {
  if (value === null) return null
  if (value instanceof Date) return value.toISOString()
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

async function misfit(
  connection: DuckDBConnection,
  names: readonly string[],
  types: readonly DuckDBType[],
): Promise<AnalyticsError | undefined> {
  for (const [i, name] of names.entries()) {
    const type = String(types[i])
    const found = await connection
      .runAndReadAll(
        `select row, c${i} from appended where c${i} is not null and try_cast(c${i} as ${type}) is null order by row limit 1`,
      )
      .catch(() => undefined)
    const [row, value] = found?.getRows()[0] ?? []
    if (row !== undefined)
      return new AnalyticsError(
        'value',
        `Row ${String(row)}, column '${name}': ${JSON.stringify(String(value).slice(0, 100))} is no ${type}.`,
      )
  }
  return undefined
}
