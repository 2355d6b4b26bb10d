import { boolean, choice, list, object, required, text } from '../shape.ts'
import type { Infer } from '../shape.ts'
import { header } from './values.ts'

/** What data are imported from. */
export const importSource = object('a source', {
  type: required(choice('database', 'file_system')),
  connection: text(),
  query: text(),
  path: text(),
})

/** Azure's DataImport, with `incremental`, `full` and `timeout` that Twinloop adds. */
export const dataImport = object('a data import', {
  ...header,
  version: text(),
  type: choice('mltable', 'uri_folder'),
  path: text(),
  source: required(importSource),
  incremental: object('an increment', { column: required(text()), from: text() }),
  full: boolean(),
  timeout: text(),
})
export type DataImport = Infer<typeof dataImport>

export const dataExport = object('a data export', {
  ...header,
  data: required(text()),
  query: text(),
  target: required(
    object('a target', {
      type: required(choice('database', 'file_system')),
      connection: text(),
      table: text(),
      path: text(),
      format: choice('parquet', 'csv', 'jsonl'),
    }),
  ),
  mode: choice('append', 'replace', 'upsert'),
  key: list(text()),
  timeout: text(),
})
export type DataExport = Infer<typeof dataExport>
