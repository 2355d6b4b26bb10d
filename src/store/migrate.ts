import { sql, type Kysely } from 'kysely'
import { DEFAULT_MIGRATION_TABLE, Migrator, type Migration } from 'kysely/migration'
import type { Database, Store } from './database.ts'
import { blobs } from './migrations/0002-blobs.ts'
import { kernel } from './migrations/0001-kernel.ts'
import { tracking } from './migrations/0003-tracking.ts'
import { jobLookups } from './migrations/0004-job-lookups.ts'
import { lineage } from './migrations/0005-lineage.ts'
import { series } from './migrations/0007-series.ts'
import { approvalLinks } from './migrations/0008-approval-links.ts'
import { monitors } from './migrations/0009-monitors.ts'
import { alerts } from './migrations/0010-alerts.ts'
import { administration } from './migrations/0011-administration.ts'
import { jobLists } from './migrations/0012-job-lists.ts'
import { NewerStore } from './newer-store.ts'

/** One step of the schema. Once released it never changes: a correction is a further step. */
export type SchemaStep = (db: Kysely<Database>, dialect: Store['dialect']) => Promise<void>

/** Every step, in the order in which it is applied. */
const steps: Readonly<Record<string, SchemaStep>> = {
  '0001-kernel': kernel,
  '0002-blobs': blobs,
  '0003-tracking': tracking,
  '0004-job-lookups': jobLookups,
  '0005-lineage': lineage,
  '0007-series': series,
  '0008-approval-links': approvalLinks,
  '0009-monitors': monitors,
  '0010-alerts': alerts,
  '0011-administration': administration,
  '0012-job-lists': jobLists,
}

/**
 * Brings the schema up to date; several servers may start at once, one of them does it. Throws NewerStore, having written
 * nothing, where a newer Twinloop was here.
 */
export async function migrate(db: Kysely<Database>, dialect: Store['dialect']): Promise<void> {
  const unknown = (await stepsTaken(db)).findLast((name) => !(name in steps))
  if (unknown !== undefined) throw new NewerStore(unknown, Object.keys(steps).at(-1) ?? '')
  const migrations = Object.fromEntries(
    Object.entries(steps).map(([name, up]): [string, Migration] => [
      name,
      { up: (inner) => up(inner as Kysely<Database>, dialect) },
    ]),
  )
  const { error } = await new Migrator({
    db,
    provider: { getMigrations: async () => migrations },
  }).migrateToLatest()
  if (error !== undefined) throw error as Error
}

/** Names of the steps that a store has taken, in their order; none where it is new. */
async function stepsTaken(db: Kysely<Database>): Promise<readonly string[]> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true })
  if (!tables.some(({ name }) => name === DEFAULT_MIGRATION_TABLE)) return []
  const { rows } = await sql<{
    readonly name: string
  }>`select name from ${sql.table(DEFAULT_MIGRATION_TABLE)} order by name`.execute(db)
  return rows.map(({ name }) => name)
}
