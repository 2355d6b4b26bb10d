import { defineCommand } from '../../define-command.ts'
import type { Command } from '../../define-command.ts'
import { eventsOf } from '../../client/events.ts'
import { markOutput } from '../../io.ts'
import type { Io } from '../../io.ts'

interface Event {
  readonly type: string
  readonly subject: string
  readonly time: string
  readonly sequence?: string
  readonly data?: Readonly<Record<string, unknown>>
}

/** Events that only tell that some resource was written. */
const mere = /^(?:Microsoft\.Resources\.|Twinloop\.ResourceStatusChanged$)/

const typesFlag = {
  type: 'words',
  placeholder: 'TYPE',
  summary: 'Only these types, whole or their last word: RunCompleted. Default: all but writes of resources.',
} as const

const table = { Sequence: 'sequence', Time: 'time', Type: 'type', Subject: 'subject' }

const list = defineCommand({
  noun: 'event',
  verb: 'list',
  summary: 'Lists what happened in the workspace, the newest last; kept for 30 days.',
  flags: {
    types: typesFlag,
    from: { type: 'text', placeholder: 'TIME', summary: 'Since this time, ISO 8601.' },
    to: { type: 'text', placeholder: 'TIME', summary: 'Until this time.' },
    maxResults: { type: 'integer', short: 'r', placeholder: 'N', summary: 'At most so many. Default 50.' },
  },
  table,
  examples: ['twinloop event list', 'twinloop event list --types RunCompleted IncidentOpened -r 10 -o table'],
  async run({ flags, io, client }) {
    const most = flags.maxResults ?? 50
    const api = await client()
    // A short name may be of more than one type: what it means is found out among what happened.
    const isShort = flags.types.some((type) => !type.includes('.'))
    const { events } = await api.post<{ readonly events: readonly Event[] }>('/listEvents', {
      limit: isShort ? 10_000 : most,
      ...(flags.types.length === 0 || isShort ? {} : { types: flags.types }),
      ...(flags.from === undefined ? {} : { from: timeOf(flags.from) }),
      ...(flags.to === undefined ? {} : { to: timeOf(flags.to) }),
    })
    const found = events
      .filter((event) => isWanted(event, flags.types))
      .slice(0, most)
      .toReversed()
    if (flags.output !== undefined || flags.query !== undefined) return found
    io.stdout(found.length === 0 ? 'nothing happened\n' : found.map((event) => line(io, event)).join(''))
    return undefined
  },
})

const tail = defineCommand({
  noun: 'event',
  verb: 'tail',
  summary: 'Shows what happens from now on, until it is interrupted.',
  flags: {
    types: typesFlag,
    all: { type: 'switch', summary: 'Also that resources were written.' },
  },
  examples: ['twinloop event tail', 'twinloop event tail --types RunCompleted -o json'],
  async run({ flags, io, client }) {
    const api = await client()
    while (!io.signal.aborted)
      for await (const told of eventsOf(api)) {
        const event = told as Event | undefined
        if (event === undefined || !(flags.all || isWanted(event, flags.types))) continue
        io.stdout(flags.output === 'json' ? `${JSON.stringify(event)}\n` : line(io, event))
      }
    return undefined
  },
})

const types = defineCommand({
  noun: 'event',
  verb: 'types',
  summary: 'Lists what there may be events of, as filters and subscriptions name it.',
  flags: {},
  table: { Type: 'type', Tells: 'summary' },
  examples: ['twinloop event types -o table'],
  async run({ client }) {
    const api = await client()
    return (await api.post<{ readonly value: readonly object[] }>('/listEventTypes', {})).value
  },
})

const isWanted = ({ type }: Event, types: readonly string[]) =>
  types.length === 0
    ? !mere.test(type)
    : types.some((wanted) => {
        const [own, asked] = [type.toLowerCase(), wanted.toLowerCase()]
        return own === asked || own.endsWith(`.${asked}`)
      })

/** A day is its beginning. */
const timeOf = (text: string) => (/^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00Z` : text)

/** Ids of resources are long: their last two words tell. */
const shortOf = (subject: string) =>
  subject.startsWith('/') ? subject.split('/').slice(-2).join('/') : subject

function line(io: Io, { time, type, subject, data = {} }: Event): string {
  const name = type.split('.').at(-1) ?? type
  const facts = Object.entries(data)
    .filter(
      ([key, value]) =>
        ['state', 'runStatus', 'status', 'reason', 'rule', 'model', 'version'].includes(key) && value !== '',
    )
    .map(([, value]) => String(value))
    .join('  ')
  const when = new Date(time).toTimeString().slice(0, 8)
  return `${markOutput(io, 'dim', when)}  ${markOutput(io, 'bold', name.padEnd(24))} ${shortOf(subject)}${facts === '' ? '' : `  ${markOutput(io, 'dim', facts)}`}\n`
}

export const commands: readonly Command[] = [list, tail, types]
