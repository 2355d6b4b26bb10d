import { eventsOf } from '../../client/events.ts'
import type { Client } from '../../client/client.ts'
import { Failure } from '../../failure.ts'
import { paint } from '../../io.ts'
import type { Io } from '../../io.ts'
import { runOf } from '../../present/monitor-run.ts'
import type { Body } from '../../present/present.ts'
import { minute } from './picture.ts'
import { runPath } from './target.ts'

/** Waits until a run has ended, and says meanwhile what it does. */
export async function follow(client: Client, io: Io, name: string): Promise<Body> {
  const said = new Map<string, string>()
  const look = async (): Promise<Body | undefined> => {
    const body = await client.get<Body>(runPath(name))
    const { state, signals, at } = runOf(body)
    for (const signal of signals) {
      const now =
        signal.outcome === 'running' ? (signal.doing ?? 'being computed') : signal.outcome.replace('_', ' ')
      if (signal.outcome === 'waiting' || said.get(signal.name) === now) continue
      said.set(signal.name, now)
      io.stderr(paint(io, 'dim', `${minute(at)}  ${signal.name}: ${now}\n`))
    }
    return state === 'Running' ? undefined : body
  }
  for (;;) {
    for await (const event of eventsOf(client)) {
      const concerns = event === undefined || event.subject.toLowerCase().includes(name.toLowerCase())
      const done = concerns ? await look() : undefined
      if (done !== undefined) return done
    }
    if (io.signal.aborted)
      throw new Failure('interrupted; the run goes on: twinloop monitor-run cancel ends it', {
        exitCode: 130,
      })
  }
}
