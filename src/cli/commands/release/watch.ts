import { eventsOf } from '../../client/events.ts'
import type { Client } from '../../client/client.ts'
import type { Ended } from '../../define-command.ts'
import { Failure } from '../../failure.ts'
import { paint } from '../../io.ts'
import type { Io } from '../../io.ts'
import type { Body } from '../../present/present.ts'
import { labelOf } from '../../present/release.ts'
import type { ReleaseState } from '../../../release/releases/release.ts'
import { picture } from './picture.ts'

/**
 * Prints what happens to a release as it happens, until it has ended or waits for somebody to do something about a gate;
 * with `until: approval` also until nothing but an approval is missing. Exit code 0 if it got there.
 */
export async function watch(
  client: Client,
  io: Io,
  path: string,
  until: 'end' | 'approval' = 'end',
): Promise<Ended> {
  let told = 0
  const said = new Map<string, string>()
  /** Prints what is new; true when there is nothing more to wait for. */
  const look = async (): Promise<Body | undefined> => {
    const body = await client.get<Body>(path)
    const state = body.properties as unknown as ReleaseState
    for (const { at, who, what } of state.timeline.slice(told))
      io.stderr(
        `${paint(io, 'dim', at.slice(11, 19))}  ${who === 'Twinloop release' ? '' : `${who} `}${what}\n`,
      )
    told = state.timeline.length
    for (const { who, what } of doings(state))
      if (said.get(who) !== what) {
        said.set(who, what)
        io.stderr(paint(io, 'dim', `          ${who}: ${what}\n`))
      }
    const rests = until === 'approval' && asksForApproval(state)
    return state.endedAt !== undefined || state.state === 'blocked' || rests ? body : undefined
  }
  for (;;) {
    for await (const event of eventsOf(client)) {
      const concerns =
        event === undefined || event.subject.toLowerCase().endsWith(path.split('?')[0]?.toLowerCase() ?? '')
      const done = concerns ? await look() : undefined
      if (done !== undefined) return end(io, done, until)
    }
    if (io.signal.aborted)
      throw new Failure('interrupted; the release goes on: twinloop release cancel ends it', {
        exitCode: 130,
      })
  }
}

/** What is under way: of gates, and of a delivery. */
const doings = ({ stages }: ReleaseState): readonly { readonly who: string; readonly what: string }[] =>
  stages.flatMap(({ gates, delivery }) => [
    ...gates.flatMap(({ name, doing }) => (doing === undefined ? [] : [{ who: name, what: doing }])),
    ...(delivery?.doing === undefined || delivery.state !== 'running'
      ? []
      : [{ who: 'delivery', what: delivery.doing }]),
  ])

const asksForApproval = ({ state, stages }: ReleaseState) =>
  state === 'waiting' && stages.some(({ approval }) => approval?.state === 'open')

function end(io: Io, body: Body, until: 'end' | 'approval'): Ended {
  const state = body.properties as unknown as ReleaseState
  io.stderr(`\n${picture({ ...io, outputColour: io.colour }, labelOf(body), state, new Date())}`)
  const isThere = state.state === 'succeeded' || (until === 'approval' && asksForApproval(state))
  return { exitCode: isThere ? 0 : 1 }
}
