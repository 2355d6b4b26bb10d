/** What the reading process is asked, one line of JSON each; it answers in the same order. */
export type Order =
  | { readonly do: 'describe'; readonly question: string }
  | { readonly do: 'row'; readonly sql: string }
  | { readonly do: 'rows'; readonly sql: string }

/** Kinds of frames that it answers with: a byte, the length in four bytes (little-endian), and the content. */
export const frames = {
  /** An answer in JSON, which ends an order. */
  answer: 0x41,
  /** A failure as JSON, which ends an order: the words of SQLite and the number of its code. */
  failure: 0x46,
  /** One row as CSV; an empty `answer` follows the last one. */
  row: 0x52,
} as const

export const frameHead = 5

export interface DescribedColumn {
  readonly name: string
  /** The type that a table's column was declared with; null for an expression. */
  readonly declared: string | null
  /** Which kinds of values there are, for an expression: `integer`, `real`, `text`, `blob`; null is none. */
  readonly kinds: readonly string[]
}

export interface Failed {
  readonly code: number
  readonly message: string
}
