import assert from 'node:assert/strict'
import { after, beforeEach, describe, test } from 'node:test'
import type { Store } from '../../store/database.ts'
import { insertRow } from '../../store/resource-rows.ts'
import { openSqlite } from '../../store/sqlite.ts'
import { leaseWork, scheduleWork } from '../../store/work-rows.ts'
import { createLog } from '../log.ts'
import { createMetrics } from '../metrics.ts'
import type { Platform } from '../platform.ts'
import type { Reconciler } from './reconcile.ts'
import { createWorker, type Worker } from './worker.ts'

describe('the worker', async () => {
  const store = await openSqlite(':memory:')
  after(() => store.close())
  let now = 1_000_000
  const clock = () => new Date(now)
  const platform = {
    log: createLog({ level: 'error', write: () => {} }),
    metrics: createMetrics(),
  } as unknown as Platform

  beforeEach(async () => {
    await store.db.deleteFrom('work').execute()
    await store.db.deleteFrom('resources').execute()
    for (const key of ['/a', '/b']) await insertRow(store.db, resource(key))
  })

  const work = () => store.db.selectFrom('work').selectAll().orderBy('key').execute()

  /** Runs one reconciler over the store until `scenario` is done. */
  async function running(
    reconcile: Reconciler['reconcile'],
    scenario: (worker: Worker) => Promise<void>,
    over: Store = store,
  ) {
    const worker = createWorker({ store: over, reconcilers: [{ name: 'r', types: ['t'], reconcile }], clock })
    await worker.start(platform)
    try {
      await scenario(worker)
    } finally {
      await worker.stop()
    }
  }

  test('a content reconciler is done with the item', async () => {
    await scheduleWork(store.db, 'r', '/a', now)
    const seen: string[] = []
    await running(
      async ({ key }) => void seen.push(key),
      () => until(async () => (await work()).length === 0),
    )
    assert.deepEqual(seen, ['/a'])
  })

  test('work on what has gone, or of a reconciler that is no more, is dropped', async () => {
    await scheduleWork(store.db, 'r', '/gone', now)
    await scheduleWork(store.db, 'former', '/a', now)
    await running(
      async () => assert.fail('nothing is there'),
      () => until(async () => (await work()).length === 0),
    )
  })

  test('a failing step is tried again after 1 s, 2 s, 4 s … at most 5 min', async () => {
    await scheduleWork(store.db, 'r', '/a', now)
    const waits: number[] = []
    await running(
      async () => {
        throw new Error('not yet')
      },
      async (worker) => {
        for (let attempt = 1; attempt <= 11; attempt++) {
          await until(async () => (await work())[0]?.attempts === attempt)
          const [item] = await work()
          assert.equal(item?.last_error, 'not yet')
          waits.push(((item?.due_at ?? 0) - now) / 1000)
          now = item?.due_at ?? now
          worker.nudge()
        }
      },
    )
    assert.deepEqual(waits, [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300])
  })

  test('a reconciler looks again when it asked to', async () => {
    await scheduleWork(store.db, 'r', '/a', now)
    let steps = 0
    await running(
      async () => (++steps === 1 ? { again: 60_000 } : undefined),
      async (worker) => {
        await until(async () => (await work())[0]?.due_at === now + 60_000)
        now += 60_000
        worker.nudge()
        await until(async () => (await work()).length === 0)
      },
    )
    assert.equal(steps, 2)
  })

  test('a clock that jumps past a lease makes no second step beside the one that runs', async () => {
    const [started, go] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    let steps = 0
    await scheduleWork(store.db, 'r', '/a', now)
    await running(
      async () => {
        steps++
        started.resolve()
        await go.promise
      },
      async (worker) => {
        await started.promise
        const before = (await work())[0]?.leased_until
        now += 3_600_000
        worker.nudge()
        await until(async () => (await work())[0]?.leased_until !== before)
        go.resolve()
        await until(async () => (await work()).length === 0)
      },
    )
    assert.equal(steps, 1)
  })

  test('a store that fails when work is taken holds it up for a moment', async () => {
    await scheduleWork(store.db, 'r', '/a', now)
    let [uses, steps] = [0, 0]
    const failing = new Proxy(store, {
      get(target, name) {
        // The first use gives back old leases at the start, the second takes work.
        if (name === 'db' && ++uses === 2) throw new Error('database or disk is full')
        return Reflect.get(target, name) as unknown
      },
    })
    await running(
      async () => void steps++,
      () => until(async () => (await work()).length === 0),
      failing,
    )
    assert.ok(uses > 2)
    assert.equal(steps, 1)
  })

  test('a write while a step runs makes another step, and never two at a time', async () => {
    const [started, go] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    let [steps, atOnce, most] = [0, 0, 0]
    await scheduleWork(store.db, 'r', '/a', now)
    await running(
      async () => {
        most = Math.max(most, ++atOnce)
        started.resolve()
        await go.promise
        steps++
        atOnce--
      },
      async (worker) => {
        await started.promise
        worker.wake('r', '/A')
        await until(async () => (await work())[0]?.revision === 2)
        go.resolve()
        await until(async () => (await work()).length === 0)
      },
    )
    assert.deepEqual([steps, most], [2, 1])
  })

  test('on a shared store, the lease of a killed server is waited for and then taken', async () => {
    await scheduleWork(store.db, 'r', '/a', now)
    await leaseWork(store.db, { by: 'killed', now, until: now + 60_000, limit: 1 })
    await scheduleWork(store.db, 'r', '/b', now)
    const seen: string[] = []
    await running(
      async ({ key }) => void seen.push(key),
      async (worker) => {
        await until(async () => (await work()).length === 1)
        assert.deepEqual(seen, ['/b'])
        now += 60_000
        worker.nudge()
        await until(async () => (await work()).length === 0)
      },
      { ...store, dialect: 'postgres' },
    )
    assert.deepEqual(seen, ['/b', '/a'])
  })

  test('on the embedded store, the only server takes over at once', async () => {
    await scheduleWork(store.db, 'r', '/a', now)
    await leaseWork(store.db, { by: 'killed', now, until: now + 60_000, limit: 1 })
    await running(
      async () => undefined,
      () => until(async () => (await work()).length === 0),
    )
  })

  test('stopping interrupts a step and gives its lease back, with no failure counted', async () => {
    await scheduleWork(store.db, 'r', '/a', now)
    const started = Promise.withResolvers<void>()
    await running(
      async (_resource, { signal }) => {
        const aborted = Promise.withResolvers<never>()
        signal.addEventListener('abort', () => aborted.reject(new Error('interrupted')))
        started.resolve()
        return aborted.promise
      },
      () => started.promise,
    )
    const [item] = await work()
    assert.deepEqual([item?.leased_by, item?.attempts, item?.last_error], ['', 0, ''])
  })

  test('one that never ends does not hold up the others', async () => {
    await scheduleWork(store.db, 'r', '/a', now)
    const [stuck, done] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    await running(
      async ({ key }) => (key === '/a' ? stuck.promise : done.resolve()),
      async (worker) => {
        await until(async () => (await work())[0]?.leased_by !== '')
        worker.wake('r', '/b')
        await done.promise
        stuck.resolve()
      },
    )
  })
})

/** Waits for a condition by letting everything else run; the test's own time limit bounds it. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise<void>((resolve) => void setImmediate(resolve))
}

const resource = (key: string) => ({
  key,
  id: key,
  type: 't',
  name: key.slice(1),
  parent: '',
  scope: '',
  envelope: '{}',
  properties: '{}',
  status: '{}',
  etag: '1',
  generation: 1,
  archived: 0,
  deleting: 0,
  created_at: 1,
  created_by: 'me',
  created_by_type: 'User',
  modified_at: 1,
  modified_by: 'me',
  modified_by_type: 'User',
})
