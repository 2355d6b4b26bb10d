/**
 * A database that questions can be put to. Everything is asked in one read-only transaction, so that all answers are of
 * the same moment. Throws a `UserError` for what the user must mend (the query, the credentials) and a `ConnectionLost`
 * for what may be better the next time; neither names a secret.
 */
export interface SqlSource {
  /**
   * The columns that a query answers with. Throws badRequest if it is no single question, if two columns have the same
   * name, or if the database refuses it, in the database's words.
   */
  describe(query: string): Promise<readonly SourceColumn[]>
  /** What of the query's rows lies beyond `after` in one of its columns, as the database orders its values. */
  span(query: string, columns: readonly SourceColumn[], column: SourceColumn, after?: string): Promise<Span>
  /**
   * The rows of a query that was described, in files, each ended at about `partBytes`. With an `order`, only the rows of that span in the
   * order of its column, and no two files share a value: whoever has used a file can go on from its `last`. The next
   * file is fetched when the one before has been used, so that no more than one lies on the disk.
   */
  read(query: string, options: ReadOptions): AsyncIterable<SourcePart>
  /** Ends the transaction and the connection, whatever they are doing. */
  close(): Promise<void>
}

export interface SourceColumn {
  readonly name: string
  /** 0 for the first. */
  readonly position: number
  /** The database's own name of the type, e.g. `numeric(12,2)`. */
  readonly type: string
  /** DuckDB's type that holds it. */
  readonly duckdb: string
  /** DuckDB's expression that makes it of the text in the file; `$` stands for the text. */
  readonly cast: string
  /** What is lost on the way, if anything, as a sentence. */
  readonly warning?: string
}

export interface Span {
  /** Rows beyond `after` whose value is not null. */
  readonly rows: number
  /** The highest value as text; undefined if there are no rows. */
  readonly high: string | undefined
  /** Rows without a value, which belong to no span. */
  readonly nulls: number
}

export interface ReadOptions {
  readonly columns: readonly SourceColumn[]
  /** Where files are written: a folder of the caller's. */
  readonly folder: string
  readonly partBytes: number
  readonly order?: { readonly column: SourceColumn; readonly after?: string; readonly upTo: string }
  /** Told of rows and bytes as they come. */
  readonly arrived?: (rows: number, bytes: number) => void
}

/** Rows as text: CSV by RFC 4180 without a header, in which null is an empty field and every other value is quoted. */
export interface SourcePart {
  readonly path: string
  readonly rows: number
  readonly bytes: number
  /** Length of the longest row in bytes: readers of CSV have to know. */
  readonly longestRow: number
  /** Values that are null here because no type could hold them: MySQL's dates without a month or a day. */
  readonly nulled: number
  /** The highest value of the order's column in this file. */
  readonly last?: string
}

/** The connection broke, or could not be made: nothing is wrong with what was asked. */
export class ConnectionLost extends Error {}
