import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { identifier, literal, type Session } from '../../../analytics/analytics.ts'
import { childId } from '../../../kernel/resources/arm-id.ts'
import { recordLineage } from '../../lineage/record.ts'
import { connectionName, openTarget } from '../databases/open-source.ts'
import { withTables } from '../../tables/with-tables.ts'
import { partName } from '../part-name.ts'
import { openPlace } from '../place.ts'
import { parseTimeout } from '../timeout.ts'
import { transferReconciler, type Outcome, type Running, type TransferKind } from '../transfer-reconciler.ts'
import { nothingYet } from '../transfer.ts'
import { withWorkFolder } from '../work-folder.ts'
import { cellText } from '../cell-text.ts'
import { readBy, type DataExport, type ExportProperties, type ExportState, type Format } from './export.ts'
import { dataExports } from './exports.ts'
import { fileFormat, tableName, targetType } from './target.ts'

/** Exports to the same target are done one after another. */
export const exportKind: TransferKind<ExportProperties, ExportState> = {
  name: 'data/exports',
  type: dataExports.type,
  lane: ({ target: { connection, table, path } }) =>
    JSON.stringify([connection && connectionName(connection), table, path]).toLowerCase(),
  run: (transfer, running) => runExport(transfer, running),
  // Files are whole one by one, and a database's transaction is: nothing is half there.
  undo: async () => {},
}

export const exportReconciler = transferReconciler(exportKind)

const runExport = (transfer: DataExport, running: Running): Promise<Outcome> =>
  withWorkFolder(running.platform, transfer, async (folder) => {
    const { platform, signal, report } = running
    await report.keep(nothingYet, {})
    const toDatabase = transfer.properties.target.targetType === 'database'
    const found = await withTables(
      platform,
      transfer.scope,
      { data: readBy(transfer) },
      async (session) => {
        const question = await questionOf(transfer, session)
        return toDatabase
          ? writeCsv(session, question, folder)
          : writeFiles(transfer, session, question, folder)
      },
      { signal, writes: [folder] },
    )
    const status = toDatabase
      ? await loadTable(transfer, found, folder, running)
      : await putFiles(transfer, found, folder, running)
    const at = platform.clock().getTime()
    return { status, also: async (db) => recordLineage(db, transfer.scope, [edgeOf(transfer)], at) }
  })

/** A user's query is looked at by itself before it is put into parentheses: there it must be one question. */
async function questionOf({ properties: { query } }: DataExport, session: Session): Promise<string> {
  if (query === undefined || query === null || query.trim() === '') return 'select * from data'
  await session.tablesIn(query)
  return query.replace(/(?:\s|;)+$/, '')
}

interface Written {
  readonly rows: number
  readonly columns: readonly { readonly name: string; readonly type: string }[]
}

/** The rows as text, as PostgreSQL reads it: null is an empty field, every other value is quoted. */
async function writeCsv(session: Session, question: string, folder: string): Promise<Written> {
  const { rows: described } = await session.all(
    `select column_name, column_type from (describe (${question}\n))`,
  )
  const columns = described.map(([name, type]) => ({ name: cellText(name), ...targetType(cellText(type)) }))
  const values = columns.map(
    ({ name, send }) => `${send.replaceAll('$', () => identifier(name))} as ${identifier(name)}`,
  )
  await session.run(
    `copy (select ${values.join(', ')} from (${question}\n)) to ${literal(join(folder, 'rows.csv'))} ` +
      `(format csv, header false, delimiter ',', quote '"', escape '"', nullstr '', force_quote *)`,
  )
  return { rows: 0, columns }
}

