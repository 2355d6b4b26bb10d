import type { Json } from '../../client/client.ts'
import { defineCommand } from '../../define-command.ts'
import type { Command } from '../../define-command.ts'
import { Failure, usage } from '../../failure.ts'
import { presentDeadLetter } from '../../present/event.ts'
import { clean } from '../../present/present.ts'
import type { Body } from '../../present/present.ts'
import { eventSubscription as noun } from '../nouns.ts'
import { deleteCommand, encode, listCommand, nameFlag, showCommand } from '../verbs.ts'

const path = (name: string) => `/${noun.type}/${encode(name)}`

const create = defineCommand({
  noun: 'event-subscription',
  verb: 'create',
  summary: 'Has a webhook or a connection told of events, in the order in which they happen.',
  flags: {
    name: nameFlag,
    endpoint: { type: 'text', placeholder: 'URL', summary: 'The webhook; its address is kept secret.' },
    connection: {
      type: 'text',
      placeholder: 'NAME',
      summary: 'Or a connection that leads to one (a chat, too).',
    },
    includedEventTypes: {
      type: 'words',
      placeholder: 'TYPE',
      summary: 'Only these types. Default: all but writes of resources.',
    },
    subjectBeginsWith: { type: 'text', placeholder: 'TEXT', summary: 'Only subjects that begin so: jobs/.' },
    subjectEndsWith: { type: 'text', placeholder: 'TEXT', summary: 'Only subjects that end so.' },
    advancedFilter: {
      type: 'words',
      placeholder: 'FILTER',
      summary: `Path, operator and values, as "data.runStatus StringIn Failed,Canceled"; all have to hold.`,
    },
    secret: { type: 'text', placeholder: 'TEXT', summary: 'What signs the calls (Standard Webhooks).' },
    validate: { type: 'switch', summary: 'Asks the webhook first whether it wants events (OPTIONS).' },
    maxEventsPerBatch: { type: 'integer', placeholder: 'N', summary: 'How many at once. Default 1.' },
    maxDeliveryAttempts: {
      type: 'integer',
      placeholder: 'N',
      summary: 'Then it is a dead letter. Default 30.',
    },
    eventTtl: { type: 'integer', placeholder: 'MINUTES', summary: 'Or after so long. Default 1440.' },
  },
  table: noun.table,
  examples: [
    'twinloop event-subscription create -n ops --endpoint https://ops.example.org/hook --included-event-types Twinloop.IncidentOpened',
    'twinloop event-subscription create -n failed --connection chat --advanced-filter "data.runStatus StringIn Failed"',
  ],
  async run({ flags, client }) {
    const { endpoint, connection } = flags
    if ((endpoint === undefined) === (connection === undefined))
      throw usage('whom is it to tell?', 'either --endpoint URL or --connection NAME')
    const destination =
      connection === undefined
        ? {
            endpointType: 'WebHook',
            properties: clean({
              endpointUrl: endpoint,
              secret: flags.secret,
              validate: flags.validate || undefined,
              maxEventsPerBatch: flags.maxEventsPerBatch,
            }),
          }
        : {
            endpointType: 'Connection',
            properties: clean({ connection, maxEventsPerBatch: flags.maxEventsPerBatch }),
          }
    const properties = {
      destination,
      filter: clean({
        includedEventTypes: flags.includedEventTypes.length === 0 ? undefined : flags.includedEventTypes,
        subjectBeginsWith: flags.subjectBeginsWith,
        subjectEndsWith: flags.subjectEndsWith,
        advancedFilters: flags.advancedFilter.length === 0 ? undefined : flags.advancedFilter.map(filterOf),
      }),
      retryPolicy: clean({
        maxDeliveryAttempts: flags.maxDeliveryAttempts,
        eventTimeToLiveInMinutes: flags.eventTtl,
      }),
    }
    return noun.present(await (await client()).put<Body>(path(flags.name), { properties }))
  },
})

/** Operators that take one value, and those that take none. */
const [single, none] = [/^(?:NumberLess|NumberGreater|BoolEquals)/i, /^Is(?:NullOrUndefined|NotNull)$/i]

function filterOf(text: string): Json {
  const [, key, operatorType, rest = ''] = /^(\S+)\s+(\S+)(?:\s+(.+))?$/.exec(text.trim()) ?? []
  if (key === undefined || operatorType === undefined)
    throw usage(`'${text}' is no filter`, 'such as "data.runStatus StringIn Failed,Canceled"')
  const isNumber = /^Number/i.test(operatorType)
  const values = rest.split(',').map((one) => (isNumber ? numberOf(one) : one.trim()))
  if (none.test(operatorType)) return { key, operatorType }
  return single.test(operatorType) ? { key, operatorType, value: values[0] } : { key, operatorType, values }
}

