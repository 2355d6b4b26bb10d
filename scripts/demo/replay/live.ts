import { setTimeout as pause } from 'node:timers/promises'
import type { Endpoint } from './send.ts'

/** A flight as gate staff know it: its schedule; the endpoint looks the weather up. */
const flight = {
  carrier: 'UA',
  origin: 'EWR',
  dest: 'SFO',
  weekday: 1,
  sched_dep_minute: 480,
  distance: 2565,
  departures: 24,
  seats: 149,
  plane_age: 12,
  time_hour: '2013-12-02T13:00:00Z',
}

export interface Callers {
  /** Of the last so many seconds: 99th percentile of all answers in ms, and the share of those that were no 200. */
  recent(seconds: number): { readonly p99: number; readonly refused: number; readonly answers: number }
  /** Ends them, and waits for the answers that are under way. */
  stop(): Promise<void>
}

/** Callers who ask about one flight each, so many in a second and by the clock: they do not wait for each other's answers. */
export function startCallers({ uri, key }: Endpoint, perSecond: number): Callers {
  const answers: { readonly at: number; readonly ms: number; readonly ok: boolean }[] = []
  const underWay = new Set<Promise<void>>()
  const stopping = new AbortController()
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
  const ask = async () => {
    const began = performance.now()
    const answer = await fetch(uri, { method: 'POST', headers, body: JSON.stringify({ flights: [flight] }) })
      .then(async (response) => (await response.arrayBuffer(), response.ok))
      .catch(() => false)
    answers.push({ at: performance.now(), ms: performance.now() - began, ok: answer })
  }
  const work = (async () => {
    for (let due = performance.now(); !stopping.signal.aborted; due += 1000 / perSecond) {
      await pause(Math.max(0, due - performance.now()), undefined, { signal: stopping.signal }).catch(
        () => {},
      )
      const asked = ask().finally(() => underWay.delete(asked))
      underWay.add(asked)
    }
  })()
  return {
    recent(seconds) {
      const since = performance.now() - seconds * 1000
      const seen = answers.filter(({ at }) => at >= since)
      const sorted = seen.map(({ ms }) => ms).toSorted((a, b) => a - b)
      return {
        p99: sorted[Math.ceil(sorted.length * 0.99) - 1] ?? 0,
        refused: seen.length === 0 ? 0 : seen.filter(({ ok }) => !ok).length / seen.length,
        answers: seen.length,
      }
    },
    async stop() {
      stopping.abort()
      await work
      await Promise.all(underWay)
    },
  }
}
