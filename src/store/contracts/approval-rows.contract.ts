import assert from 'node:assert/strict'
import { beforeEach, describe, test } from 'node:test'
import {
  deleteApprovalLinks,
  findApprovalLink,
  insertApprovalLinks,
  useApprovalLink,
} from '../approval-rows.ts'
import type { Store } from '../database.ts'

/** What every store promises of links that decide. */
export function approvalRowsContract(store: Store): void {
  describe(`approval links in ${store.dialect}`, () => {
    const { db } = store
    const link = (hash: string) => ({
      hash,
      principal_id: 'ana',
      release: '/w/releaseplans/p/releases/1',
      stage: 'production',
      verdict: 'approve',
      evidence: 'e1',
      created_at: 1,
      expires_at: 100,
    })
    beforeEach(async () => {
      await db.deleteFrom('approval_links').execute()
      await insertApprovalLinks(db, [link('a'), link('b')])
    })

    test('is found by its hash, and used by one of two who try at once', async () => {
      assert.deepEqual({ ...(await findApprovalLink(db, 'a')) }, { ...link('a'), used_at: 0 })
      assert.equal(await findApprovalLink(db, 'c'), undefined)
      const tries = await Promise.all([1, 2].map(() => useApprovalLink(db, 'a', 50)))
      assert.equal(tries.filter(Boolean).length, 1)
      assert.equal((await findApprovalLink(db, 'a'))?.used_at, 50)
      assert.equal((await findApprovalLink(db, 'b'))?.used_at, 0)
    })

    test('cannot be used when its time is over, nor if there is none', async () => {
      assert.equal(await useApprovalLink(db, 'a', 100), false)
      assert.equal(await useApprovalLink(db, 'c', 50), false)
    })

    test('is not used where the transaction fails', async () => {
      const failing = store.transaction(async (tx) => {
        assert.equal(await useApprovalLink(tx, 'a', 50), true)
        throw new Error('rolled back')
      })
      await assert.rejects(failing, /rolled back/)
      assert.equal(await useApprovalLink(db, 'a', 50), true)
    })

    test('is forgotten some time after its end', async () => {
      await deleteApprovalLinks(db, 100)
      assert.notEqual(await findApprovalLink(db, 'a'), undefined)
      await deleteApprovalLinks(db, 101)
      assert.equal(await findApprovalLink(db, 'a'), undefined)
    })
  })
}
