import { defineCommand } from '../../define-command.ts'
import type { Command } from '../../define-command.ts'
import { paint } from '../../io.ts'
import type { Io } from '../../io.ts'
import { textOf } from '../../present/present.ts'
import type { Body } from '../../present/present.ts'
import { proposal as noun } from '../nouns.ts'
import { encode, nameFlag } from '../verbs.ts'

const path = (name: string) => `/${noun.type}/${encode(name)}`

const list = defineCommand({
  noun: 'proposal',
  verb: 'list',
  summary: 'Lists changes that wait for somebody, newest first; with --all also those that were decided.',
  flags: { all: { type: 'switch', summary: 'Also those that were decided.' } },
  table: noun.table,
  examples: ['twinloop proposal list', 'twinloop proposal list --all -o table'],
  async run({ flags, io, client }) {
    const api = await client()
    const bodies = await api.list<Body>(`/${noun.type}`, flags.all ? {} : { state: 'Proposed' })
    if (flags.output !== undefined || flags.query !== undefined) return bodies.map((one) => noun.present(one))
    const [{ age, columns, stateOf }, now] = [await import('./marks.ts'), new Date()]
    const rows = bodies.map((body) => {
      const shown = noun.present(body)
      const state = { Proposed: 'waiting', Applied: 'done' }[textOf(shown['state'])] ?? textOf(shown['state'])
      return [
        textOf(shown['name']),
        stateOf(io, state),
        textOf(shown['of']),
        textOf(shown['reason']),
        age(textOf(shown['proposed_at']), now),
      ]
    })
    io.stdout(rows.length === 0 ? 'nothing waits for a decision\n' : `${columns(rows).join('\n')}\n`)
    return undefined
  },
})

const show = defineCommand({
  noun: 'proposal',
  verb: 'show',
  summary: 'Shows what would be changed, as a difference, and why.',
  flags: { name: nameFlag },
  table: noun.table,
  examples: [
    `twinloop proposal show -n ${noun.example}`,
    `twinloop proposal show -n ${noun.example} -o yaml`,
  ],
  async run({ flags, io, client }) {
    const body = await (await client()).get<Body>(path(flags.name))
    if (flags.output !== undefined || flags.query !== undefined) return noun.present(body)
    io.stdout(picture(io, body))
    return undefined
  },
})

function picture(io: Io, body: Body): string {
  const shown = noun.present(body)
  const said = (field: string) => textOf(shown[field])
  const decided = said('decided_by') === '' ? '' : ` by ${said('decided_by')}`
  const comment = said('comment') === '' ? '' : `: ${said('comment')}`
  const waits = said('state') === 'Proposed'
  return [
    `${said('of')}  ${said('state').toLowerCase()}${decided}${comment}`,
    said('reason'),
    ...(said('request') === '' ? [] : [`also asked for: ${said('request')}`]),
    ...(said('problem') === '' ? [] : [paint(io, 'red', said('problem'))]),
    '',
    ...said('diff')
      .trimEnd()
      .split('\n')
      .map((line) => coloured(io, line)),
    ...(waits
      ? [
          '',
          `twinloop proposal approve -n ${said('name')}`,
          `twinloop proposal refuse -n ${said('name')} -m WHY`,
        ]
      : []),
    '',
  ].join('\n')
}

const coloured = (io: Io, line: string): string =>
  /^(?:\+\+\+|---) /.test(line)
    ? paint(io, 'bold', line)
    : line.startsWith('+')
      ? paint(io, 'green', line)
      : line.startsWith('-')
        ? paint(io, 'red', line)
        : line.startsWith('@@')
          ? paint(io, 'cyan', line)
          : line

const decision = (verb: 'approve' | 'refuse', summary: string) =>
  defineCommand({
    noun: 'proposal',
    verb,
    summary,
    flags: {
      name: nameFlag,
      comment: { type: 'text', short: 'm', placeholder: 'TEXT', summary: 'Why, for the record.' },
    },
    table: noun.table,
    examples: [`twinloop proposal ${verb} -n ${noun.example} -m "for the sale"`],
    async run({ flags, io, client }) {
      const api = await client()
      const body = flags.comment === undefined ? {} : { comment: flags.comment }
      const decided = await api.post<Body>(`${path(flags.name)}/${verb}`, body)
      if (flags.output !== undefined || flags.query !== undefined) return noun.present(decided)
      const { state, of } = noun.present(decided)
      io.stdout(`${textOf(of)}: ${textOf(state).toLowerCase()}\n`)
      return undefined
    },
  })

export const commands: readonly Command[] = [
  list,
  show,
  decision('approve', 'Has a change made, in your name.'),
  decision('refuse', 'Has a change not made.'),
]
