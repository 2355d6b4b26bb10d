import { incidentsOf, type Incident } from '../server/incidents.ts'
import { releasePath, type Release } from '../show/release.ts'
import { rule as slowRule } from './slow.ts'
import type { Chapter, Stage } from './stage.ts'
import { rule as worseRule } from './year.ts'

interface Event {
  readonly at: string
  readonly what: string
  readonly detail: string
}

/**
 * What happened, as the server tells it, and where to look. Throws if any of it is missing: whoever runs the story to find
 * out whether all still works together is told by this.
 */
export const summarise: Chapter = async (stage) => {
  const { screen, ops } = stage
  const events = [
    ...(await released(stage, 1)),
    ...(await alerted(stage, worseRule)),
    ...(await released(stage, 2)),
    ...(await alerted(stage, slowRule)),
  ].toSorted((a, b) => a.at.localeCompare(b.at))
  for (const { at, what, detail } of events)
    screen.line(`   ${new Date(at).toTimeString().slice(0, 8)}  ${what.padEnd(34)} ${detail}`)
  screen.line()
  const told = ops.told.length
  if (told === 0) throw new Error('Nobody was told of the alerts.')
  screen.line(`   On call were told ${told} times: when an alert fired, and when it was over.`)
}

async function released({ twinloop }: Stage, number: number): Promise<readonly Event[]> {
  const label = `flight-delay/${number}`
  const { properties } = await twinloop.get<Release>(releasePath('flight-delay', number))
  const { state, endedAt, candidate, champion, stages } = properties
  const approvers = stages.flatMap(({ approval }) => approval?.decisions.map(({ by }) => by.name) ?? [])
  if (state !== 'succeeded' || endedAt === undefined || approvers.length === 0)
    throw new Error(`Release ${label} is ${state}, approved by ${approvers.join(', ') || 'nobody'}.`)
  const before = champion === undefined ? 'the first' : `in the place of version ${champion.version}`
  return [
    {
      at: endedAt,
      what: `flight-delay:${candidate.version} in production`,
      detail: `${before}; release ${label}, approved by ${approvers.join(', ')}`,
    },
  ]
}

async function alerted({ twinloop }: Stage, rule: string): Promise<readonly Event[]> {
  const incidents = await incidentsOf(twinloop, rule)
  const [first] = incidents
  if (first === undefined) throw new Error(`${rule} never fired.`)
  return incidents.flatMap(eventsOf)
}

function eventsOf({ name, properties }: Incident): readonly Event[] {
  const { rule, firedAt, resolvedAt, summary } = properties
  if (resolvedAt === undefined) throw new Error(`Incident ${name} of ${rule} is not over.`)
  return [
    { at: firedAt, what: `▲ ${rule}`, detail: `incident ${name}: ${summary}` },
    { at: resolvedAt, what: `✓ ${rule}`, detail: `incident ${name} is resolved` },
  ]
}
