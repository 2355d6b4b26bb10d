import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, test } from 'node:test'
import type { Store } from '../../store/database.ts'
import { cursorOf } from '../../store/event-rows.ts'
import { openSqlite } from '../../store/sqlite.ts'
import { createOutbox, type Outbox } from './events.ts'
import { createLog } from '../log.ts'
import type { EventConsumer, Platform } from '../platform.ts'
import type { StoredEvent } from '../resources/resource.ts'

describe('the outbox', () => {
  let store: Store
  const started: Outbox[] = []
  beforeEach(async () => {
    store = await openSqlite(':memory:')
  })
  afterEach(async () => {
    for (const outbox of started.splice(0)) await outbox.stop()
    await store.close()
  })

  const log = createLog({ level: 'error', write: () => {} })
  const open = (...consumers: readonly EventConsumer[]) => {
    const outbox = createOutbox({ store, log, clock: () => new Date(0) })
    for (const consumer of consumers) outbox.subscribe(consumer)
    outbox.start({} as Platform)
    started.push(outbox)
    return outbox
  }
  const emit = async (outbox: Outbox, ...subjects: readonly string[]) => {
    await store.transaction((tx) =>
      outbox.emit(
        tx,
        subjects.map((subject) => ({ type: subject[0] ?? '', subject, source: '/w', data: { subject } })),
      ),
    )
    outbox.committed()
  }

  /** A consumer that collects, and a promise for the event of a subject. */
  function collecting(name: string, types: readonly string[], handle?: (event: StoredEvent) => void) {
    const seen: string[] = []
    const awaited = new Map<string, PromiseWithResolvers<void>>()
    const of = (subject: string) => {
      const known = awaited.get(subject) ?? Promise.withResolvers<void>()
      awaited.set(subject, known)
      return known
    }
    const consumer: EventConsumer = {
      name,
      types,
      async handle(event) {
        handle?.(event)
        seen.push(event.subject)
        of(event.subject).resolve()
      },
    }
    return { consumer, seen, delivered: (subject: string) => of(subject).promise }
  }

  test('delivers in order, each consumer its types', async () => {
    const [ab, b] = [collecting('ab', ['a', 'b']), collecting('b', ['b'])]
    const outbox = open(ab.consumer, b.consumer)
    await emit(outbox, 'a1', 'b1', 'c1')
    await emit(outbox, 'a2', 'b2')
    await Promise.all([ab.delivered('b2'), b.delivered('b2')])
    assert.deepEqual(ab.seen, ['a1', 'b1', 'a2', 'b2'])
    assert.deepEqual(b.seen, ['b1', 'b2'])
  })

  test(
    'what is not for a consumer is left behind, and what follows is delivered',
    { timeout: 10_000 },
    async () => {
      const b = collecting('b', ['b'])
      const outbox = open(b.consumer)
      await emit(outbox, ...Array.from({ length: 600 }, (_, i) => `c${i}`))
      while ((await cursorOf(store.db, 'b')) < 600) await new Promise(setImmediate)
      await emit(outbox, 'c600', 'b1')
      await b.delivered('b1')
      assert.deepEqual(b.seen, ['b1'])
    },
  )

  test('an event that could not be handled comes again after a while, before what follows it', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] })
    let refusals = 0
    const refused = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const picky = collecting('picky', ['a'], ({ subject }) => {
      if (subject !== 'a2' || refusals === 2) return
      refused[refusals++]?.resolve()
      throw new Error('not now')
    })
    const patient = collecting('patient', ['a'])
    const outbox = open(picky.consumer, patient.consumer)
    await emit(outbox, 'a1', 'a2', 'a3')
    await refused[0]?.promise
    await emit(outbox, 'a4')
    await patient.delivered('a4')
    assert.deepEqual(picky.seen, ['a1'], 'news do not shorten the wait, and others are not held up')
    await settled()
    t.mock.timers.tick(1000)
    await refused[1]?.promise
    await settled()
    t.mock.timers.tick(2000)
    await picky.delivered('a4')
    assert.deepEqual(picky.seen, ['a1', 'a2', 'a3', 'a4'])
  })

  test('goes on after a restart where it was, with what was not yet handled', async () => {
    const failing = collecting('c', ['a'], ({ subject }) => {
      if (subject === 'a2') throw new Error('killed here')
    })
    const first = open(failing.consumer)
    await emit(first, 'a1', 'a2')
    await failing.delivered('a1')
    await first.stop()
    started.splice(0)
    assert.equal(await cursorOf(store.db, 'c'), 1)
    const again = collecting('c', ['a'])
    const second = open(again.consumer)
    await emit(second, 'a3')
    await again.delivered('a3')
    assert.deepEqual(again.seen, ['a2', 'a3'])
  })

  test('a transaction that fails tells nothing', async () => {
    const one = collecting('c', ['a', 'b'])
    const outbox = open(one.consumer)
    const failing = store.transaction(async (tx) => {
      await outbox.emit(tx, [{ type: 'a', subject: 'a1', source: '/w', data: {} }])
      throw new Error('rolled back')
    })
    await assert.rejects(failing, /rolled back/)
    await emit(outbox, 'b1')
    await one.delivered('b1')
    assert.deepEqual(one.seen, ['b1'])
  })

  test('a tail begins where it is asked to, or with the next event, and ends when its reader goes', async () => {
    const outbox = open()
    await emit(outbox, 'a1', 'a2')
    const gone = new AbortController()
    const from = async (after: number) => {
      const tail = outbox.tail(after, gone.signal)[Symbol.asyncIterator]()
      const next = tail.next()
      return { tail, next }
    }
    assert.equal((await (await from(1)).next).value?.subject, 'a2')
    const live = await from(-1)
    await settled()
    await emit(outbox, 'a3')
    const told = (await live.next).value as StoredEvent
    assert.deepEqual([told.subject, told.data, told.time], ['a3', { subject: 'a3' }, new Date(0)])
    gone.abort()
    assert.equal((await live.tail.next()).done, true)
  })
})

/** Lets everything that can go on without time passing go on. */
async function settled(): Promise<void> {
  for (let i = 0; i < 20; i++) await new Promise<void>((resolve) => void setImmediate(resolve))
}
