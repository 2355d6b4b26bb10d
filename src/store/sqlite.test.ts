import assert from 'node:assert/strict'
import { test } from 'node:test'
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
