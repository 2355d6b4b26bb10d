import { resolve } from 'node:path'
import { inRegistry, registryFlag } from '../../client/registry.ts'
import { defineCommand } from '../../define-command.ts'
import type { Command } from '../../define-command.ts'
import { Failure, usage } from '../../failure.ts'
import type { Body } from '../../present/present.ts'
import { lineageCommand } from '../lineage/lineage.ts'
import { shareCommand } from './share.ts'
import { putVersion, updateVersionCommand } from './versions.ts'
import { model as noun } from '../nouns.ts'
import {
  archiveCommands,
  deleteCommand,
  encode,
  fileFlag,
  labelFlag,
  listCommand,
  nameFlag,
  optionalName,
  setFlag,
  showCommand,
  versionFlag,
  versionOf,
} from '../verbs.ts'

const create = defineCommand({
  noun: 'model',
  verb: 'create',
  summary: "Registers a version of a model: from a local path, a job's output or an MLflow run.",
  flags: {
    file: fileFlag,
    name: optionalName,
    version: versionFlag,
    path: {
      type: 'text',
      short: 'p',
      placeholder: 'PATH',
      summary: 'Local path, azureml://jobs/…/outputs/…, or runs:/….',
    },
    type: {
      type: 'text',
      short: 't',
      choices: ['custom_model', 'mlflow_model', 'triton_model'],
      summary: 'Its format.',
    },
    stage: { type: 'text', short: 's', summary: 'Stage, as text.' },
    description: { type: 'text', short: 'd', summary: 'What it is.' },
    tags: { type: 'words', placeholder: 'NAME=VALUE', summary: 'Tags.' },
    datastore: { type: 'text', summary: 'Where to upload to. Default workspaceblobstore.' },
    registryName: registryFlag,
    set: setFlag,
  },
  table: noun.table,
  examples: [
    'twinloop model create -n taxi-model -t mlflow_model -p azureml://jobs/plucky_heron_4f2kb0qhzs/outputs/trained_model',
    'twinloop model create -f model.yml',
  ],
  async run({ flags, io, client }) {
    const { readAsset } = await import('../../submit/asset.ts')
    const { uploadData } = await import('../../upload/assets.ts')
    const { modelBody } = await import('../../bodies/assets.ts')
    const { isLocalPath } = await import('../../yaml/checks/check.ts')
    const { value, folder } = await readAsset(
      () => inRegistry(client, flags.registryName),
      io,
      flags,
      'model',
      {
        path: flags.path,
        type: flags.type,
        stage: flags.stage,
        datastore: flags.datastore,
      },
    )
    const api = await inRegistry(client, flags.registryName)
    if (value.path === undefined) throw usage('there is no path', '--path PATH, or path: in the file')
    const uri = isLocalPath(value.path)
      ? await uploadData(api, resolve(folder, value.path), { datastore: value.datastore, folderSlash: false })
      : value.path
    return putVersion(api, noun, { name: value.name, version: value.version }, modelBody(value, uri))
  },
})

const download = defineCommand({
  noun: 'model',
  verb: 'download',
  summary: "Downloads a model's files.",
  flags: {
    name: nameFlag,
    version: versionFlag,
    label: labelFlag,
    registryName: registryFlag,
    downloadPath: {
      type: 'text',
      short: 'p',
      placeholder: 'FOLDER',
      summary: 'Where to. Default the working folder.',
    },
  },
  examples: [
    'twinloop model download -n taxi-model -v 1',
    'twinloop model download -n taxi-model -l latest -p models/',
  ],
  async run({ flags, io, client }) {
    const { downloadShared, downloadUri } = await import('../../upload/download.ts')
    const api = await inRegistry(client, flags.registryName)
    const version = flags.version ?? (await versionOf(api, noun, flags.name, flags.label ?? 'latest'))
    const body = await api.get<{ properties: { modelUri: string } }>(
      `/models/${flags.name}/versions/${version}`,
    )
    const folder = resolve(io.cwd, flags.downloadPath ?? '.', flags.name)
    const count = api.isRegistry
      ? await downloadShared(api, { type: 'models', name: flags.name, version }, folder)
      : await downloadUri(api, body.properties.modelUri, folder)
    if (count === 0)
      throw new Failure(`the files of ${flags.name}:${version} are gone from ${body.properties.modelUri}`)
    io.stderr(`${count} files in ${folder}\n`)
    return undefined
  },
})

const aliasFlag = {
  type: 'text',
  short: 'a',
  placeholder: 'ALIAS',
  required: true,
  summary: 'Such as champion or challenger.',
} as const

const setAlias = defineCommand({
  noun: 'model',
  verb: 'set-alias',
  summary: 'Lets an alias mean a version from now on; the model keeps what it meant before.',
  flags: {
    name: nameFlag,
    version: { ...versionFlag, required: true },
    alias: aliasFlag,
    registryName: registryFlag,
  },
  examples: ['twinloop model set-alias -n taxi-model -v 3 --alias champion'],
  async run({ flags, client }) {
    const api = await inRegistry(client, flags.registryName)
    await api.post(`/models/${encode(flags.name)}/setAlias`, { alias: flags.alias, version: flags.version })
    return noun.present(await api.get<Body>(`/models/${encode(flags.name)}`))
  },
})

const deleteAlias = defineCommand({
  noun: 'model',
  verb: 'delete-alias',
  summary: 'Takes an alias from a model.',
  flags: { name: nameFlag, alias: aliasFlag, registryName: registryFlag },
  examples: ['twinloop model delete-alias -n taxi-model --alias challenger'],
  async run({ flags, client }) {
    const api = await inRegistry(client, flags.registryName)
    await api.post(`/models/${encode(flags.name)}/deleteAlias`, { alias: flags.alias })
    return undefined
  },
})

const card = defineCommand({
  noun: 'model',
  verb: 'card',
  summary:
    'Writes the model card: what the version is for, how good it is, where it came from, who let it pass.',
  flags: {
    name: nameFlag,
    version: versionFlag,
    label: labelFlag,
    outputFile: {
      type: 'text',
      short: 'f',
      placeholder: 'FILE',
      summary: 'Where to, as Markdown or (.json) as data. Without it, data are printed.',
    },
  },
  examples: [
    'twinloop model card -n flight-delay -v 2 --output-file README.md',
    'twinloop model card -n flight-delay -l latest --query card.evaluations',
  ],
  async run({ flags, io, client }) {
    const api = await client()
    const version = flags.version ?? (await versionOf(api, noun, flags.name, flags.label ?? 'latest'))
    const path = `/models/${encode(flags.name)}/versions/${encode(version)}/card`
    const found = await api.post<{ card: object; markdown: string }>(path, {})
    if (flags.outputFile === undefined) return found
    const { writeFile } = await import('node:fs/promises')
    const isData = flags.outputFile.toLowerCase().endsWith('.json')
    const content = isData ? `${JSON.stringify(found.card, undefined, 2)}\n` : found.markdown
    await writeFile(resolve(io.cwd, flags.outputFile), content)
    io.stderr(`${flags.outputFile}\n`)
    return undefined
  },
})

export const commands: readonly Command[] = [
  create,
  showCommand(noun),
  listCommand(noun),
  download,
  setAlias,
  deleteAlias,
  updateVersionCommand(noun),
  shareCommand(noun),
  lineageCommand(noun),
  card,
  ...archiveCommands(noun),
  deleteCommand(noun),
]
