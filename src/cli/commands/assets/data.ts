import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { inRegistry, registryFlag } from '../../client/registry.ts'
import { defineCommand } from '../../define-command.ts'
import type { Command } from '../../define-command.ts'
import { Failure, usage } from '../../failure.ts'
import { diff } from '../diff/diff.ts'
import { lineageCommand } from '../lineage/lineage.ts'
import { profileCommand } from '../profile/profile.ts'
import { shareCommand } from './share.ts'
import { putVersion, updateVersionCommand } from './versions.ts'
import type { Data } from '../../yaml/shapes/assets.ts'
import { preview } from '../data-rows/preview.ts'
import { query } from '../data-rows/query.ts'
import { data as noun } from '../nouns.ts'
import { exportData } from '../transfer/data-export.ts'
import { importData } from '../transfer/data-import.ts'
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
    registryName: registryFlag,
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
    const { value, folder } = await readAsset(
      () => inRegistry(client, flags.registryName),
      io,
      flags,
      'data',
      {
        path: flags.path,
        type: flags.type,
        datastore: flags.datastore,
      },
    )
    const api = await inRegistry(client, flags.registryName)
    const { isLocalPath } = await import('../../yaml/checks/check.ts')
    if (value.path === undefined) throw usage('there is no path', '--path PATH, or path: in the file')
    const path = resolve(folder, value.path)
    const local = isLocalPath(value.path)
    const type = local ? await typeAt(path, value.path, value.type) : value.type
    const uri = local ? await uploadData(api, path, { datastore: value.datastore }) : value.path
    return putVersion(
      api,
      noun,
      { name: value.name, version: value.version },
      dataBody({ ...value, type }, uri),
    )
  },
})

/** The type that was said, if what lies at the path is that; of none said, what lies there. */
async function typeAt(path: string, shown: string, said: Data['type']): Promise<Data['type']> {
  const found = await stat(path).catch(() => undefined)
  if (found === undefined) throw new Failure(`there is no ${shown} to upload`)
  if (found.isDirectory() && said === 'uri_file')
    throw new Failure(`${shown} is a folder, not a uri_file`, { hint: '--type uri_folder' })
  if (!found.isDirectory() && (said === 'uri_folder' || said === 'mltable'))
    throw new Failure(`${shown} is a file, not a ${said}`, { hint: '--type uri_file' })
  return said ?? (found.isDirectory() ? 'uri_folder' : 'uri_file')
}

export const commands: readonly Command[] = [
  create,
  showCommand(noun),
  listCommand(noun),
  preview,
  query,
  updateVersionCommand(noun),
  shareCommand(noun),
  diff,
  importData,
  exportData,
  lineageCommand(noun),
  profileCommand,
  ...archiveCommands(noun),
  deleteCommand(noun),
]
