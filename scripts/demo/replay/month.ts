import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { storyFolder } from '../people/people.ts'
import { registerMonth, registerSoFar } from '../chapters/set-up.ts'
import type { Stage } from '../chapters/stage.ts'
import type { Flight } from './flights.ts'
import { endpointOf, labelsOf, lastRequest, send } from './send.ts'

/** Rows of a request where the whole board of an hour is asked about. */
const board = 50

export interface Pace {
  /** Rows of a request; default: a board. */
  readonly perRequest?: number
  /** Requests in a second, asked before each; default: as fast as they are answered. */
  readonly rate?: () => number | undefined
  readonly sent: (rows: number) => void
}

/**
 * A month of production: asks the endpoint about each flight of it, keeps what became of them for later, and waits until
 * all that was asked is collected.
 */
export async function replay(
  stage: Stage,
  month: string,
  flights: readonly Flight[],
  pace: Pace,
): Promise<void> {
  const { signal, home } = stage
  const perRequest = pace.perRequest ?? board
  const since = new Date().toISOString()
  let rows = 0
  await send(month, flights, await endpointOf(stage.twinloop, 'flight-delay'), {
    signal,
    perRequest,
    atOnce: 3,
    ...(pace.rate === undefined ? {} : { rate: pace.rate }),
    sent: (more) => pace.sent((rows += more)),
  })
  mkdirSync(storyFolder(home), { recursive: true })
  writeFileSync(labelsFile(home, month), labelsOf(month, flights, perRequest))
  await untilCollected(stage, lastRequest(month, flights, perRequest), since)
}

const labelsFile = (home: string, month: string) => join(storyFolder(home), `labels-${month}.csv`)

/** It is known what became of a month's flights: the airlines' records come in, and the endpoint is told. */
export async function tellOutcomes(stage: Stage, month: string): Promise<void> {
  const number = Number(month.slice(5))
  await registerMonth(stage, number)
  await registerSoFar(stage, number)
  const file = labelsFile(stage.home, month)
  const line = ['--name', 'flight-delay', '--file', file, '--row-column', 'row', '--columns', 'late']
  await stage.twinloop.command('online-endpoint', 'send-labels', ...line)
}

interface Collected {
  readonly rows: readonly (readonly unknown[])[]
}

/** What is collected is there some seconds after its request: looks for the last one, whichever deployment answered it. */
async function untilCollected({ twinloop, signal }: Stage, request: string, since: string): Promise<void> {
  const path = 'onlineEndpoints/flight-delay/deployments'
  const { value } = await twinloop.get<{ value: readonly { readonly name: string }[] }>(path)
  const patience = AbortSignal.timeout(120_000)
  while (!patience.aborted) {
    // Files are closed every two seconds: to look earlier would be to read for nothing.
    await pause(2200, undefined, { signal })
    for (const { name } of value) {
      const { rows } = await twinloop.post<Collected>(`${path}/${name}/collected`, {
        limit: 500,
        from: since,
      })
      if (rows.some((row) => row.includes(request))) return
    }
  }
  throw new Error(`Request ${request} was not collected within 2 minutes.`)
}
