import type { IncidentProperties, IncidentState } from '../../../alerts/incidents/incident.ts'
import { defineCommand } from '../../define-command.ts'
import type { Command } from '../../define-command.ts'
import { usage } from '../../failure.ts'
import { clean, textOf } from '../../present/present.ts'
import type { Body } from '../../present/present.ts'
import { incident as noun } from '../nouns.ts'
import { actionCommands } from './incident-actions.ts'
import { encode } from '../verbs.ts'

/** The number of an incident: a word, or `--name` as every noun has it. */
const numberFlags = {
  name: { type: 'text', short: 'n', placeholder: 'NUMBER', summary: 'Its number; also as a word.' },
} as const
const words = { placeholder: 'NUMBER', summary: 'The incident.' }

function pathOf({ name }: { readonly name: string | undefined }, [word]: readonly string[]): string {
  const number = name ?? word
  if (number === undefined) throw usage('which incident?', 'twinloop incident list')
  return `/${noun.type}/${encode(number)}`
}

const list = defineCommand({
  noun: 'incident',
  verb: 'list',
  summary: 'Lists incidents, newest first: those that go on, or with --all also those that are over.',
  flags: {
    all: { type: 'switch', summary: 'Also those that are over.' },
    rule: { type: 'text', placeholder: 'NAME', summary: 'Only of this rule.' },
    severity: { type: 'text', placeholder: 'SEVERITY', summary: 'Only of this severity.' },
    maxResults: { type: 'integer', short: 'r', placeholder: 'N', summary: 'At most so many. Default 50.' },
  },
  table: noun.table,
  examples: ['twinloop incident list', 'twinloop incident list --all --rule queue-too-long -o table'],
  async run({ flags, io, client }) {
    const api = await client()
    const query = {
      ...(flags.all ? {} : { state: 'Firing' }),
      ...(flags.rule === undefined ? {} : { rule: flags.rule }),
      ...(flags.severity === undefined ? {} : { severity: flags.severity }),
    }
    const bodies = await api.list<Body>(`/${noun.type}`, query, flags.maxResults ?? 50)
    if (flags.output !== undefined || flags.query !== undefined) return bodies.map((one) => noun.present(one))
    const [{ age, columns, labelsOf, stateOf }, now] = [await import('./marks.ts'), new Date()]
    const rows = bodies.map(({ name = '', properties }) => {
      const { state, severity, rule, labels, summary, firedAt, acknowledged, silencedBy } =
        properties as unknown as IncidentProperties & IncidentState
      return [
        name.padStart(3),
        stateOf(io, state),
        severity,
        rule,
        labelsOf(labels),
        summary,
        age(firedAt, now),
        silencedBy ?? (acknowledged === undefined ? '' : `${acknowledged.by} is at it`),
      ]
    })
    io.stdout(rows.length === 0 ? 'nothing is wrong\n' : `${columns(rows).join('\n')}\n`)
    return undefined
  },
})

interface Summary {
  readonly name: string
  readonly rule: string
  readonly state: string
  readonly severity: string
  readonly summary: string
  readonly firedAt: string
  readonly resolvedAt?: string
  readonly actions: Readonly<Record<string, number>>
}

const summaries = defineCommand({
  noun: 'incident',
  verb: 'summaries',
  summary: 'Lists what fires and what was over lately in short: by days, with what is done about each.',
  flags: {
    days: { type: 'integer', placeholder: 'N', summary: 'How far back, in days. Default 30.' },
    rule: { type: 'text', placeholder: 'NAME', summary: 'Only of this rule.' },
  },
  table: {
    Number: 'name',
    State: 'state',
    Severity: 'severity',
    Rule: 'rule',
    Fired: 'fired_at',
    Over: 'resolved_at',
    Waiting: 'actions.approval',
  },
  examples: ['twinloop incident summaries --days 7 -o table'],
  async run({ flags, client }) {
    const api = await client()
    const { value } = await api.post<{ readonly value: readonly Summary[] }>('/incidentSummaries', {
      ...(flags.days === undefined ? {} : { days: flags.days }),
      ...(flags.rule === undefined ? {} : { rule: flags.rule }),
    })
    return value.map(({ name, rule, state, severity, summary, firedAt, resolvedAt, actions }) =>
      clean({ name, rule, state, severity, summary, fired_at: firedAt, resolved_at: resolvedAt, actions }),
    )
  },
})

const show = defineCommand({
  noun: 'incident',
  verb: 'show',
  summary:
    'Shows an incident with its actions and everything that happened; with -o all that is known of it.',
  flags: numberFlags,
  words,
  table: noun.table,
  examples: ['twinloop incident show 12', 'twinloop incident show 12 -o json --query timeline'],
  async run({ flags, words: given, io, client }) {
    const api = await client()
    const path = pathOf(flags, given)
    const body = await api.get<Body>(path)
    if (flags.output !== undefined || flags.query !== undefined) return noun.present(body)
    const actions = await api.list<Body>(`${path}/actions`)
    const { incidentPicture } = await import('./picture.ts')
    io.stdout(
      incidentPicture(
        io,
        body.name ?? '',
        body.properties as unknown as IncidentProperties & IncidentState,
        actions
          .map(({ name = '', properties }) => ({
            name,
            state: textOf(properties?.['state']),
            reason: textOf(properties?.['reason']),
          }))
          .toSorted((a, b) => a.name.localeCompare(b.name)),
        new Date(),
      ),
    )
    return undefined
  },
})

const commentFlag = {
  type: 'text',
  short: 'm',
  placeholder: 'TEXT',
  summary: 'What to say, for its timeline.',
} as const

const acknowledge = defineCommand({
  noun: 'incident',
  verb: 'acknowledge',
  summary: 'Says that you see to it.',
  flags: { ...numberFlags, comment: commentFlag },
  words,
  examples: ['twinloop incident acknowledge 12 --comment "the schema of flights changed"'],
  async run({ flags, words: given, io, client }) {
    const api = await client()
    await api.post(`${pathOf(flags, given)}/acknowledge`, { comment: flags.comment })
    io.stderr('acknowledged\n')
    return undefined
  },
})

const comment = defineCommand({
  noun: 'incident',
  verb: 'comment',
  summary: 'Adds to its timeline what you found.',
  flags: { ...numberFlags, comment: { ...commentFlag, required: true } },
  words,
  examples: ['twinloop incident comment 12 --comment "carrier VX changed its codes"'],
  async run({ flags, words: given, client }) {
    await (await client()).post(`${pathOf(flags, given)}/comment`, { comment: flags.comment })
    return undefined
  },
})

const silence = defineCommand({
  noun: 'incident',
  verb: 'silence',
  summary: 'Has nobody told of this alert for a time.',
  flags: {
    ...numberFlags,
    for: { type: 'text', placeholder: 'TIME', required: true, summary: 'How long, such as 2h.' },
    reason: { type: 'text', placeholder: 'TEXT', required: true, summary: 'Why.' },
  },
  words,
  examples: ['twinloop incident silence 12 --for 2h --reason "the backfill runs"'],
  async run({ flags, words: given, io, client }) {
    const api = await client()
    const made = await api.post<{ readonly name: string }>(`${pathOf(flags, given)}/silence`, {
      for: flags.for,
      reason: flags.reason,
    })
    io.stderr(`silence ${made.name}; end it: twinloop silence expire -n ${made.name}\n`)
    return undefined
  },
})

export const commands: readonly Command[] = [
  list,
  summaries,
  show,
  acknowledge,
  comment,
  silence,
  ...actionCommands,
]
