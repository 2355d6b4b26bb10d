import { z } from 'zod'
import { oneOf, textMap } from '../../../kernel/resources/schema.ts'
import type { Transfer } from '../transfer-reconciler.ts'
import type { TransferState } from '../transfer.ts'

export const formats = ['parquet', 'csv', 'jsonl'] as const
export type Format = (typeof formats)[number]

const target = z.looseObject({
  targetType: oneOf(['database', 'file_system']),
  connection: z.string().nullish(),
  /** `table` or `schema.table`. */
  table: z.string().nullish(),
  /** Reference to a folder, or to one file by its extension. */
  path: z.string().nullish(),
  format: oneOf(formats, { json: 'jsonl', jsonlines: 'jsonl' }).nullish(),
})

/** What is written where. */
export const exportSchema = z.looseObject({
  description: z.string().nullish(),
  tags: textMap.nullish(),
  properties: textMap.nullish(),
  isArchived: z.boolean().nullish(),
  /** Reference to the data, e.g. `azureml:flights:3`, or a path with a job's predictions. */
  source: z.string().min(1),
  /** A select over `data`, which is the source. Default: all of it. */
  query: z.string().nullish(),
  target,
  mode: oneOf(['append', 'replace', 'upsert']).default('replace'),
  keys: z.array(z.string().min(1)).nullish(),
  timeout: z.union([z.string(), z.number()]).nullish(),
})
export type ExportProperties = z.infer<typeof exportSchema>

export interface ExportState extends TransferState {
  /** The version that the source meant when the export was asked for. */
  readonly assetId?: string
  /** True if this was appended by an earlier export, so that nothing was written. */
  readonly alreadyExported?: boolean
  /** Where the files are that were written. */
  readonly uris?: readonly string[]
}

export type DataExport = Transfer<ExportProperties, ExportState>

/** What is read: the version that was meant when it was asked for, or the path as it is. */
export const readBy = ({ properties, status }: DataExport): string => status.assetId ?? properties.source
