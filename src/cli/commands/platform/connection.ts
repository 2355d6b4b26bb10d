import { defineCommand } from '../../define-command.ts'
import type { Command } from '../../define-command.ts'
import { Failure } from '../../failure.ts'
import type { Body } from '../../present/present.ts'
import { changed } from '../assets/versions.ts'
import { connection as noun } from '../nouns.ts'
import { createCommand } from './create.ts'
import { deleteCommand, encode, listCommand, nameFlag, setFlag, showCommand } from '../verbs.ts'

const create = createCommand(noun, {
  kind: 'connection',
  summary: 'Makes an address and its credentials known under a name.',
  examples: [
    'twinloop connection create -f sales-db.yml',
    'twinloop connection create -f sales-db.yml --set credentials.password=$PGPASSWORD',
  ],
  body: async () => (await import('../../bodies/connection.ts')).connectionBody,
})

const update = defineCommand({
  noun: 'connection',
  verb: 'update',
  summary: 'Changes the target or the metadata; a new target wants its credentials again, by create.',
  flags: { name: nameFlag, set: { ...setFlag, required: true } },
  table: noun.table,
  examples: ['twinloop connection update -n sales-db --set metadata.owner=sales'],
  async run({ flags, client }) {
    const api = await client()
    const path = `/connections/${encode(flags.name)}`
    const { properties = {} } = await api.get<Body>(path)
    const wanted = changed(properties, flags.set, ['target', 'metadata', 'description'])
    return noun.present(await api.put<Body>(path, { properties: wanted }))
  },
})

const check = defineCommand({
  noun: 'connection',
  verb: 'check',
  summary: 'Asks the database that a connection leads to whether it answers.',
  flags: { name: nameFlag },
  table: { Check: 'check', Outcome: 'outcome', Message: 'message' },
  examples: ['twinloop connection check -n sales-db -o table'],
  async run({ flags, client }) {
    interface Checked {
      readonly checks: readonly { readonly outcome: string; readonly message: string }[]
    }
    const { checks } = await (await client()).post<Checked>(`/connections/${encode(flags.name)}/check`)
    const failed = checks.find(({ outcome }) => outcome === 'Failed')
    if (failed !== undefined) throw new Failure(failed.message)
    return checks
  },
})

export const commands: readonly Command[] = [
  create,
  showCommand(noun),
  listCommand(noun),
  update,
  check,
  deleteCommand(noun),
]
