import { join } from 'node:path'
import { identifier, type Session } from '../../../analytics/analytics.ts'
import { errors } from '../../../kernel/errors.ts'
import { resolve } from '../../resolve.ts'
import { withTables } from '../../tables/with-tables.ts'
import { openLocally } from '../../transfer.ts'
import { cellText } from '../cell-text.ts'
import { partName } from '../part-name.ts'
import type { Place } from '../place.ts'
import type { Running } from '../transfer-reconciler.ts'
import type { Reporter } from '../reporter.ts'
import { nothingYet } from '../transfer.ts'
import { withWorkFolder } from '../work-folder.ts'
import type { Imported, Since } from './from-database.ts'
import type { DataImport } from './import.ts'
import { convertRelation } from './parquet.ts'
import { sourcePath } from './source-path.ts'
import { checkSchema, findColumn, schemaOf } from './schema.ts'

/** Copies the files at a path as they are, as Azure does for `uri_folder`. Starts anew when it is called again. */
export async function importFiles(
  transfer: DataImport,
  place: Place,
  { platform, signal, report }: Running,
): Promise<void> {
  const path = await sourcePath(platform, transfer.scope, transfer.properties.source)
  for (const name of await place.names()) await place.remove(name)
  await report.keep(nothingYet, {})
  const { location } = await resolve(platform, transfer.scope, path)
  const opened = await openLocally(platform, location, signal)
  try {
    let parts = 0
    for (const file of opened.files) {
      signal.throwIfAborted()
      const name =
        opened.kind === 'file' ? (file.path.split('/').at(-1) ?? '') : file.path.slice(opened.path.length + 1)
      await place.put(name, file.path)
      const { bytes } = report.progress()
      await report.keep({ rows: 0, bytes: bytes + file.bytes, parts: ++parts }, {})
    }
    if (parts === 0) throw errors.badRequest(`There are no files at '${path}'.`)
  } finally {
    await opened.release()
  }
}

/** Brings a table in files (CSV, JSON Lines, Parquet, MLTable) into Parquet files. Starts anew when it is called again. */
export async function importTable(
  transfer: DataImport,
  place: Place,
  since: Since,
  running: Running,
): Promise<Imported> {
  const { platform, signal, report } = running
  const path = await sourcePath(platform, transfer.scope, transfer.properties.source)
  for (const name of await place.names()) await place.remove(name)
  await report.keep(nothingYet, {})
  return withWorkFolder(platform, transfer, (folder) =>
    withTables(
      platform,
      transfer.scope,
      { source: path },
      (session) => convert(transfer, place, since, { session, report, made: join(folder, 'files') }),
      { signal, writes: [folder] },
    ),
  )
}

async function convert(
  { name, properties: { incremental } }: DataImport,
  place: Place,
  since: Since,
  { session, report, made }: { readonly session: Session; readonly report: Reporter; readonly made: string },
): Promise<Imported> {
  const described = await session.all('select column_name, column_type from (describe source)')
  const columns = described.rows.map(([name, type], position) => ({
    name: cellText(name),
    duckdb: cellText(type),
    type: cellText(type),
    cast: '$',
    position,
  }))
  checkSchema(columns, since)
  let watermark = since.after
  if (incremental) {
    const column = identifier(findColumn(columns, incremental.column).name)
    const beyond = since.after === undefined ? `${column} is not null` : `${column} > $1`
    const values = since.after === undefined ? [] : [since.after]
    await session.run(
      `create temp table increment as select * from source where ${beyond} order by ${column}`,
      values,
    )
    const { rows } = await session.all(`select max(${column})::varchar from increment`)
    watermark = typeof rows[0]?.[0] === 'string' ? rows[0][0] : watermark
  }
  const files = await convertRelation(
    session,
    incremental ? 'increment' : 'source',
    made,
    `${partName(name)}-`,
  )
  let [rows, parts] = [0, 0]
  for (const file of files) {
    // An increment without rows adds no file to those of the version before.
    if (file.rows === 0 && since.version !== undefined) continue
    await place.put(file.name, join(made, file.name))
    rows += file.rows
    await report.keep({ rows, bytes: 0, parts: ++parts }, {})
  }
  return {
    rows,
    schema: schemaOf(columns),
    warnings: [],
    ...(watermark === undefined ? {} : { watermark }),
  }
}
