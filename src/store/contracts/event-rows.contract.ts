import assert from 'node:assert/strict'
import { beforeEach, describe, test } from 'node:test'
import type { Store } from '../database.ts'
import { cursorOf, eventsAfter, insertEvents, lastSeq, moveCursor } from '../event-rows.ts'

/** What every store promises of the outbox. */
export function eventRowsContract(store: Store): void {
  describe(`events in ${store.dialect}`, () => {
    const { db } = store
    const event = (id: string, type = 'A') => ({ id, type, source: '/w', subject: 's', time: 1, data: '{}' })
    const ids = async (...args: [seq: number, limit: number, types?: readonly string[]]) =>
      (await eventsAfter(db, ...args)).map((e) => e.id)
    beforeEach(async () => {
      await db.deleteFrom('outbox').execute()
      await db.deleteFrom('event_cursors').execute()
    })

    test('are read in the order they were written, from a position, by type, in pages', async () => {
      await insertEvents(db, [])
      await insertEvents(db, [event('1'), event('2', 'B'), event('3')])
      await insertEvents(db, [event('4', 'B')])
      const last = await lastSeq(db)
      assert.equal(typeof last, 'number')
      const all = await eventsAfter(db, 0, 10)
      assert.deepEqual(
        all.map((e) => e.id),
        ['1', '2', '3', '4'],
      )
      assert.ok(all.every((e) => typeof e.seq === 'number' && typeof e.time === 'number'))
      assert.equal(all.at(-1)?.seq, last)
      assert.deepEqual(await ids(all[1]?.seq ?? 0, 10), ['3', '4'])
      assert.deepEqual(await ids(0, 1, ['B']), ['2'])
      assert.deepEqual(await ids(last, 10), [])
    })

    test('leave with the transaction that failed', async () => {
      const failing = store.transaction(async (tx) => {
        await insertEvents(tx, [event('1')])
        throw new Error('no')
      })
      await assert.rejects(failing, /no/)
      assert.deepEqual(await ids(0, 10), [])
    })

    test('a position is used once even where what stood there is gone', async () => {
      await insertEvents(db, [event('1')])
      const first = await lastSeq(db)
      await db.deleteFrom('outbox').execute()
      await insertEvents(db, [event('2')])
      assert.ok((await lastSeq(db)) > first)
    })

    test('each consumer has its own position', async () => {
      assert.equal(await cursorOf(db, 'one'), 0)
      await moveCursor(db, 'one', 3)
      await moveCursor(db, 'one', 7)
      await moveCursor(db, 'two', 5)
      assert.deepEqual([await cursorOf(db, 'one'), await cursorOf(db, 'two')], [7, 5])
    })
  })
}