async function loadTable(transfer: DataExport, { columns }: Written, folder: string, running: Running) {
  const { platform, signal, report } = running
  const { target, mode, keys, timeout } = transfer.properties
  const database = await openTarget(platform, transfer.scope, target.connection ?? '', {
    timeoutMs: parseTimeout(timeout),
  })
  const stop = () => void database.close()
  signal.addEventListener('abort', stop, { once: true })
  try {
    signal.throwIfAborted()
    const path = join(folder, 'rows.csv')
    const rows = await database.write(tableName(target.table ?? ''), columns, {
      mode,
      keys: keys ?? [],
      once: onceOf(transfer),
      rows: counted(createReadStream(path, { highWaterMark: 256 * 1024 }), (bytes) => report.moved(0, bytes)),
    })
    const { size } = await stat(path)
    const progress = rows === undefined ? nothingYet : { rows, bytes: size, parts: 1, totalRows: rows }
    return { progress, ...(rows === undefined ? { alreadyExported: true } : {}) }
  } catch (error) {
    signal.throwIfAborted()
    throw error
  } finally {
    signal.removeEventListener('abort', stop)
    await database.close()
  }
}

async function* counted(chunks: AsyncIterable<Uint8Array>, moved: (bytes: number) => void) {
  for await (const chunk of chunks) {
    yield chunk
    moved(chunk.byteLength)
  }
}

/** What is appended once: the same rows of the same version. A path may hold other rows the next time. */
const onceOf = (transfer: DataExport) =>
  createHash('sha256')
    .update(
      JSON.stringify([
        transfer.status.assetId ?? transfer.key,
        transfer.properties.query ?? '',
        transfer.properties.target.table,
      ]),
    )
    .digest('hex')

const copyOptions: Readonly<Record<Format, string>> = {
  parquet: 'format parquet, compression zstd, row_group_size 122880',
  csv: 'format csv, header true',
  jsonl: 'format json',
}

async function writeFiles(
  transfer: DataExport,
  session: Session,
  question: string,
  folder: string,
): Promise<Written> {
  const { format, isFile } = fileFormat(transfer.properties.target)
  const prefix = nameOf(transfer)
  const files = join(folder, 'files')
  const to = isFile
    ? `${literal(join(files, basename(transfer.properties.target.path ?? '')))} (${copyOptions[format]})`
    : `${literal(files)} (${copyOptions[format]}, file_size_bytes '128MB', overwrite_or_ignore, file_extension ${literal(format)}, filename_pattern ${literal(`${prefix}-{i}`)})`
  const { rows: count } = await session.all(`copy (${question}\n) to ${to}`)
  return { rows: Number(count[0]?.[0] ?? 0), columns: [] }
}

/** Names of an export's files: the same for the same version, so that a second export takes the first one's place. */
const nameOf = ({ name, status: { assetId } }: DataExport) => {
  const [, asset, version] = /\/data\/([^/]+)\/versions\/([^/]+)$/i.exec(assetId ?? '') ?? []
  return partName(asset === undefined ? name : `${asset}-${version}`)
}

async function putFiles(transfer: DataExport, { rows }: Written, folder: string, running: Running) {
  const { platform, signal, report } = running
  const { target, mode } = transfer.properties
  const { format, isFile } = fileFormat(target)
  const path = (target.path ?? '').replace(/\/+$/, '')
  const root = isFile ? dirname(path) : path
  const place = await openPlace(platform, transfer.scope, root)
  const files = join(folder, 'files')
  const names = (await readdir(files)).toSorted()
  let bytes = 0
  for (const [i, name] of names.entries()) {
    signal.throwIfAborted()
    await place.put(name, join(files, name))
    bytes += (await stat(join(files, name))).size
    await report.keep({ rows: 0, bytes, parts: i + 1, totalRows: rows }, {})
  }
  // Only when all of the new ones are there: whoever reads meanwhile finds too much rather than too little.
  if (mode === 'replace' && !isFile)
    for (const name of await place.names())
      if (name.endsWith(`.${format}`) && !name.includes('/') && !names.includes(name))
        await place.remove(name)
  return {
    progress: { rows, bytes, parts: names.length, totalRows: rows },
    uris: names.map((name) => `${root}/${name}`),
  }
}

function edgeOf(transfer: DataExport) {
  const { target } = transfer.properties
  const to = target.connection
    ? childId(transfer.scope, 'connections', connectionName(target.connection))
    : (target.path ?? '')
  return { from: readBy(transfer), to, kind: 'exported' as const, name: transfer.name }
}
