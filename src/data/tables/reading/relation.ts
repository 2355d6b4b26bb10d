import { literal } from '../../../analytics/analytics.ts'

/** Rows as a `select`, with what a reader should know of them. */
export interface Relation {
  readonly sql: string
  readonly notes: readonly string[]
}

/** What every reader is told. */
export interface ReadOptions {
  /** Whether folders such as `year=2013` are columns of the table. */
  readonly isPartitioned?: boolean
  /** Adds a column of this name with the path of each row's file. */
  readonly fileColumn?: string
}

/** The same for DuckDB's readers. */
export const commonSettings = ({ isPartitioned = false, fileColumn }: ReadOptions): readonly string[] => [
  `hive_partitioning = ${isPartitioned}`,
  ...(fileColumn === undefined ? [] : [`filename = ${literal(fileColumn)}`]),
]

export const fileList = (files: readonly { readonly path: string }[]): string =>
  `[${files.map(({ path }) => literal(path)).join(', ')}]`
