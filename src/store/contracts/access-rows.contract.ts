import assert from 'node:assert/strict'
import { beforeEach, describe, test } from 'node:test'
import {
  auditOf,
  deleteExpiredTokens,
  deletePrincipal,
  deleteTokens,
  insertAudit,
  insertToken,
  listPrincipals,
  makerOf,
  principalOfToken,
  redeemToken,
  signInLink,
  tokenUses,
  touchToken,
  upsertPrincipal,
} from '../access-rows.ts'
import type { Store } from '../database.ts'

/** What every store promises of principals, tokens and the audit log. */
export function accessRowsContract(store: Store): void {
  describe(`access in ${store.dialect}`, () => {
    const { db } = store
    const token = (hash: string, over: { purpose?: string; expires_at?: number; scope?: string } = {}) =>
      insertToken(db, {
        hash,
        principal_id: 'p',
        purpose: 'test',
        scope: '',
        created_at: 1,
        expires_at: null,
        ...over,
      })
    const bearer = async (hash: string, now = 10) => (await principalOfToken(db, hash, now))?.id
    beforeEach(async () => {
      await db.deleteFrom('principals').execute()
      await db.deleteFrom('tokens').execute()
      await db.deleteFrom('audit').execute()
      await upsertPrincipal(db, { id: 'p', name: 'first', kind: 'User' }, 1)
    })

    test('a token finds its principal until it expires', async () => {
      await token('forever', { scope: '/w/dev' })
      await token('short', { expires_at: 10 })
      const found = await principalOfToken(db, 'forever', 10)
      assert.deepEqual(
        { ...found },
        { id: 'p', name: 'first', kind: 'User', scope: '/w/dev', expires_at: null, last_used_at: null },
      )
      assert.equal(await bearer('short', 9), 'p')
      assert.equal(await bearer('short', 10), undefined)
      assert.equal(await bearer('unknown'), undefined)
      await deleteExpiredTokens(db, 10)
      assert.equal(await bearer('short', 9), undefined)
      assert.equal(await bearer('forever'), 'p')
    })

    test('a principal is renamed and disabled; what is not said stays', async () => {
      await token('t')
      await upsertPrincipal(db, { id: 'p', name: 'second', kind: 'User', disabled: true }, 2)
      assert.equal(await bearer('t'), undefined)
      await upsertPrincipal(db, { id: 'p', name: 'third', kind: 'User' }, 3)
      assert.equal(await bearer('t'), undefined)
      await upsertPrincipal(db, { id: 'p', name: 'third', kind: 'User', disabled: false }, 4)
      assert.equal((await principalOfToken(db, 't', 10))?.name, 'third')
    })

    test('a link is used up by one of two who try at once, and is no token', async () => {
      await token('link', { purpose: signInLink, expires_at: 100 })
      assert.equal(await bearer('link'), undefined)
      assert.equal(await redeemToken(db, 'link', 'another purpose', 10), undefined)
      const tries = await Promise.all([1, 2].map(() => redeemToken(db, 'link', signInLink, 10)))
      assert.deepEqual(
        tries.filter((t) => t !== undefined),
        ['p'],
      )
      await token('late', { purpose: signInLink, expires_at: 100 })
      assert.equal(await redeemToken(db, 'late', signInLink, 101), undefined)
    })

    test('principals are listed with whether they are disabled', async () => {
      await upsertPrincipal(db, { id: 'q', name: 'second', kind: 'Application', disabled: true }, 1)
      assert.deepEqual(
        (await listPrincipals(db)).map((row) => ({ ...row })),
        [
          { id: 'p', name: 'first', kind: 'User', disabled: 0 },
          { id: 'q', name: 'second', kind: 'Application', disabled: 1 },
        ],
      )
    })

    test('whoever made a resource is known by what they did last', async () => {
      const audited = { time: 1, operation: 'write', status: 200, request_id: '', resource: '/w/a' }
      await insertAudit(db, { ...audited, actor: 'first', detail: 'created' })
      await insertAudit(db, { ...audited, actor: 'other', detail: 'deleted' })
      await insertAudit(db, { ...audited, actor: 'second', detail: 'created' })
      await insertAudit(db, { ...audited, actor: 'third', detail: 'replaced' })
      await insertAudit(db, { ...audited, actor: 'below', detail: 'created', resource: '/w/a/b' })
      assert.equal(await makerOf(db, '/w/a'), 'second')
      assert.equal(await makerOf(db, '/w'), undefined)
    })

    test('tokens go by purpose, and all with their principal', async () => {
      await token('a', { purpose: 'x' })
      await token('b', { purpose: 'y' })
      await deleteTokens(db, 'p', 'x')
      assert.deepEqual([await bearer('a'), await bearer('b')], [undefined, 'p'])
      await deletePrincipal(db, 'p')
      assert.equal(await bearer('b'), undefined)
      assert.deepEqual(await db.selectFrom('tokens').select('hash').execute(), [])
    })

    test('the audit of a resource is its own and that of what is below, newest first', async () => {
      const audited = { time: 1, actor: 'p', operation: 'write', status: 200, request_id: '', detail: '' }
      for (const resource of ['/w/a', '/w/a/models/m', '/w/ab', '/w/a'])
        await insertAudit(db, { ...audited, resource })
      const rows = await auditOf(db, '/w/a', 10)
      assert.deepEqual(
        rows.map((r) => r.resource),
        ['/w/a', '/w/a/models/m', '/w/a'],
      )
      const [newest] = rows
      assert.equal((await auditOf(db, '/w/a', 1, newest?.seq)).at(0)?.resource, '/w/a/models/m')
      assert.equal((await auditOf(db, '', 10)).length, 4, 'of the whole server, everything')
    })

    test('the audit is asked by who, what and when', async () => {
      const entry = { resource: '/w', status: 200, detail: '' }
      for (const [time, actor, operation, request_id] of [
        [1, 'ana', 'M/workspaces/jobs/write', 'r1'],
        [2, 'bo', 'M/workspaces/jobs/delete', 'r2'],
        [3, 'ana', 'A/roleAssignments/write', 'r3'],
      ] as const)
        await insertAudit(db, { ...entry, time, actor, operation, request_id })
      const times = async (filter: Parameters<typeof auditOf>[4]) =>
        (await auditOf(db, '/w', 10, undefined, filter)).map(({ time }) => time)
      assert.deepEqual(await times({ actors: ['ana'] }), [3, 1])
      assert.deepEqual(await times({ actors: ['ana', 'bo'], operation: 'JOBS/' }), [2, 1])
      assert.deepEqual(await times({ from: 2, to: 2 }), [2])
      assert.deepEqual(await times({ requestId: 'r3' }), [3])
    })

    test('it is known when a token was used last', async () => {
      await token('t', { purpose: 'password 1' })
      const uses = async () => (await tokenUses(db, 'p')).map((use) => ({ ...use }))
      assert.deepEqual(await uses(), [{ purpose: 'password 1', last_used_at: null }])
      await touchToken(db, 't', 7)
      assert.equal(Number((await uses())[0]?.last_used_at), 7)
    })
  })
}
