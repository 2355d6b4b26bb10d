import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { sql } from 'kysely'
import type { Store } from '../database.ts'
import { migrate } from '../migrate.ts'
import { NewerStore } from '../newer-store.ts'

/** What every store promises of its schema's steps. */
export function migrateContract(store: Store): void {
  describe(`the steps of the schema in ${store.dialect}`, () => {
    const { db, dialect } = store
    const stepsTaken = async () =>
      (await sql<{ name: string }>`select name, timestamp from kysely_migration order by name`.execute(db))
        .rows

    test('are taken once', async () => {
      const before = await stepsTaken()
      assert.ok(before.length > 5)
      await migrate(db, dialect)
      assert.deepEqual(await stepsTaken(), before)
    })

    test('of a newer Twinloop are said to be so, and nothing is written', async (context) => {
      const newer = sql`insert into kysely_migration (name, timestamp) values ('9999-dreams', '2031-01-01T00:00:00Z')`
      await newer.execute(db)
      context.after(() => sql`delete from kysely_migration where name = '9999-dreams'`.execute(db))
      const before = await stepsTaken()
      await assert.rejects(migrate(db, dialect), (error) => {
        assert.ok(error instanceof NewerStore)
        assert.match(
          error.message,
          /newer Twinloop: .* step 9999-dreams, .* up to \d{4}-.*or use another home/,
        )
        return true
      })
      assert.deepEqual(await stepsTaken(), before)
    })

    test('of a newer Twinloop are seen before those that are lacking are taken', async (context) => {
      const older = (await stepsTaken()).at(-1)?.name ?? ''
      await sql`update kysely_migration set name = '9999-dreams' where name = ${older}`.execute(db)
      context.after(() =>
        sql`update kysely_migration set name = ${older} where name = '9999-dreams'`.execute(db),
      )
      await assert.rejects(migrate(db, dialect), NewerStore)
      assert.equal((await stepsTaken()).at(-1)?.name, '9999-dreams')
    })
  })
}
