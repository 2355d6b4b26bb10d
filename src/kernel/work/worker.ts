import { randomUUID } from 'node:crypto'
import type { Store } from '../../store/database.ts'
import type { WorkRow } from '../../store/kernel-tables.ts'
import { findRow } from '../../store/resource-rows.ts'
import {
  leaseWork,
  nextDue,
  prolongLease,
  releaseAllLeases,
  releaseLeases,
  scheduleWork,
  settleWork,
} from '../../store/work-rows.ts'
import type { Platform } from '../platform.ts'
import type { Reconciler } from './reconcile.ts'
import { fromRow } from '../resources/row.ts'
import { createSignal } from './signal.ts'

const concurrency = 16
const leaseMs = 60_000
/** How long a server waits before it looks for work that another server has scheduled. */
const otherServersMs = 1000
const firstBackOffMs = 1000
const longestBackOffMs = 300_000

/** Runs reconcilers over the leased work table: whatever is due, each resource by one server at a time. */
export interface Worker {
  /** There may be work that is due earlier than was known. */
  nudge(): void
  wake(reconciler: string, key: string, delayMs?: number): void
  start(platform: Platform): Promise<void>
  /** Aborts what runs, waits for it and gives the leases back. */
  stop(): Promise<void>
}

export function createWorker({
  store,
  reconcilers,
  clock,
}: {
  store: Store
  reconcilers: readonly Reconciler[]
  clock: () => Date
}): Worker {
  const me = randomUUID()
  const byName = new Map(reconcilers.map((r) => [r.name, r]))
  const news = createSignal()
  const stopping = new AbortController()
  const running = new Map<Promise<void>, WorkRow>()
  let loop: Promise<void> = Promise.resolve()

  async function step(item: WorkRow, platform: Platform): Promise<void> {
    const log = platform.log.with({ reconciler: item.reconciler, resource: item.key })
    let again: number | undefined
    let error = ''
    try {
      const row = await findRow(store.db, item.key)
      const reconciler = byName.get(item.reconciler)
      if (row !== undefined && reconciler !== undefined) {
        const result = await reconciler.reconcile(fromRow(row), { platform, signal: stopping.signal })
        if (typeof result === 'object') again = clock().getTime() + result.again
      }
      platform.metrics.reconciles.inc({ reconciler: item.reconciler, outcome: 'ok' })
    } catch (thrown) {
      if (stopping.signal.aborted) return
      error = thrown instanceof Error ? thrown.message : String(thrown)
      again = clock().getTime() + Math.min(firstBackOffMs * 2 ** item.attempts, longestBackOffMs)
      log.error('reconcile failed and will be tried again', { attempts: item.attempts + 1, error: thrown })
      platform.metrics.reconciles.inc({ reconciler: item.reconciler, outcome: 'error' })
    }
    const attempts = error === '' ? 0 : item.attempts + 1
    await settleWork(store.db, item, {
      now: clock().getTime(),
      attempts,
      error,
      ...(again === undefined ? {} : { again }),
    })
    news.raise()
  }

  /** Takes work as long as this server lives, also past a store that fails for a while (a disk that is full). */
  async function run(platform: Platform): Promise<void> {
    while (!stopping.signal.aborted)
      try {
        await takeWork(platform)
      } catch (error) {
        platform.log.error('work cannot be taken; it is tried again', { error })
        await news.wait(otherServersMs, stopping.signal, new Promise(() => {}))
      }
  }

  async function takeWork(platform: Platform): Promise<void> {
    while (!stopping.signal.aborted) {
      const woken = news.next()
      const now = clock().getTime()
      const items = await leaseWork(store.db, {
        by: me,
        now,
        until: now + leaseMs,
        limit: concurrency - running.size,
      })
      for (const item of items) {
        // A lease runs out by the clock, which jumps when a machine wakes: what runs here still does.
        if ([...running.values()].some((r) => r.key === item.key && r.reconciler === item.reconciler))
          continue
        const task = step(item, platform).catch((error: unknown) =>
          platform.log.error('work could not be settled', { error }),
        )
        running.set(task, item)
        void task.then(() => {
          running.delete(task)
          news.raise()
        })
      }
      if (items.length > 0) continue
      const due = running.size >= concurrency ? undefined : await nextDue(store.db)
      const wait =
        due === undefined ? otherServersMs : Math.max(0, Math.min(due - clock().getTime(), otherServersMs))
      await news.wait(wait, stopping.signal, woken)
    }
  }

  /** A step may take longer than a lease: it is prolonged as long as this server lives. */
  async function prolong(platform: Platform): Promise<void> {
    const never = new Promise<void>(() => {})
    while (!stopping.signal.aborted) {
      await createSignal().wait(leaseMs / 3, stopping.signal, never)
      for (const item of running.values())
        await prolongLease(store.db, item, clock().getTime() + leaseMs).catch((error: unknown) =>
          platform.log.error('a lease could not be prolonged', { error }),
        )
    }
  }

  return {
    nudge: () => news.raise(),
    wake(reconciler, key, delayMs = 0) {
      if (stopping.signal.aborted) return
      void scheduleWork(store.db, reconciler, key.toLowerCase(), clock().getTime() + delayMs).then(
        () => news.raise(),
        () => {},
      )
    },
    async start(platform) {
      if (store.dialect === 'sqlite') await releaseAllLeases(store.db)
      loop = Promise.all([run(platform), prolong(platform)]).then(() => {})
    },
    async stop() {
      stopping.abort()
      news.raise()
      await loop
      await Promise.all(running.keys())
      await releaseLeases(store.db, me)
    },
  }
}
