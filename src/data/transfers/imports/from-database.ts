import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { errors } from '../../../kernel/errors.ts'
import { parseTimeout } from '../timeout.ts'
import { openSource } from '../databases/open-source.ts'
import type { SourceColumn, SourcePart, SqlSource } from '../databases/sql-source.ts'
import { partName } from '../part-name.ts'
import type { Place } from '../place.ts'
import type { Running } from '../transfer-reconciler.ts'
import { nothingYet } from '../transfer.ts'
import { withWorkFolder } from '../work-folder.ts'
import type { Checkpoint, DataImport } from './import.ts'
import { convertPart } from './parquet.ts'
import { checkSchema, findColumn, schemaOf } from './schema.ts'

/** Where an incremental import begins and what it continues. */
export interface Since {
  /** Rows beyond this value are taken. */
  readonly after?: string
  /** Schema of the version that is continued. */
  readonly schema?: string
  /** Its name, for messages. */
  readonly version?: string
}

export interface Imported {
  readonly rows: number
  readonly schema: string
  readonly watermark?: string
  readonly warnings: readonly string[]
}

/**
 * Brings the rows of a query into Parquet files at the place. An import in the order of a column keeps a checkpoint
 * with every file, and goes on from there when it is called again; any other starts anew.
 */
export const importQuery = (
  transfer: DataImport,
  place: Place,
  since: Since,
  running: Running,
): Promise<Imported> =>
  withWorkFolder(running.platform, transfer, (folder) => bring(transfer, place, since, running, folder))

async function bring(
  transfer: DataImport,
  place: Place,
  since: Since,
  running: Running,
  folder: string,
): Promise<Imported> {
  const { platform, signal } = running
  const { source: said, timeout } = transfer.properties
  const source = await openSource(platform, transfer.scope, said.connection ?? '', {
    timeoutMs: parseTimeout(timeout),
  })
  const stop = () => void source.close()
  signal.addEventListener('abort', stop, { once: true })
  try {
    signal.throwIfAborted()
    const columns = await source.describe(said.query ?? '')
    const work = { transfer, place, since, running, source, columns, folder, query: said.query ?? '' }
    return transfer.properties.incremental ? await inOrder(work) : await whole(work)
  } catch (error) {
    signal.throwIfAborted()
    throw error
  } finally {
    signal.removeEventListener('abort', stop)
    await source.close()
  }
}

interface Work {
  readonly transfer: DataImport
  readonly place: Place
  readonly since: Since
  readonly running: Running
  readonly source: SqlSource
  readonly columns: readonly SourceColumn[]
  readonly folder: string
  readonly query: string
}

/** All rows, in whatever order they come: what an earlier attempt has left is in the way. */
async function whole(work: Work): Promise<Imported> {
  const { place, running, source, columns, folder, query } = work
  const { report, platform } = running
  const partBytes = platform.config.importPartBytes
  for (const name of await place.names()) await place.remove(name)
  await report.keep(nothingYet, {})
  let [rows, parts, nulled] = [0, 0, 0]
  for await (const part of source.read(query, {
    columns,
    folder,
    partBytes,
    arrived: (rows: number, bytes: number) => report.moved(rows, bytes),
  })) {
    await store(work, part, parts++)
    rows += part.rows
    nulled += part.nulled
    await report.keep({ rows, bytes: report.progress().bytes, parts }, {})
  }
  if (parts === 0) await storeEmpty(work)
  return { rows, schema: schemaOf(columns), warnings: [...warningsOf(columns), ...noDates(nulled)] }
}

