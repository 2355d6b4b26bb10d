import type { Resource } from '../../kernel/resources/resource.ts'
import type { Reference } from '../locations.ts'

/** What is asked of in SQL: a view of that name in the session, with what is known of where its rows come from. */
export interface DataTable {
  /** Name of the view, to be quoted with `identifier`. */
  readonly name: string
  readonly format: 'parquet' | 'csv' | 'json' | 'mltable'
  /** The local files that it reads, with their sizes in bytes. */
  readonly files: readonly { readonly path: string; readonly bytes: number }[]
  /** The version of an asset that the reference named; undefined for a bare path. */
  readonly version?: Resource
  /** What a reader should know of how the files were read: the encoding assumed, lines that were left out, … */
  readonly notes: readonly string[]
}

/** Views to be made, by name: a reference to data in any form that `parseReference` knows. */
export type TableReferences = Readonly<Record<string, string | Reference>>
