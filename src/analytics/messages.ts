import type { AnalyticsFailure, Cell, Column, Row, Table, Value } from './analytics.ts'
import type { CountOptions, Histogram } from './histograms/grid.ts'

/** What the server asks of the child, one thing after another; `open` comes first. */
export type Order =
  | { readonly do: 'open'; readonly settings: SessionSettings }
  | { readonly do: 'run'; readonly sql: string; readonly values: readonly Value[] }
  | { readonly do: 'all'; readonly sql: string; readonly values: readonly Value[] }
  | { readonly do: 'stream'; readonly sql: string; readonly values: readonly Value[] }
  | { readonly do: 'select'; readonly sql: string; readonly limit: number }
  | { readonly do: 'next'; readonly stream: number }
  | { readonly do: 'end'; readonly stream: number }
  | { readonly do: 'append'; readonly table: string; readonly rows: readonly (readonly (Cell | Value)[])[] }
  | { readonly do: 'tablesIn'; readonly sql: string }
  | { readonly do: 'histograms'; readonly sql: string; readonly options: CountOptions }
  | { readonly do: 'close' }

export interface SessionSettings {
  readonly reads: readonly string[]
  readonly writes: readonly string[]
  readonly memoryBytes: number
  readonly threads: number
  /** Folder for what does not fit into memory; the child's alone. */
  readonly spill: string
}

/** What each order is answered with. */
export interface Answers {
  readonly open: undefined
  readonly run: undefined
  readonly all: Table
  readonly select: Table & { readonly truncated: boolean }
  readonly stream: { readonly stream: number; readonly columns: readonly Column[] }
  /** Undefined at the end. */
  readonly next: readonly Row[] | undefined
  readonly end: undefined
  readonly append: undefined
  readonly tablesIn: readonly string[]
  readonly histograms: readonly Histogram[]
  readonly close: undefined
}

export type Request = Order & { readonly id: number }

export type Reply =
  | { readonly id: number; readonly answer: unknown }
  | { readonly id: number; readonly failed: { readonly kind: AnalyticsFailure; readonly message: string } }
