import { openLoop } from '../../src/testing/open-loop.ts'
import { median } from '../processes.ts'
import type { Serving } from './peers.ts'
import { wrk } from './wrk.ts'

/** What one server did with one kind of load: the middle of the rounds. Latency in milliseconds. */
export interface Result {
  readonly server: string
  readonly perSecond: number
  readonly p50: number
  readonly p99: number
  /** Processor time of all of the server's processes for a request. */
  readonly cpu: number
  readonly failed: number
  readonly clientBusy: number
}

export interface Load {
  readonly body: string
  readonly seconds: number
  readonly rounds: number
  readonly folder: string
}

type Once = (server: Serving) => Promise<Omit<Result, 'server' | 'cpu'> & { readonly sent: number }>

/** Saturates each server in turn through `connections` connections. */
export const saturate = (servers: readonly Serving[], load: Load, connections: number): Promise<Result[]> =>
  interleaved(servers, load.rounds, (server) =>
    wrk(server, load.body, { connections, seconds: load.seconds, folder: load.folder }),
  )

/**
 * Sends each server in turn so many requests a second, each when it is due, whatever became of those before. What the
 * client and a busy machine add is in every server's latency alike, and shows in that of the bare one.
 */
export const steadily = (servers: readonly Serving[], load: Load, rate: number): Promise<Result[]> =>
  interleaved(servers, load.rounds, async (server) => {
    const headers = { 'content-type': 'application/json', ...server.headers }
    const loop = openLoop(server.url, { rate, body: load.body, headers, tickMs: 0 })
    await loop.more(rate * load.seconds)
    await loop.stop()
    const good = loop.shots.filter(({ status }) => status >= 200 && status < 300)
    const times = good.map(({ due, answered }) => answered - due).toSorted((a, b) => a - b)
    const at = (q: number) => times[Math.floor((times.length - 1) * q)] ?? Number.NaN
    const seen = { perSecond: rate, p50: at(0.5), p99: at(0.99), clientBusy: 0 }
    return { ...seen, sent: loop.shots.length, failed: loop.shots.length - good.length }
  })

/** A B C A B C: what else the machine does meets all alike. Each is alone under load while the others are idle. */
async function interleaved(servers: readonly Serving[], rounds: number, once: Once): Promise<Result[]> {
  const all: Result[] = []
  for (let round = 0; round < rounds; round++)
    for (const server of servers) {
      const before = server.cpuMs()
      const { sent, ...seen } = await once(server)
      all.push({ ...seen, server: server.name, cpu: (server.cpuMs() - before) / Math.max(1, sent) })
    }
  return servers.map(({ name }) => {
    const own = all.filter(({ server }) => server === name)
    const middle = (of: (result: Result) => number) => median(own.map(of))
    return {
      server: name,
      perSecond: middle((r) => r.perSecond),
      p50: middle((r) => r.p50),
      p99: middle((r) => r.p99),
      cpu: middle((r) => r.cpu),
      failed: own.reduce((sum, r) => sum + r.failed, 0),
      clientBusy: Math.max(...own.map((r) => r.clientBusy)),
    }
  })
}
