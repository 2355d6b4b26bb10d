import { z } from 'zod'
import type { Json } from '../../../kernel/resources/resource.ts'
import { assetFields, oneOf } from '../../../kernel/resources/schema.ts'
import type { Transfer } from '../transfer-reconciler.ts'
import type { TransferState } from '../transfer.ts'

const source = z.looseObject({
  sourceType: oneOf(['database', 'file_system']),
  connection: z.string().nullish(),
  query: z.string().nullish(),
  path: z.string().nullish(),
})

/** Azure's definition of an import, with what Twinloop adds: `incremental`, `full` and `timeout`. */
export const importSchema = z.looseObject({
  ...assetFields,
  assetName: z.string().min(1),
  assetVersion: z.string().nullish(),
  dataType: oneOf(['uri_folder', 'mltable']).default('mltable'),
  /** Where the files go; `${{name}}` is the import's own name, and is added where it is missing. */
  dataUri: z.string().nullish(),
  source,
  incremental: z
    .looseObject({
      column: z.string().min(1),
      /** The first import takes rows beyond this value only. */
      from: z.union([z.string(), z.number()]).transform(String).nullish(),
    })
    .nullish(),
  /** Everything again, even where an earlier import could be continued. */
  full: z.boolean().nullish(),
  /** Seconds, or an ISO 8601 duration: as long may the database take for the query. */
  timeout: z.union([z.string(), z.number()]).nullish(),
})
export type ImportProperties = z.infer<typeof importSchema>

/** Where an import that is not ended has come to, in the order of its column: the next server goes on from here. */
export interface Checkpoint {
  /** Columns with their types, as the rows so far have them. */
  readonly columns: string
  /** Everything up to here has been stored. */
  readonly after?: string
  /** Up to here it will take. */
  readonly upTo: string
  readonly totalRows: number
  /** Rows without a value, which are left out. */
  readonly nulls: number
  /** Values so far that no type could hold, and are null. */
  readonly nulled?: number
}

export interface ImportState extends TransferState {
  /** Where the files are. */
  readonly dataUri: string
  /** Id of the version that was made, or (if nothing was new) of the one that is still up to date. */
  readonly assetId?: string
  /** Id of the version that an incremental import continues. */
  readonly base?: string
  readonly watermark?: string
  readonly checkpoint?: Checkpoint
}

export type DataImport = Transfer<ImportProperties, ImportState>

/** What a version says of the import that it came of, among its properties. */
export const provenance = {
  import: 'twinloop.import',
  rows: 'twinloop.import.rows',
  schema: 'twinloop.import.schema',
  column: 'twinloop.import.column',
  watermark: 'twinloop.import.watermark',
} as const

/** A property of a version that an import left there. */
export const saidOf = (properties: Json, what: keyof typeof provenance): string | undefined => {
  const value = (properties['properties'] as Json | null | undefined)?.[provenance[what]]
  return typeof value === 'string' ? value : undefined
}
