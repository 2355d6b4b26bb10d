import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import * as fc from 'fast-check'
import type { Store } from '../../store/database.ts'
import { openSqlite } from '../../store/sqlite.ts'
import { createSecrets, readSecretKey } from './secrets.ts'

describe('secrets', () => {
  let store: Store
  before(async () => {
    store = await openSqlite(':memory:')
  })
  after(() => store.close())
  const key = Buffer.alloc(32, 7)
  const open = (k = key) => createSecrets({ store, key: k, clock: () => new Date(0) })
  const stored = (name: string) =>
    store.db.selectFrom('secrets').select('value').where('name', '=', name).executeTakeFirstOrThrow()

  test('come back as they were given, and are stored otherwise each time', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 200 }), async (value) => {
        await open().set('a', value)
        const first = (await stored('a')).value
        await open().set('a', value)
        assert.notEqual((await stored('a')).value, first)
        if (value.length > 5) assert.ok(!Buffer.from(first, 'base64').includes(value))
        assert.equal(await open().get('a'), value.toWellFormed())
      }),
      { numRuns: 50 },
    )
  })

  test('are not there after removal, nor under another name', async () => {
    await open().set('b', 'x')
    assert.equal(await open().get('B'), undefined)
    await open().remove('b')
    assert.equal(await open().get('b'), undefined)
  })

  test('altered, moved to another name or read with another key they do not open', async () => {
    await open().set('c', 'value')
    await assert.rejects(open(Buffer.alloc(32, 8)).get('c'), /secret 'c' does not open: secret\.key/)
    const { value } = await stored('c')
    const moved = { name: 'd', value, modified_at: 0 }
    await store.db.insertInto('secrets').values(moved).execute()
    await assert.rejects(open().get('d'), 'the name is bound to the value')
    const bytes = Buffer.from(value, 'base64')
    bytes[14] = (bytes[14] ?? 0) ^ 1
    await store.db
      .updateTable('secrets')
      .set({ value: bytes.toString('base64') })
      .where('name', '=', 'c')
      .execute()
    await assert.rejects(open().get('c'))
  })

  test('a failed transaction leaves the old one', async () => {
    await open().set('e', 'old')
    const failing = store.transaction(async (tx) => {
      await open().set('e', 'new', tx)
      throw new Error('no')
    })
    await assert.rejects(failing, /no/)
    assert.equal(await open().get('e'), 'old')
  })

  test('the key is made once, readable by its owner only, or given by the environment', () => {
    const home = mkdtempSync(join(tmpdir(), 'twinloop-'))
    const first = readSecretKey(home, {})
    assert.equal(first.length, 32)
    assert.deepEqual(readSecretKey(home, {}), first)
    assert.equal(statSync(join(home, 'secret.key')).mode & 0o777, 0o600)
    assert.equal(readFileSync(join(home, 'secret.key'), 'utf8'), first.toString('hex'))
    const given = 'ab'.repeat(32)
    assert.deepEqual(readSecretKey(home, { TWINLOOP_SECRET_KEY: given }), Buffer.from(given, 'hex'))
    assert.throws(() => readSecretKey(home, { TWINLOOP_SECRET_KEY: 'short' }), /64 hexadecimal/)
    rmSync(home, { recursive: true })
  })
})
