import type { PGlite } from '@electric-sql/pglite'
import { Kysely, PGliteDialect } from 'kysely'
import type { Database, Store } from './database.ts'
import { migrate } from './migrate.ts'

/** PostgreSQL in this process, for tests: the same store on the other dialect, with nothing to install. */
export async function openPglite(pglite: PGlite): Promise<Store> {
  const db = new Kysely<Database>({ dialect: new PGliteDialect({ pglite }) })
  await migrate(db, 'postgres')
  return {
    db,
    dialect: 'postgres',
    transaction: (work) => db.transaction().execute(work),
    close: () => db.destroy(),
  }
}
