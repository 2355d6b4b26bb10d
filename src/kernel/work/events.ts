import { randomUUID } from 'node:crypto'
import type { Store } from '../../store/database.ts'
import { cursorOf, eventsAfter, insertEvents, lastSeq, moveCursor } from '../../store/event-rows.ts'
import type { Log } from '../log.ts'
import type { EventConsumer, Events, Platform } from '../platform.ts'
import type { Json, StoredEvent } from '../resources/resource.ts'
import { createSignal } from './signal.ts'

const page = 500
/** How long a server waits before it looks for events that another server has written. */
const otherServersMs = 1000
const longestBackOffMs = 60_000
const never = new Promise<void>(() => {})

/** The transactional outbox: events are rows, written with the change they tell of and read by position. */
export interface Outbox extends Events {
  /** To be called after a transaction that emitted has committed. */
  committed(): void
  start(platform: Platform): void
  stop(): Promise<void>
}

export function createOutbox({ store, log, clock }: { store: Store; log: Log; clock: () => Date }): Outbox {
  const consumers: EventConsumer[] = []
  const news = createSignal()
  const stopping = new AbortController()
  let running: Promise<unknown> = Promise.resolve()

  const read = async (after: number, types?: readonly string[]): Promise<StoredEvent[]> =>
    (await eventsAfter(store.db, after, page, types)).map(({ time, data, ...row }) => ({
      ...row,
      time: new Date(time),
      data: JSON.parse(data) as Json,
    }))

  /** Consumes as long as this server lives, also past a store that fails for a while. */
  async function consume(consumer: EventConsumer, platform: Platform) {
    while (!stopping.signal.aborted)
      try {
        await follow(consumer, platform)
      } catch (error) {
        if (stopping.signal.aborted) return
        log.error('events cannot be read; it is tried again', { consumer: consumer.name, error })
        await news.wait(otherServersMs, stopping.signal, new Promise(() => {}))
      }
  }

  async function follow(consumer: EventConsumer, platform: Platform) {
    let at = await cursorOf(store.db, consumer.name)
    let kept = at
    let failures = 0
    while (!stopping.signal.aborted) {
      const woken = news.next()
      const newest = await lastSeq(store.db)
      const events = await read(at, consumer.types)
      for (const event of events) {
        try {
          await consumer.handle(event, platform)
          failures = 0
          at = event.seq
          await moveCursor(store.db, consumer.name, at)
          kept = at
        } catch (error) {
          failures++
          log.error('event consumer failed and will see the event again', {
            consumer: consumer.name,
            seq: event.seq,
            error,
          })
          break
        }
      }
      const backOff = Math.min(1000 * 2 ** (failures - 1), longestBackOffMs)
      // Other news do not shorten the back-off: a busy server would else try as often as it writes.
      if (failures > 0) await news.wait(backOff, stopping.signal, never)
      else if (events.length === 0) {
        // Nothing up to here is for this consumer: it is not read again, and may go when it is old.
        at = Math.max(at, newest)
        if (at - kept >= page) await moveCursor(store.db, consumer.name, (kept = at))
        await news.wait(otherServersMs, stopping.signal, woken)
      }
    }
  }

  return {
    async emit(db, events) {
      const time = clock().getTime()
      await insertEvents(
        db,
        events.map((e) => ({ ...e, id: randomUUID(), time, data: JSON.stringify(e.data) })),
      )
    },
    committed: () => news.raise(),
    subscribe: (consumer) => void consumers.push(consumer),
    start(platform) {
      running = Promise.all(consumers.map((c) => consume(c, platform)))
    },
    async stop() {
      stopping.abort()
      news.raise()
      await running
    },
    async *tail(afterSeq, signal) {
      let at = afterSeq < 0 ? await lastSeq(store.db) : afterSeq
      while (!signal.aborted && !stopping.signal.aborted) {
        const woken = news.next()
        const events = await read(at)
        for (const event of events) {
          yield event
          at = event.seq
        }
        if (events.length === 0)
          await news.wait(otherServersMs, AbortSignal.any([signal, stopping.signal]), woken)
      }
    },
  }
}
