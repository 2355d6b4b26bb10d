import { defineCommand } from '../../define-command.ts'
import type { Command } from '../../define-command.ts'
import { Failure } from '../../failure.ts'
import { datastore as noun } from '../nouns.ts'
import {
  deleteCommand,
  encode,
  fileFlag,
  listCommand,
  nameFlag,
  optionalName,
  setFlag,
  showCommand,
} from '../verbs.ts'
import type { Body } from '../../present/present.ts'

const create = defineCommand({
  noun: 'datastore',
  verb: 'create',
  summary: 'Makes storage known under a name.',
  flags: { file: { ...fileFlag, required: true }, name: optionalName, set: setFlag },
  table: noun.table,
  examples: [
    'twinloop datastore create -f landing.yml',
    'twinloop datastore create -f landing.yml --set path=/srv/landing',
  ],
  async run({ flags, io, client }) {
    const { readAsset } = await import('../../submit/asset.ts')
    const { datastoreBody } = await import('../../bodies/assets.ts')
    const { nameOf } = await import('../targets.ts')
    const { value } = await readAsset(client, io, flags, 'datastore')
    const api = await client()
    return noun.present(
      await api.put<Body>(`/datastores/${encode(nameOf(value.name, noun))}`, datastoreBody(value)),
    )
  },
})

interface Checked {
  readonly outcome: string
  readonly checks: readonly { readonly check: string; readonly outcome: string; readonly message: string }[]
}

const check = defineCommand({
  noun: 'datastore',
  verb: 'check',
  summary: 'Tries to list and read what is there, and says what works.',
  flags: {
    name: nameFlag,
    write: { type: 'switch', summary: 'Writes a small file, too, and removes it.' },
  },
  table: { Check: 'check', Outcome: 'outcome', Message: 'message' },
  examples: ['twinloop datastore check -n landing -o table', 'twinloop datastore check -n landing --write'],
  async run({ flags, client }) {
    const api = await client()
    const path = `/datastores/${encode(flags.name)}/check`
    const { checks } = await api.post<Checked>(path, { write: flags.write })
    const failed = checks.find(({ outcome }) => outcome === 'Failed')
    if (failed !== undefined) throw new Failure(failed.message)
    return checks
  },
})

export const commands: readonly Command[] = [
  create,
  showCommand(noun),
  listCommand(noun),
  check,
  deleteCommand(noun),
]
