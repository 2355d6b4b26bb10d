import {
  DuckDBDataChunk,
  DuckDBInstance,
  type DuckDBAppender,
  type DuckDBConnection,
  type DuckDBDataChunk as Chunk,
  type DuckDBType,
  type DuckDBValue,
} from '@duckdb/node-api'
import { identifier, literal, type Column } from '../analytics.ts'

/**
 * Columns of files in and out of this very process, some thousand rows at a time: for programs that are processes of
 * their own and move millions of rows. Anything else asks `Analytics`, which cannot take its process down.
 */
export interface Columns {
  describe(sql: string): Promise<readonly Column[]>
  /** Does what has no answer, such as `copy … to …`. */
  run(sql: string): Promise<void>
  /** The answer in batches of at most 2,048 rows. */
  scan(sql: string): AsyncGenerator<ColumnBatch, void>
  /** A Parquet file to be: there, whole, when it is closed. One at a time. */
  writeParquet(path: string, columns: readonly Column[]): Promise<ParquetWriter>
  close(): void
}

export interface ColumnBatch {
  readonly rowCount: number
  /** A column of DOUBLE without nulls. To be used before the next batch is asked for. */
  doubles(index: number): Float64Array
  /** Any column; values are DuckDB's, numbers and texts plain. */
  values(index: number): readonly ColumnValue[]
}

/** A value of a column, of which only what is plain (a number, a text, …) can be looked into. */
export type ColumnValue = DuckDBValue

export interface ParquetWriter {
  /** Appends rows, given by columns of equal length. */
  append(columns: readonly (readonly ColumnValue[])[]): void
  close(): Promise<void>
  /** Lets go of what was appended. */
  abandon(): Promise<void>
}

/** Rows that one chunk of DuckDB's holds. */
const chunkRows = 2048

/** Opens a database in this process's memory, which spills to `spill` beyond `memoryBytes`. */
export async function openColumns(settings: {
  readonly memoryBytes: number
  readonly spill: string
}): Promise<Columns> {
  const instance = await DuckDBInstance.create(':memory:', {
    memory_limit: `${Math.floor(settings.memoryBytes / 1024)}KiB`,
    threads: '1',
    temp_directory: settings.spill,
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  })
  const connection = await instance.connect()
  await connection.run(`set TimeZone = 'UTC'`)
  return {
    async describe(sql) {
      const { columns } = await described(connection, sql)
      return columns
    },
    async run(sql) {
      await connection.run(sql)
    },
    async *scan(sql) {
      const own = await instance.connect()
      try {
        const result = await own.stream(sql)
        for (let chunk = await result.fetchChunk(); chunk?.rowCount; chunk = await result.fetchChunk())
          yield batchOf(chunk)
      } finally {
        own.closeSync()
      }
    },
    writeParquet: (path, columns) => parquetWriter(connection, path, columns),
    close() {
      connection.closeSync()
      instance.closeSync()
    },
  }
}

async function described(connection: DuckDBConnection, sql: string) {
  const reader = await connection.runAndReadAll(`describe ${sql}`)
  const columns = reader.getRows().map(([name, type]) => ({ name: String(name), type: String(type) }))
  return { columns }
}

const batchOf = (chunk: Chunk): ColumnBatch => ({
  rowCount: chunk.rowCount,
  doubles(index) {
    const vector = chunk.getColumnVector(index)
    const numbers = new Float64Array(chunk.rowCount)
    for (let row = 0; row < numbers.length; row++) numbers[row] = vector.getItem(row) as number
    return numbers
  },
  values: (index) => chunk.getColumnValues(index),
})

async function parquetWriter(
  connection: DuckDBConnection,
  path: string,
  columns: readonly Column[],
): Promise<ParquetWriter> {
  const list = columns.map(({ name, type }) => `${identifier(name)} ${type}`).join(', ')
  await connection.run(`create or replace table written (${list})`)
  const appender = await connection.createAppender('written')
  const types = columns.map((_, index) => appender.columnType(index))
  return {
    append: (values) => appendColumns(appender, types, values),
    async close() {
      appender.closeSync()
      await connection.run(`copy written to ${literal(path)} (format parquet, compression zstd)`)
      await connection.run('drop table written')
    },
    async abandon() {
      appender.closeSync()
      await connection.run('drop table written')
    },
  }
}

function appendColumns(
  appender: DuckDBAppender,
  types: readonly DuckDBType[],
  columns: readonly (readonly ColumnValue[])[],
): void {
  const count = columns[0]?.length ?? 0
  for (let start = 0; start < count; start += chunkRows) {
    const chunk = DuckDBDataChunk.create(types, Math.min(chunkRows, count - start))
    for (const [index, values] of columns.entries())
      chunk.setColumnValues(
        index,
        values.length <= chunkRows ? values : values.slice(start, start + chunkRows),
      )
    appender.appendDataChunk(chunk)
  }
}