/** Rows beyond the last import's, in the order of the column. */
async function inOrder(work: Work): Promise<Imported> {
  const { transfer, since, running, source, columns, folder, query } = work
  const { report } = running
  const column = findColumn(columns, transfer.properties.incremental?.column ?? '')
  checkSchema(columns, since)
  let checkpoint = resumed(transfer, columns) ?? (await begin(work, column))
  let progress = { ...transfer.status.progress, totalRows: checkpoint.totalRows }
  if (checkpoint.totalRows > progress.rows) {
    const order = {
      column,
      upTo: checkpoint.upTo,
      ...(checkpoint.after === undefined ? {} : { after: checkpoint.after }),
    }
    const reading = {
      columns,
      folder,
      partBytes: running.platform.config.importPartBytes,
      order,
      arrived: (rows: number, bytes: number) => report.moved(rows, bytes),
    }
    await report.keep(progress, { checkpoint })
    for await (const part of source.read(query, reading)) {
      await store(work, part, progress.parts)
      const { bytes } = report.progress()
      progress = { ...progress, rows: progress.rows + part.rows, bytes, parts: progress.parts + 1 }
      const nulled = (checkpoint.nulled ?? 0) + part.nulled
      checkpoint = { ...checkpoint, nulled, ...(part.last === undefined ? {} : { after: part.last }) }
      await report.keep(progress, { checkpoint })
    }
  }
  if (progress.parts === 0 && since.version === undefined) await storeEmpty(work)
  const watermark = checkpoint.totalRows === 0 ? since.after : checkpoint.upTo
  return {
    rows: progress.rows,
    schema: schemaOf(columns),
    ...(watermark === undefined ? {} : { watermark }),
    warnings: [...warningsOf(columns), ...leftOut(checkpoint, column), ...noDates(checkpoint.nulled ?? 0)],
  }
}

/** What an earlier attempt has kept, if the query still answers with the same columns. */
function resumed({ status }: DataImport, columns: readonly SourceColumn[]): Checkpoint | undefined {
  const { checkpoint } = status
  if (checkpoint !== undefined && checkpoint.columns !== schemaOf(columns))
    throw errors.conflict(
      'The columns of the query changed while it was being imported, so that its first rows and its last would not fit together. Import again.',
    )
  return checkpoint
}

const leftOut = ({ nulls }: Checkpoint, { name }: SourceColumn): readonly string[] =>
  nulls === 0
    ? []
    : [
        `${nulls} row${nulls === 1 ? ' has' : 's have'} no value in '${name}' and ${nulls === 1 ? 'is' : 'are'} left out.`,
      ]

const noDates = (count: number): readonly string[] =>
  count === 0
    ? []
    : [
        `${count} date${count === 1 ? ' has' : 's have'} no month or no day, such as 0000-00-00, and ${count === 1 ? 'is' : 'are'} null.`,
      ]

async function begin({ columns, source, since, query }: Work, column: SourceColumn): Promise<Checkpoint> {
  const { rows, high, nulls } = await source.span(query, columns, column, since.after)
  return {
    columns: schemaOf(columns),
    upTo: high ?? '',
    totalRows: rows,
    nulls,
    ...(since.after === undefined ? {} : { after: since.after }),
  }
}

/** A part as a Parquet file at the place. Asked again for the same number, it takes the earlier one's place. */
async function store(work: Work, part: SourcePart, number: number): Promise<void> {
  const { transfer, place, running, columns, folder } = work
  const name = `${partName(transfer.name)}-${String(number).padStart(5, '0')}.parquet`
  const path = join(folder, name)
  const isOrdered = transfer.properties.incremental !== undefined && transfer.properties.incremental !== null
  await convertPart(running.platform, part, columns, { folder, path, isOrdered, signal: running.signal })
  await rm(part.path)
  await place.put(name, path)
  await rm(path)
}

/** A table without rows still has columns. */
async function storeEmpty(work: Work): Promise<void> {
  const path = join(work.folder, 'empty.csv')
  await writeFile(path, '')
  await store(work, { path, rows: 0, bytes: 0, longestRow: 0, nulled: 0 }, 0)
}

const warningsOf = (columns: readonly SourceColumn[]) =>
  columns.flatMap(({ warning }) => (warning === undefined ? [] : [warning]))
