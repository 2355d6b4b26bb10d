import type { Kysely } from 'kysely'
import { Migrator, type Migration } from 'kysely/migration'
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

/** Brings the schema up to date; several servers may start at once, one of them does it. */
export async function migrate(db: Kysely<Database>, dialect: Store['dialect']): Promise<void> {
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
