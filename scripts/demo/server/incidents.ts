import type { Twinloop } from './twinloop.ts'

/** One firing of an alert. */
export interface Incident {
  readonly name: string
  readonly properties: {
    readonly rule: string
    readonly firedAt: string
    readonly state: 'Firing' | 'Resolved'
    readonly summary: string
    readonly resolvedAt?: string
    readonly timeline: readonly { readonly at: string; readonly what: string; readonly by?: string }[]
  }
}

/** Something that is done because an alert fired. */
export interface Action {
  readonly name: string
  readonly properties: {
    readonly kind: string
    readonly state: 'Waiting' | 'Running' | 'Done' | 'Refused' | 'Skipped' | 'Failed'
    readonly reason: string
    readonly awaiting?: string
    readonly made?: readonly string[]
    readonly endedAt?: string
  }
}

const path = 'providers/Twinloop/incidents'

/** Incidents of a rule, oldest first. */
export async function incidentsOf(twinloop: Twinloop, rule: string): Promise<readonly Incident[]> {
  const { value } = await twinloop.get<{ value: readonly Incident[] }>(path)
  return value
    .filter(({ properties }) => properties.rule === rule)
    .toSorted((a, b) => Number(a.name) - Number(b.name))
}

async function actionsOf(twinloop: Twinloop, incident: Incident): Promise<readonly Action[]> {
  return (await twinloop.get<{ value: readonly Action[] }>(`${path}/${incident.name}/actions`)).value
}

/** All that was done about an incident, once all of it has ended. */
export function untilAllEnded(twinloop: Twinloop, incident: Incident): Promise<readonly Action[]> {
  const look = async () => {
    const actions = await actionsOf(twinloop, incident)
    const goesOn = ({ properties }: Action) => ['Waiting', 'Running'].includes(properties.state)
    return actions.some(goesOn) ? undefined : actions
  }
  return until(twinloop, look, {
    what: `The end of what is done about incident ${incident.name}`,
    within: 60_000,
  })
}

/** Waits for the first incident of a rule that is as asked for, or until so many ms have gone: then it throws, saying `what` is missing. */
export function untilIncident(
  twinloop: Twinloop,
  rule: string,
  isIt: (incident: Incident) => boolean,
  { what, within }: { readonly what: string; readonly within: number },
): Promise<Incident> {
  return until(twinloop, async () => (await incidentsOf(twinloop, rule)).find(isIt), { what, within })
}

/** Waits likewise for an action of an incident, by its kind. Throws, too, where it is not done for some reason. */
export function untilAction(
  twinloop: Twinloop,
  incident: Incident,
  kind: string,
  isIt: (action: Action) => boolean,
  { what, within }: { readonly what: string; readonly within: number },
): Promise<Action> {
  const look = async () => {
    const action = (await actionsOf(twinloop, incident)).find(({ properties }) => properties.kind === kind)
    if (action === undefined) return undefined
    const { state, reason } = action.properties
    if (isIt(action)) return action
    if (state === 'Refused' || state === 'Skipped' || state === 'Failed')
      throw new Error(`${kind} of incident ${incident.name} is ${state.toLowerCase()}: ${reason}`)
    return undefined
  }
  return until(twinloop, look, { what, within })
}

/** Looks again whenever something happens in the workspace. */
async function until<T>(
  twinloop: Twinloop,
  look: () => Promise<T | undefined>,
  { what, within }: { readonly what: string; readonly within: number },
): Promise<T> {
  const patience = AbortSignal.timeout(within)
  const events = await twinloop.events([], patience)
  const now = await look()
  if (now !== undefined) return now
  try {
    for await (const _ of events) {
      const found = await look()
      if (found !== undefined) return found
    }
  } catch (error) {
    if (!patience.aborted) throw error
  }
  throw new Error(`${what} did not happen within ${Math.round(within / 1000)} s.`)
}
