import { untilAllEnded, incidentsOf, type Incident } from '../server/incidents.ts'
import type { Twinloop } from '../server/twinloop.ts'
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
  const { screen } = stage
  const events = [
    ...(await released(stage, 1)),
    ...(await alerted(stage, worseRule)),
    ...(await released(stage, 2)),
    ...(await alerted(stage, slowRule)),
  ].toSorted((a, b) => a.at.localeCompare(b.at))
  for (const { at, what, detail } of events)
    screen.line(`   ${new Date(at).toTimeString().slice(0, 8)}  ${what.padEnd(34)} ${detail}`)
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
  if (incidents.length === 0) throw new Error(`${rule} never fired.`)
  return (await Promise.all(incidents.map((incident) => eventsOf(twinloop, incident)))).flat()
}

async function eventsOf(twinloop: Twinloop, incident: Incident): Promise<readonly Event[]> {
  const { rule, firedAt, resolvedAt, summary } = incident.properties
  const number = `incident ${incident.name}`
  if (resolvedAt === undefined) throw new Error(`${number} of ${rule} is not over.`)
  const actions = await untilAllEnded(twinloop, incident)
  const undone = actions.find(({ properties }) => properties.state !== 'Done')
  if (undone !== undefined || actions.length === 0)
    throw new Error(`${undone?.name ?? 'Nothing'} of ${number} is done: ${undone?.properties.reason ?? ''}`)
  return [
    { at: firedAt, what: `▲ ${rule}`, detail: `${number}: ${summary}` },
    ...actions.map(({ properties }) => ({
      at: properties.endedAt ?? firedAt,
      what: `  ${properties.kind.replace('_', ' ')}`,
      detail: properties.reason,
    })),
    { at: resolvedAt, what: `✓ ${rule}`, detail: `${number} is resolved` },
  ]
}
