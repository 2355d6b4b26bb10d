import { resolve } from 'node:path'
import { defineCommand } from '../../define-command.ts'
import type { Command } from '../../define-command.ts'
import { usage } from '../../failure.ts'
import { putVersion, updateVersionCommand } from './versions.ts'
import { data as noun } from '../nouns.ts'
import {
  archiveCommands,
  deleteCommand,
  fileFlag,
  listCommand,
  optionalName,
  setFlag,
  showCommand,
  versionFlag,
} from '../verbs.ts'

const create = defineCommand({
  noun: 'data',
  verb: 'create',
  summary: 'Registers a version of a data asset; a local file or folder is uploaded.',
  flags: {
    file: fileFlag,
    name: optionalName,
    version: versionFlag,
    type: {
      type: 'text',
      short: 't',
      choices: ['uri_file', 'uri_folder', 'mltable'],
      summary: 'What lies at the path.',
    },
    path: { type: 'text', short: 'p', placeholder: 'PATH', summary: 'Local path or URI.' },
    description: { type: 'text', short: 'd', summary: 'What it is.' },
    tags: { type: 'words', placeholder: 'NAME=VALUE', summary: 'Tags.' },
    datastore: { type: 'text', summary: 'Where to upload to. Default workspaceblobstore.' },
    set: setFlag,
    skipValidation: { type: 'switch', summary: 'Accepted for az.' },
  },
  table: noun.table,
  examples: [
    'twinloop data create -f data.yml',
    'twinloop data create -n taxi-data -t uri_file -p data/taxi-data.csv',
  ],
  async run({ flags, io, client }) {
    const { readAsset } = await import('../../submit/asset.ts')
    const { uploadData } = await import('../../upload/assets.ts')
    const { dataBody } = await import('../../bodies/assets.ts')
    const { value, folder } = await readAsset(client, io, flags, 'data', {
      path: flags.path,
      type: flags.type,
      datastore: flags.datastore,
    })
    const api = await client()
    const { isLocalPath } = await import('../../yaml/checks/check.ts')
    if (value.path === undefined) throw usage('there is no path', '--path PATH, or path: in the file')
    const path = resolve(folder, value.path)
    const uri = isLocalPath(value.path)
      ? await uploadData(api, path, { datastore: value.datastore })
      : value.path
    return putVersion(api, noun, { name: value.name, version: value.version }, dataBody(value, uri))
  },
})

export const commands: readonly Command[] = [
  create,
  showCommand(noun),
  listCommand(noun),
  updateVersionCommand(noun),
  ...archiveCommands(noun),
  deleteCommand(noun),
]
