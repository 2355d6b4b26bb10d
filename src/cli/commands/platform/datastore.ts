import { defineCommand } from '../../define-command.ts'
import type { Command } from '../../define-command.ts'
import { datastore as noun } from '../nouns.ts'
import { deleteCommand, encode, fileFlag, listCommand, optionalName, setFlag, showCommand } from '../verbs.ts'
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

export const commands: readonly Command[] = [
  create,
  showCommand(noun),
  listCommand(noun),
  deleteCommand(noun),
]
