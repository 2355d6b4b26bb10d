import type { Json } from '../client/client.ts'
import { clean } from '../present/present.ts'
import type { DataExport, DataImport } from '../yaml/shapes/transfer.ts'

/** The properties of a data import, as azure-ai-ml sends them in schedules, with what Twinloop adds. */
export function importProperties(value: DataImport & { readonly name: string }): Json {
  const { type, ...source } = value.source
  return clean({
    assetName: value.name,
    assetVersion: value.version,
    dataType: value.type ?? 'mltable',
    dataUri: value.path,
    description: value.description,
    tags: value.tags,
    properties: value.properties,
    source: clean({ sourceType: type, ...source }),
    incremental: value.incremental && clean({ ...value.incremental }),
    full: value.full,
    timeout: value.timeout,
  })
}

/** The properties of a data export. */
export function exportProperties(value: DataExport): Json {
  const { type, ...target } = value.target
  return clean({
    source: value.data,
    query: value.query,
    target: clean({ targetType: type, ...target }),
    mode: value.mode ?? 'replace',
    keys: value.key,
    description: value.description,
    tags: value.tags,
    properties: value.properties,
    timeout: value.timeout,
  })
}
