/** A database into which tables are written. Throws as `SqlSource` does. */
export interface SqlTarget {
  /**
   * Writes rows into a table in one transaction: all of them or none. A table that is not there is made of the columns;
   * one that is there must have them, and may have more. Returns how many rows were written; undefined if `once` says
   * that this was written before.
   */
  write(table: TableName, columns: readonly TargetColumn[], writing: Writing): Promise<number | undefined>
  close(): Promise<void>
}

export interface TableName {
  readonly schema: string | undefined
  readonly name: string
}

export interface TargetColumn {
  readonly name: string
  /** The database's type, for a table that has to be made. */
  readonly type: string
}

export interface Writing {
  /** `append` adds rows, `replace` leaves no others, `upsert` takes the place of rows with the same key. */
  readonly mode: 'append' | 'replace' | 'upsert'
  /** Columns of the key, for `upsert`. */
  readonly keys: readonly string[]
  /** Rows appended under the same text are appended once, whoever asks for it. */
  readonly once: string
  /** CSV as `SourcePart` has it. */
  readonly rows: AsyncIterable<Uint8Array>
}