/** `1-5` is a range. */
function numberOf(text: string): number | readonly number[] {
  const range = /^\s*(-?[\d.]+)\s*-\s*(-?[\d.]+)\s*$/.exec(text)
  return range === null ? Number(text) : [Number(range[1]), Number(range[2])]
}

const act = (verb: 'pause' | 'resume', summary: string) =>
  defineCommand({
    noun: 'event-subscription',
    verb,
    summary,
    flags: { name: nameFlag },
    examples: [`twinloop event-subscription ${verb} -n ${noun.example}`],
    async run({ flags, client }) {
      await (await client()).post(`${path(flags.name)}/${verb}`, {})
      return undefined
    },
  })

const replay = defineCommand({
  noun: 'event-subscription',
  verb: 'replay',
  summary: 'Delivers again what happened then, under the same ids, before what is new.',
  flags: {
    name: nameFlag,
    from: { type: 'text', placeholder: 'TIME', summary: 'Since this time, ISO 8601, …' },
    to: { type: 'text', placeholder: 'TIME', summary: '… until this one. Default: now.' },
    fromSequence: {
      type: 'integer',
      placeholder: 'N',
      summary: 'Or since this event, as event list numbers it.',
    },
    toSequence: { type: 'integer', placeholder: 'N', summary: 'Until this event.' },
  },
  examples: [
    `twinloop event-subscription replay -n ${noun.example} --from 2026-11-23T08:00:00Z`,
    `twinloop event-subscription replay -n ${noun.example} --from-sequence 1200 --to-sequence 1250`,
  ],
  async run({ flags, io, client }) {
    const api = await client()
    const answer = await api.post<{ fromSeq: number; toSeq: number; events: number }>(
      `${path(flags.name)}/replay`,
      clean({ from: flags.from, to: flags.to, fromSeq: flags.fromSequence, toSeq: flags.toSequence }),
    )
    io.stderr(
      `events ${answer.fromSeq} to ${answer.toSeq} are looked through again: ${answer.events} of the workspace, of which it gets what it wants\n`,
    )
    return undefined
  },
})

const test = defineCommand({
  noun: 'event-subscription',
  verb: 'test',
  summary: 'Sends the receiver one event to try, and says what it answers.',
  flags: { name: nameFlag },
  examples: [`twinloop event-subscription test -n ${noun.example}`],
  async run({ flags, io, client }) {
    const api = await client()
    const outcome = await api.post<{
      readonly sent: boolean
      readonly answer?: string
      readonly error?: string
      readonly durationMs: number
    }>(`${path(flags.name)}/test`, {})
    if (!outcome.sent) throw new Failure(`it was not taken: ${outcome.error ?? ''}`)
    if (flags.output !== undefined || flags.query !== undefined) return outcome
    io.stdout(`taken in ${outcome.durationMs} ms: ${outcome.answer ?? ''}\n`)
    return undefined
  },
})

const letters = defineCommand({
  noun: 'event-subscription',
  verb: 'dead-letters',
  summary: 'Lists events that could not be delivered; --resend delivers them again.',
  flags: {
    name: nameFlag,
    resend: { type: 'switch', summary: 'Delivers each again, oldest first; what is taken is none any more.' },
  },
  table: {
    Sequence: 'seq',
    Type: 'event.type',
    Subject: 'event.subject',
    Attempts: 'attempts',
    Reason: 'reason',
  },
  examples: [
    `twinloop event-subscription dead-letters -n ${noun.example} -o table`,
    `twinloop event-subscription dead-letters -n ${noun.example} --resend`,
  ],
  async run({ flags, io, client }) {
    const api = await client()
    const found = (await api.list<Body>(`${path(flags.name)}/deadLetters`)).toSorted(
      (a, b) => Number(a.name) - Number(b.name),
    )
    if (!flags.resend) return found.map(presentDeadLetter)
    for (const { name = '' } of found)
      await api.post(`${path(flags.name)}/deadLetters/${encode(name)}/resend`, {})
    io.stderr(`${found.length} delivered\n`)
    return undefined
  },
})

export const commands: readonly Command[] = [
  create,
  listCommand(noun),
  showCommand(noun),
  act('pause', 'Delivers nothing until it is resumed; nothing is missed.'),
  act('resume', 'Goes on where it was, at once.'),
  replay,
  test,
  letters,
  deleteCommand(noun),
]
