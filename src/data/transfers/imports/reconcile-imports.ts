import { randomUUID } from 'node:crypto'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { childId } from '../../../kernel/resources/arm-id.ts'
import { errors } from '../../../kernel/errors.ts'
import type { Platform } from '../../../kernel/platform.ts'
import type { Resource } from '../../../kernel/resources/resource.ts'
import { recordLineage } from '../../lineage/record.ts'
import { connectionName } from '../databases/open-source.ts'
import { openLocally } from '../../transfer.ts'
import { openPlace, type Place } from '../place.ts'
import { transferReconciler, type Outcome, type Running, type TransferKind } from '../transfer-reconciler.ts'
import { importQuery, type Imported, type Since } from './from-database.ts'
import { importFiles, importTable } from './from-files.ts'
import { saidOf, type DataImport, type ImportProperties, type ImportState } from './import.ts'
import { dataImports } from './imports.ts'
import { differences } from './schema.ts'
import { lastImported, putVersion, versionOfImport } from './versions.ts'

/** Imports of an asset are done one after another: each continues what the one before has brought. */
export const importKind: TransferKind<ImportProperties, ImportState> = {
  name: 'data/imports',
  type: dataImports.type,
  lane: ({ assetName }) => assetName.toLowerCase(),
  run: runImport,
  async undo(transfer, platform) {
    // Cut off after its version was made: that one is whole, and stays.
    if ((await versionOfImport(platform, transfer)) !== undefined) return
    const place = await openPlace(platform, transfer.scope, transfer.status.dataUri)
    for (const name of await place.names()) await place.remove(name)
  },
}

export const importReconciler = transferReconciler(importKind)

async function runImport(transfer: DataImport, running: Running): Promise<Outcome> {
  const { platform } = running
  const made = await versionOfImport(platform, transfer)
  if (made !== undefined) return succeeded(transfer, platform, made, {})
  const { source, dataType, incremental } = transfer.properties
  const place = await openPlace(platform, transfer.scope, transfer.status.dataUri)
  if (dataType === 'uri_folder') {
    await importFiles(transfer, place, running)
    return succeeded(transfer, platform, await putVersion(platform, transfer, {}), {})
  }
  const last = await lastImported(platform, transfer)
  const { base, since } = startOf(transfer, last)
  const bring = source.sourceType === 'database' ? importQuery : importTable
  const imported = await bring(transfer, place, since, running)
  const { rows, watermark } = imported
  const warnings = [...imported.warnings, ...schemaWarning(imported, last, base)]
  const found = {
    ...(warnings.length === 0 ? {} : { warnings }),
    ...(watermark === undefined ? {} : { watermark }),
  }
  // Nothing new: the version that is there is all there is.
  if (base !== undefined && rows === 0) return succeeded(transfer, platform, base, found)
  const before = base === undefined ? 0 : await carryOver(platform, base, place, running.signal)
  await putTable(transfer, place, platform)
  const version = await putVersion(platform, transfer, {
    rows: String(before + rows),
    schema: imported.schema,
    ...(watermark === undefined || !incremental ? {} : { watermark, column: incremental.column }),
  })
  return succeeded(transfer, platform, version, found)
}

/** What an import continues: the version that was imported last, unless everything is wanted again. */
function startOf(
  { properties: { incremental, full, assetName } }: DataImport,
  last: Resource | undefined,
): { readonly base?: Resource; readonly since: Since } {
  if (!incremental) return { since: {} }
  const from = incremental.from ?? undefined
  const watermark = last && saidOf(last.properties, 'watermark')
  if (last === undefined || full === true || watermark === undefined)
    return { since: from === undefined ? {} : { after: from } }
  const column = saidOf(last.properties, 'column') ?? ''
  if (column.toLowerCase() !== incremental.column.toLowerCase())
    throw errors.conflict(
      `Version ${last.name} of '${assetName}' was imported by column '${column}'; going on by '${incremental.column}' could lose rows. ` +
        'Import everything again (full), or keep the column.',
    )
  const schema = saidOf(last.properties, 'schema')
  return {
    base: last,
    since: { after: watermark, version: last.name, ...(schema === undefined ? {} : { schema }) },
  }
}

/** A whole import may have other columns than the version before: it is said, and is no mistake. */
function schemaWarning(
  { schema }: Imported,
  last: Resource | undefined,
  base: Resource | undefined,
): readonly string[] {
  const was = last && saidOf(last.properties, 'schema')
  if (base !== undefined || last === undefined || was === undefined || was === schema) return []
  const columns = (JSON.parse(schema) as [string, string][]).map(([name, duckdb]) => ({ name, duckdb }))
  return [
    `The columns are other than those of version ${last.name}: ${differences(was, columns).join('; ')}.`,
  ]
}

/** Puts the files of the version before beside the new ones, and answers how many rows they have. */
async function carryOver(
  platform: Platform,
  base: Resource,
  place: Place,
  signal: AbortSignal,
): Promise<number> {
  const from = await openPlace(platform, base.scope, String(base.properties['dataUri']))
  const names = (await from.names()).filter((name) => name.endsWith('.parquet'))
  if (from.location.kind === 'blob' && place.location.kind === 'blob') {
    const [{ container, path }, to] = [from.location, place.location]
    for (const name of names)
      await platform.artifacts.copy(
        { container, path: `${path}/${name}` },
        { container: to.container, path: `${to.path}/${name}` },
      )
  } else {
    const opened = await openLocally(platform, from.location, signal)
    try {
      for (const name of names) await place.put(name, join(opened.path, name))
    } finally {
      await opened.release()
    }
  }
  return Number(saidOf(base.properties, 'rows') ?? 0)
}

/** Azure's description of a table: all Parquet files beside it. */
async function putTable(transfer: DataImport, place: Place, platform: Platform): Promise<void> {
  const file = join(platform.config.home, 'cache', `${randomUUID()}.MLTable`)
  await writeFile(
    file,
    'type: mltable\npaths:\n  - pattern: ./*.parquet\ntransformations:\n  - read_parquet:\n      include_path_column: false\n',
  )
  await place.put('MLTable', file)
  await rm(file)
}

async function succeeded(
  transfer: DataImport,
  platform: Platform,
  version: Resource,
  found: object,
): Promise<Outcome> {
  const { source } = transfer.properties
  const from = source.connection
    ? childId(transfer.scope, 'connections', connectionName(source.connection))
    : (source.path ?? '')
  const isNew = saidOf(version.properties, 'import') === transfer.name
  const edge = { from, to: version.id, kind: 'imported' as const, name: transfer.name }
  const at = platform.clock().getTime()
  return {
    status: { ...found, assetId: version.id, checkpoint: null },
    ...(isNew ? { also: async (db) => recordLineage(db, transfer.scope, [edge], at) } : {}),
  }
}
