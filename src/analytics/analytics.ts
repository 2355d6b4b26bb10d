import type { CountOptions, Histogram } from './histograms/grid.ts'

/**
 * SQL over files larger than memory. Every session is a DuckDB database of its own, in a child process with a memory
 * limit that spills to disk: no question, however large or hostile, can take the server down.
 */
export interface Analytics {
  /**
   * Opens a session, waits for `use`, and closes it whatever happened. Sessions beyond what the machine can run at
   * once wait for their turn, first come first served. Throws an `AnalyticsError` whose `kind` says what went wrong
   * (the kernel's error catalogue knows what to tell of each), or the signal's reason if it was aborted.
   */
  session<T>(options: SessionOptions, use: (session: Session) => Promise<T>): Promise<T>
  /** Ends all children. Sessions that are open fail as `lost`. */
  stop(): Promise<void>
}

export interface SessionOptions {
  /** Absolute paths of the files and folders that SQL may read. All others are closed to it. */
  readonly reads?: readonly string[]
  /** Absolute paths of folders that `copy … to` may write below. */
  readonly writes?: readonly string[]
  /** Ends the session after so many milliseconds of work. No limit by default. */
  readonly timeoutMs?: number
  readonly signal?: AbortSignal
}

export interface Session {
  /** Runs one or more statements of ours, for what they do. */
  run(sql: string, values?: readonly Value[]): Promise<void>
  /** The answer to one statement of ours, whole: for answers that are known to be small. */
  all(sql: string, values?: readonly Value[]): Promise<Table>
  /**
   * The answer to a question that a user wrote: one `select` (or `with`, `values`, `describe`, `summarize`, `show`)
   * and nothing that writes or sets; at most `limit` rows, and `truncated` says whether there are more. Throws
   * `statement` with DuckDB's own words and place.
   */
  select(sql: string, options: { readonly limit: number }): Promise<Table & { readonly truncated: boolean }>
  /**
   * The answer to one statement of ours in parts of some thousand rows, each asked for when the one before has been
   * used. Other questions may be asked meanwhile.
   */
  stream(sql: string, values?: readonly Value[]): Promise<RowStream>
  /**
   * Appends rows to a table that is there, by position: all of them or none. What is not of the column's type is
   * cast as SQL does it (`'2013-01-31'` to a date). Throws `value`, naming the first row and column that do not fit.
   */
  append(table: string, rows: readonly (readonly (Cell | Value)[])[]): Promise<void>
  /** Names of the tables that a user's question speaks of, as it writes them. Throws `statement` if it is not SQL. */
  tablesIn(sql: string): Promise<readonly string[]>
  /**
   * Counts every column of the answer to one question of ours, each in the cells of the grid at its place, in one look
   * and with no more memory than the grids take. All columns are DOUBLE; nulls and what is not finite are passed over.
   */
  histograms(sql: string, options: CountOptions): Promise<readonly Histogram[]>
}

export interface RowStream extends AsyncIterable<readonly Row[]> {
  readonly columns: readonly Column[]
}

export interface Column {
  readonly name: string
  /** DuckDB's type, e.g. `BIGINT`, `DECIMAL(18,3)`, `TIMESTAMP`, `STRUCT(a INTEGER)`. */
  readonly type: string
}

export interface Table {
  readonly columns: readonly Column[]
  readonly rows: readonly Row[]
}

export type Row = readonly Cell[]

/**
 * A value as it crosses to the server. Integers that a JavaScript number holds exactly are numbers, larger ones and
 * decimals are strings in full; NaN and the infinities are themselves; dates, times and timestamps are ISO 8601
 * (`2013-01-31`, `2013-01-31T05:00:00`, with `Z` where they have a zone and a fraction where it is not zero); bytes are base64; lists are arrays,
 * structs and maps are objects.
 */
export type Cell = null | boolean | number | string | readonly Cell[] | { readonly [field: string]: Cell }

/** What may be bound to `$1`, `$2`, …, or appended. */
export type Value = null | boolean | number | bigint | string | Date

/**
 * Why a session could not do what was asked: `statement` (the SQL is wrong or not allowed), `value` (a value does not
 * fit), `memory` (more than the limit, even with spilling), `timeout`, `disk` (no room to spill), `crash` (DuckDB
 * itself failed over the data or the question, and would again), `lost` (the child ended). The message is for whoever asked.
 */
export class AnalyticsError extends Error {
  readonly kind: AnalyticsFailure

  constructor(kind: AnalyticsFailure, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'AnalyticsError'
    this.kind = kind
  }
}

export type AnalyticsFailure = 'statement' | 'value' | 'memory' | 'timeout' | 'disk' | 'crash' | 'lost'

/** A name as SQL quotes it: `"a ""quoted"" name"`. */
export const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`

/** A text as SQL quotes it: `'it''s'`. */
export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`

/**
 * A number as SQL has it to the last bit. Written without quotes, `0.1::double` is a decimal first, and the double that comes
 * of that may be the next one to it.
 */
export const double = (value: number): string => `'${value}'::double`
