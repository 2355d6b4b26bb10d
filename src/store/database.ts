import type { Kysely, Transaction } from 'kysely'
import type { AlertTables } from './alert-tables.ts'
import type { ApprovalTables } from './approval-tables.ts'
import type { KernelTables } from './kernel-tables.ts'
import type { BlobTables } from './blob-tables.ts'
import type { LineageTables } from './lineage-tables.ts'
import type { MonitorTables } from './monitor-tables.ts'
import type { SeriesTables } from './series-tables.ts'
import type { TrackingTables } from './tracking-tables.ts'

/** Every table of the store, for SQLite and PostgreSQL alike. Each part of the house declares its own below. */
export interface Database
  extends
    KernelTables,
    BlobTables,
    TrackingTables,
    LineageTables,
    SeriesTables,
    ApprovalTables,
    MonitorTables,
    AlertTables {}

/** A connection or a transaction: queries are written once for both. */
export type Db = Kysely<Database> | Transaction<Database>

export interface Store {
  readonly db: Kysely<Database>
  readonly dialect: 'sqlite' | 'postgres'
  /** Runs `work` in one transaction; its error rolls back and is rethrown. Serialised on SQLite. */
  transaction<T>(work: (tx: Transaction<Database>) => Promise<T>): Promise<T>
  close(): Promise<void>
}
