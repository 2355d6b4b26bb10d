import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { sql } from 'kysely'
import { tellable } from '../kernel/errors.ts'
import { openSqlite } from './sqlite.ts'

test('a failed transaction leaves nothing behind', async () => {
  const store = await openSqlite(':memory:')
  const secret = { name: 'a', value: 'b', modified_at: 1 }
  await assert.rejects(
    store.transaction(async (tx) => {
      await tx.insertInto('secrets').values(secret).execute()
      throw new Error('no')
    }),
    /no/,
  )
  assert.deepEqual(await store.db.selectFrom('secrets').selectAll().execute(), [])
  await store.transaction((tx) => tx.insertInto('secrets').values(secret).execute())
  assert.equal((await store.db.selectFrom('secrets').selectAll().execute()).length, 1)
  await store.close()
})

test('a full disk is said to be one, and what was there stays', async () => {
  const home = mkdtempSync(join(tmpdir(), 'twinloop-'))
  const store = await openSqlite(join(home, 'store.db'))
  const pages = await sql<{ page_count: number }>`pragma page_count`.execute(store.db)
  await sql`pragma max_page_count = ${sql.lit((pages.rows[0]?.page_count ?? 0) + 20)}`.execute(store.db)
  const add = (name: string, size: number) =>
    store.transaction((tx) =>
      tx
        .insertInto('secrets')
        .values({ name, value: 'x'.repeat(size), modified_at: 1 })
        .execute(),
    )
  await add('small', 10)
  await assert.rejects(add('large', 1e6), (error) => tellable(error)?.kind.status === 507)
  await add('small too', 10)
  const kept = await store.db.selectFrom('secrets').select('name').orderBy('name').execute()
  assert.deepEqual(
    kept.map((row) => row.name),
    ['small', 'small too'],
  )
  await store.close()
  rmSync(home, { recursive: true })
})
