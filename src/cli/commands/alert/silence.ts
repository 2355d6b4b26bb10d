import { defineCommand } from '../../define-command.ts'
import type { Command } from '../../define-command.ts'
import { usage } from '../../failure.ts'
import type { Body } from '../../present/present.ts'
import { placed } from '../../submit/placed.ts'
import { silence as noun } from '../nouns.ts'
import { deleteCommand, encode, fileFlag, nameFlag, optionalName, setFlag, showCommand } from '../verbs.ts'

const path = (name: string) => `/${noun.type}/${encode(name)}`

const create = defineCommand({
  noun: 'silence',
  verb: 'create',
  summary: 'Has nobody told of the alerts that match: for a time, or in maintenance windows.',
  flags: {
    file: fileFlag,
    name: optionalName,
    set: setFlag,
    matcher: {
      type: 'words',
      short: 'm',
      placeholder: 'MATCHER',
      summary: `Which alerts: 'endpoint="flights"', 'alertname=~"queue.*"'; all of them have to match.`,
    },
    for: { type: 'text', placeholder: 'TIME', summary: 'How long, such as 2h.' },
    from: { type: 'text', placeholder: 'TIME', summary: 'A time or a cron expression. Default: now.' },
    timeZone: {
      type: 'text',
      placeholder: 'ZONE',
      summary: 'Of --from, such as Europe/Berlin. Default: UTC.',
    },
    reason: { type: 'text', placeholder: 'TEXT', summary: 'Why.' },
  },
  table: noun.table,
  examples: [
    `twinloop silence create -m 'endpoint="flights"' --for 2h --reason "the new schema comes"`,
    `twinloop silence create -n sundays -m 'severity="warning"' --from "0 2 * * SUN" --for 4h --time-zone Europe/Berlin --reason maintenance`,
    'twinloop silence create -f silence.yml',
  ],
  async run({ flags, io, client }) {
    const { readAsset } = await import('../../submit/asset.ts')
    const { alertBody } = await import('../../bodies/alert.ts')
    const name = flags.name ?? (flags.file === undefined ? freshName(new Date()) : undefined)
    const sets = [
      ...(flags.matcher.length === 0 ? [] : [`matchers=${JSON.stringify(flags.matcher)}`]),
      ...(flags.for === undefined ? [] : [`for=${flags.for}`]),
      ...(flags.from === undefined ? [] : [`from=${JSON.stringify(flags.from)}`]),
      ...(flags.timeZone === undefined ? [] : [`time_zone=${flags.timeZone}`]),
      ...(flags.reason === undefined ? [] : [`reason=${JSON.stringify(flags.reason)}`]),
      ...flags.set,
    ]
    const { value, source } = await readAsset(client, io, { file: flags.file, name, set: sets }, 'silence')
    if (value.name === undefined) throw usage('what is the silence called?', 'name: in the file, or --name')
    const api = await client()
    try {
      return noun.present(await api.put<Body>(path(value.name), alertBody(value)))
    } catch (error) {
      throw await placed(source, io, error)
    }
  },
})

/** `silence-20261123-091402`: one that sorts by when it was made. */
const freshName = (now: Date) =>
  `silence-${now.toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-')}`

const list = defineCommand({
  noun: 'silence',
  verb: 'list',
  summary: 'Lists silences that hold or will, or with --all also those that have expired.',
  flags: { all: { type: 'switch', summary: 'Also those that have expired.' } },
  table: noun.table,
  examples: ['twinloop silence list -o table'],
  async run({ flags, client }) {
    const bodies = await (await client()).list<Body>(`/${noun.type}`)
    return bodies
      .filter(({ properties }) => flags.all || properties?.['state'] !== 'expired')
      .map((body) => noun.present(body))
  },
})

const expire = defineCommand({
  noun: 'silence',
  verb: 'expire',
  summary: 'Ends a silence now; it stays as the record of what was silenced, by whom and why.',
  flags: { name: nameFlag },
  examples: ['twinloop silence expire -n sundays'],
  async run({ flags, client }) {
    await (await client()).post(`${path(flags.name)}/expire`)
    return undefined
  },
})

export const commands: readonly Command[] = [create, list, showCommand(noun), expire, deleteCommand(noun)]
