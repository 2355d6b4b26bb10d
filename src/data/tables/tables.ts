import type { Session } from '../../analytics/analytics.ts'
import type { Resource } from '../../kernel/resources/resource.ts'
import type { Reference } from '../locations.ts'
import type { DataFile } from './files/data-file.ts'
import type { Relation } from './reading/relation.ts'

/** What is asked of in SQL: a view of that name in the session, with what is known of where its rows come from. */
export interface DataTable {
  /** Name of the view, to be quoted with `identifier`. */
  readonly name: string
  readonly format: 'parquet' | 'csv' | 'json' | 'mltable'
  /** The local files that its rows come from, as they were stored, with their sizes in bytes. */
  readonly files: readonly DataFile[]
  /** The version of an asset that the reference named; undefined for a bare path. */
  readonly version?: Resource
  /** What a reader should know of how the files were read: the encoding assumed, files that were left out, … */
  readonly notes: readonly string[]
}

/** Views to be made, by name: a reference to data in any form that `parseReference` knows. */
export type TableReferences = Readonly<Record<string, string | Reference>>

/** Data that is local and known, and not yet read. */
export interface TableSource extends Pick<DataTable, 'format' | 'files' | 'notes'> {
  /** Paths that SQL will read. */
  readonly reads: readonly string[]
  /** The same files as SQL reads them: unpacked and recoded where they had to be. */
  readonly readable: readonly DataFile[]
  relation(session: Session): Promise<Relation>
}
