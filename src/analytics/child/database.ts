import { mkdirSync, statSync } from 'node:fs'
import { DuckDBInstance, type DuckDBConnection, type DuckDBResult } from '@duckdb/node-api'
import { literal, type Column, type Row, type Value } from '../analytics.ts'
import type { Answers, SessionSettings } from '../messages.ts'
import type { CountOptions, Histogram } from '../histograms/grid.ts'
import { appendRows } from './append.ts'
import { bindable, cellOf } from './cells.ts'
import { histogramsOf } from './histograms.ts'
import { checkQuestion, createMeasure, statementsOf } from './question.ts'
import { tablesInTree } from './tables-in.ts'

/** The database of one session: in memory, spilling to its folder, closed to all files but those it may use. */
export interface Database {
  run(sql: string, values: readonly Value[]): Promise<void>
  all(sql: string, values: readonly Value[]): Promise<Answers['all']>
  select(sql: string, limit: number): Promise<Answers['select']>
  stream(sql: string, values: readonly Value[]): Promise<Answers['stream']>
  next(stream: number): Promise<Answers['next']>
  end(stream: number): void
  append(table: string, rows: Parameters<typeof appendRows>[2]): Promise<void>
  tablesIn(sql: string): Promise<readonly string[]>
  histograms(sql: string, options: CountOptions): Promise<readonly Histogram[]>
  close(): void
}

export async function openDatabase(settings: SessionSettings): Promise<Database> {
  mkdirSync(settings.spill, { recursive: true })
  const instance = await DuckDBInstance.create(':memory:', {
    memory_limit: `${Math.floor(settings.memoryBytes / 1024)}KiB`,
    threads: String(settings.threads),
    temp_directory: settings.spill,
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  })
  const connection = await instance.connect()
  await confine(connection, settings)
  const streams = new Map<number, { readonly result: DuckDBResult; readonly connection: DuckDBConnection }>()
  let streamed = 0

  return {
    async run(sql, values) {
      await connection.run(sql, ...bound(values))
    },
    async all(sql, values) {
      const reader = await connection.runAndReadAll(sql, ...bound(values))
      return { columns: columnsOf(reader), rows: rowsOf(reader.getRows()) }
    },
    async select(sql, limit) {
      await checkQuestion(connection, sql)
      const result = await connection.stream(sql)
      const rows: Row[] = []
      const measure = createMeasure()
      for (let chunk = await result.fetchChunk(); chunk !== null; chunk = await result.fetchChunk()) {
        if (chunk.rowCount === 0) break
        // Row by row, because a chunk of long values is larger than all that is told.
        for (let i = 0; i < chunk.rowCount && rows.length <= limit; i++) {
          const row = chunk.getRowValues(i).map(cellOf)
          measure(row)
          rows.push(row)
        }
        if (rows.length > limit) break
      }
      return { columns: columnsOf(result), rows: rows.slice(0, limit), truncated: rows.length > limit }
    },
    // A streaming result lasts until its connection is asked something else: so each has its own.
    async stream(sql, values) {
      const own = await instance.connect()
      const result = await own.stream(sql, ...bound(values))
      const stream = ++streamed
      streams.set(stream, { result, connection: own })
      return { stream, columns: columnsOf(result) }
    },
    async next(stream) {
      const chunk = await streams.get(stream)?.result.fetchChunk()
      return chunk === null || chunk === undefined || chunk.rowCount === 0
        ? undefined
        : rowsOf(chunk.getRows())
    },
    end(stream) {
      streams.get(stream)?.connection.closeSync()
      streams.delete(stream)
    },
    append: (table, rows) => appendRows(connection, table, rows),
    async tablesIn(sql) {
      // Says what is wrong with the syntax, and where, better than the function that gives the tree.
      await statementsOf(connection, sql)
      const reader = await connection.runAndReadAll(`select json_serialize_sql(${literal(sql)})`)
      return tablesInTree(JSON.parse(String(reader.getRows()[0]?.[0])))
    },
    histograms: (sql, options) => histogramsOf(connection, sql, options),
    close() {
      for (const stream of streams.values()) stream.connection.closeSync()
      connection.closeSync()
      instance.closeSync()
    },
  }
}

/** Shuts every file but the given ones, and then the lock itself. */
async function confine(connection: DuckDBConnection, { reads, writes }: SessionSettings): Promise<void> {
  const isFolder = (path: string) => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
  const list = (paths: readonly string[]) => `[${paths.map(literal).join(', ')}]`
  const folders = [...reads.filter(isFolder), ...writes]
  await connection.run(`set global TimeZone = 'UTC'`)
  await connection.run(`set global allowed_directories = ${list(folders)}`)
  await connection.run(`set global allowed_paths = ${list(reads.filter((path) => !isFolder(path)))}`)
  await connection.run('set global enable_external_access = false')
  await connection.run('set global lock_configuration = true')
}

const bound = (values: readonly Value[]) =>
  values.length === 0 ? ([] as const) : ([values.map(bindable)] as const)

interface Described {
  readonly columnCount: number
  columnName(index: number): string
  columnType(index: number): { toString(): string }
}

const columnsOf = (result: Described): readonly Column[] =>
  Array.from({ length: result.columnCount }, (_, i) => ({
    name: result.columnName(i),
    type: result.columnType(i).toString(),
  }))

const rowsOf = (rows: readonly (readonly Parameters<typeof cellOf>[0][])[]): readonly Row[] =>
  rows.map((row) => row.map(cellOf))
