import { defineCommand } from '../../define-command.ts'
import type { Command } from '../../define-command.ts'
import { Failure } from '../../failure.ts'
import { datastore as noun } from '../nouns.ts'
import { createCommand } from './create.ts'
import { deleteCommand, encode, listCommand, nameFlag, showCommand } from '../verbs.ts'

const create = createCommand(noun, {
  kind: 'datastore',
  summary: 'Makes storage known under a name.',
  examples: [
    'twinloop datastore create -f landing.yml',
    'twinloop datastore create -f landing.yml --set path=/srv/landing',
  ],
  body: async () => (await import('../../bodies/assets.ts')).datastoreBody,
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
