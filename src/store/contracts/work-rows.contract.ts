import assert from 'node:assert/strict'
import { beforeEach, describe, test } from 'node:test'
import type { Store } from '../database.ts'
import {
  countDue,
  leaseWork,
  nextDue,
  prolongLease,
  releaseAllLeases,
  releaseLeases,
  scheduleWork,
  settleWork,
} from '../work-rows.ts'

/** What every store promises of leased work. Times are small numbers: only their order counts. */
export function workRowsContract(store: Store): void {
  describe(`work in ${store.dialect}`, () => {
    const { db } = store
    const lease = (by: string, now: number, limit = 10) => leaseWork(db, { by, now, until: now + 60, limit })
    const leaseOne = async (by: string, now: number) => {
      const [item] = await lease(by, now)
      assert.ok(item !== undefined)
      return item
    }
    const one = () => db.selectFrom('work').selectAll().executeTakeFirst()
    const fine = { attempts: 0, error: '' }
    beforeEach(() => db.deleteFrom('work').execute())

    test('the earlier of two times holds, and asking twice is one item', async () => {
      await scheduleWork(db, 'r', 'a', 50)
      await scheduleWork(db, 'r', 'a', 20)
      await scheduleWork(db, 'r', 'a', 90)
      assert.equal(await nextDue(db), 20)
      assert.equal((await one())?.revision, 3)
      await scheduleWork(db, 'other', 'a', 10)
      assert.equal(await nextDue(db), 10)
    })

    test('leases what is due, oldest first, each to one server, as many as asked', async () => {
      for (const [key, due] of [
        ['c', 30],
        ['a', 10],
        ['b', 20],
      ] as const)
        await scheduleWork(db, 'r', key, due)
      assert.deepEqual(
        (await lease('one', 20)).map((w) => w.key),
        ['a', 'b'],
      )
      assert.equal(await countDue(db, 30), 1, 'what is leased is not counted')
      assert.deepEqual(await lease('two', 20), [])
      assert.deepEqual(
        (await lease('two', 30, 1)).map((w) => w.key),
        ['c'],
      )
    })

    test('two servers that look at once share the work', async () => {
      for (let i = 0; i < 20; i++) await scheduleWork(db, 'r', `k${i}`, 0)
      const both = (await Promise.all([lease('one', 1, 20), lease('two', 1, 20)])).flat()
      assert.equal(both.length, 20)
      assert.equal(new Set(both.map((w) => w.key)).size, 20)
    })

    test('the lease of a server that was killed runs out, and then it is anybody’s', async () => {
      await scheduleWork(db, 'r', 'a', 0)
      const dead = await leaseOne('dead', 1)
      assert.equal(await nextDue(db), 61)
      assert.deepEqual(await lease('alive', 60), [])
      const item = await leaseOne('alive', 61)
      await settleWork(db, dead, { now: 62, ...fine })
      assert.equal((await one())?.leased_by, 'alive', 'who lost the lease settles nothing')
      await settleWork(db, item, { now: 62, ...fine })
      assert.equal(await one(), undefined)
      assert.equal(await nextDue(db), undefined)
    })

    test('a lease is prolonged by who holds it, and given back by name or all at once', async () => {
      await scheduleWork(db, 'r', 'a', 0)
      const item = await leaseOne('one', 1)
      await prolongLease(db, item, 200)
      assert.deepEqual(await lease('two', 100), [])
      await prolongLease(db, { ...item, leased_by: 'two' }, 999)
      assert.equal((await one())?.leased_until, 200)
      await releaseLeases(db, 'two')
      assert.equal((await one())?.leased_by, 'one')
      await releaseLeases(db, 'one')
      await leaseOne('two', 2)
      await releaseAllLeases(db)
      await leaseOne('three', 3)
    })

    test('a content step removes the item, one that wants to look again keeps it', async () => {
      await scheduleWork(db, 'r', 'a', 0)
      await settleWork(db, await leaseOne('one', 1), { now: 2, again: 40, ...fine })
      assert.deepEqual([(await one())?.due_at, (await one())?.leased_by], [40, ''])
      await settleWork(db, await leaseOne('one', 40), { now: 41, ...fine })
      assert.equal(await one(), undefined)
    })

    test('a write while the step ran makes it due at once, whatever the step wanted', async () => {
      for (const again of [undefined, 900]) {
        await scheduleWork(db, 'r', 'a', 0)
        const item = await leaseOne('one', 1)
        await scheduleWork(db, 'r', 'a', 5)
        await settleWork(db, item, { now: 7, ...fine, ...(again === undefined ? {} : { again }) })
        assert.equal((await one())?.due_at, 7)
        await settleWork(db, await leaseOne('one', 7), { now: 8, ...fine })
      }
    })

    test('a failure is counted and waits, also where the failing step wrote itself', async () => {
      await scheduleWork(db, 'r', 'a', 0)
      const failed = { attempts: 3, error: 'no' }
      await settleWork(db, await leaseOne('one', 1), { now: 2, again: 8000, ...failed })
      assert.deepEqual(
        [(await one())?.attempts, (await one())?.last_error, (await one())?.due_at],
        [3, 'no', 8000],
      )
      const item = await leaseOne('one', 8000)
      await scheduleWork(db, 'r', 'a', 8001)
      await settleWork(db, item, { now: 8002, again: 99_000, ...failed })
      assert.equal((await one())?.due_at, 9002)
      await scheduleWork(db, 'r', 'a', 8500)
      assert.deepEqual([(await one())?.attempts, (await one())?.due_at], [0, 8500], 'a write starts anew')
    })
  })
}
