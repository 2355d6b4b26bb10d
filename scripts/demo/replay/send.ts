import { setTimeout as pause } from 'node:timers/promises'
import type { Twinloop } from '../server/twinloop.ts'
import { columns, type Flight } from './flights.ts'

/** An endpoint as a caller knows it. */
export interface Endpoint {
  readonly uri: string
  readonly key: string
}

/** Asks the server for the address and the key of one. */
export async function endpointOf(twinloop: Twinloop, name: string): Promise<Endpoint> {
  const ask = (verb: string, query: string) =>
    twinloop.command('online-endpoint', verb, '--name', name, '--query', query, '--output', 'tsv')
  return { uri: await ask('show', 'scoring_uri'), key: await ask('get-credentials', 'primaryKey') }
}

interface Sending {
  readonly signal: AbortSignal
  /** Rows of a request. */
  readonly perRequest: number
  /** Requests that are under way at once. */
  readonly atOnce: number
  /** Requests in a second, asked before each; undefined: as fast as they are answered. */
  readonly rate?: () => number | undefined
  readonly sent?: (rows: number) => void
}

/**
 * Asks an endpoint about flights in their order, as any program would. Requests are called `2013-04-00017`
 * (x-request-id), by which what became of their flights is told later: see `labelsOf`. Throws for an answer that is not 200.
 */
export async function send(
  month: string,
  flights: readonly Flight[],
  endpoint: Endpoint,
  { signal, perRequest, atOnce, rate, sent }: Sending,
): Promise<void> {
  const requests = inRequests(flights, perRequest)
  let next = 0
  let due = performance.now()
  const work = async () => {
    for (let i = next++; i < requests.length; i = next++) {
      const perSecond = rate?.()
      due =
        perSecond === undefined
          ? performance.now()
          : Math.max(due + 1000 / perSecond, performance.now() - 1000)
      if (due > performance.now()) await pause(due - performance.now(), undefined, { signal })
      const rows = requests[i] ?? []
      await ask(endpoint, requestId(month, i), rows, signal)
      sent?.(rows.length)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work))
}

async function ask({ uri, key }: Endpoint, id: string, rows: readonly Flight[], signal: AbortSignal) {
  const answer = await fetch(uri, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${key}`,
      'content-type': 'application/json',
      'x-request-id': id,
      'x-forwarded-for': callerOf(rows),
    },
    body: JSON.stringify({ input_data: { columns, data: rows.map(({ values }) => values) } }),
    signal,
  })
  if (!answer.ok) throw new Error(`${uri} answered ${answer.status} to ${id}: ${await answer.text()}`)
  await answer.arrayBuffer()
}

/** Who asks: the desk of an airline at an airport. What goes wrong for one caller within a second has one cause. */
const callerOf = ([first]: readonly Flight[]): string =>
  `${first?.values[1]}-${first?.values[0]}.desks.example.org`

/** What became of flights, as `online-endpoint send-labels --row-column row` takes it: CSV, without those that never arrived. */
export function labelsOf(month: string, flights: readonly Flight[], perRequest: number): string {
  const lines = inRequests(flights, perRequest).flatMap((rows, i) =>
    rows.flatMap(({ late }, row) => (late === undefined ? [] : [`${requestId(month, i)},${row},${late}`])),
  )
  return ['correlationid,row,late', ...lines, ''].join('\n')
}

/** How the last of a month's requests is called. */
export const lastRequest = (month: string, flights: readonly Flight[], perRequest: number): string =>
  requestId(month, Math.ceil(flights.length / perRequest) - 1)

const requestId = (month: string, i: number) => `${month}-${String(i + 1).padStart(5, '0')}`

const inRequests = (flights: readonly Flight[], size: number): readonly (readonly Flight[])[] =>
  Array.from({ length: Math.ceil(flights.length / size) }, (_, i) => flights.slice(i * size, (i + 1) * size))
