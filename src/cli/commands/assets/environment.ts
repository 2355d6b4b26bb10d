import { resolve } from 'node:path'
import { inRegistry, registryFlag } from '../../client/registry.ts'
import { defineCommand } from '../../define-command.ts'
import type { Command } from '../../define-command.ts'
import { shareCommand } from './share.ts'
import { putVersion, updateVersionCommand } from './versions.ts'
import { environment as noun } from '../nouns.ts'
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
  noun: 'environment',
  verb: 'create',
  summary: 'Registers a version of an environment; it is built when first used.',
  flags: {
    file: fileFlag,
    name: optionalName,
    version: versionFlag,
    condaFile: { type: 'text', placeholder: 'FILE', summary: 'Conda specification.' },
    image: { type: 'text', short: 'i', summary: 'Container image (used on Kubernetes).' },
    buildContext: { type: 'text', short: 'b', placeholder: 'FOLDER', summary: 'Folder with a Dockerfile.' },
    dockerfilePath: { type: 'text', summary: 'Path of the Dockerfile below it.' },
    osType: { type: 'text', choices: ['Linux', 'Windows'], summary: 'Accepted for az.' },
    description: { type: 'text', short: 'd', summary: 'What it is for.' },
    tags: { type: 'words', placeholder: 'NAME=VALUE', summary: 'Tags.' },
    registryName: registryFlag,
    set: setFlag,
  },
  table: noun.table,
  examples: [
    'twinloop environment create -f train-env.yml',
    'twinloop environment create -n taxi-train-env --image python:3.11 --conda-file conda.yml',
  ],
  async run({ flags, io, client }) {
    const { readAsset } = await import('../../submit/asset.ts')
    const { makeAssembler } = await import('../../submit/assemble.ts')
    const { value, source } = await readAsset(
      () => inRegistry(client, flags.registryName),
      io,
      flags,
      'environment',
      {
        conda_file: flags.condaFile === undefined ? undefined : resolve(io.cwd, flags.condaFile),
        image: flags.image,
        'build.path': flags.buildContext === undefined ? undefined : resolve(io.cwd, flags.buildContext),
        'build.dockerfile_path': flags.dockerfilePath,
        os_type: flags.osType,
      },
    )
    const api = await inRegistry(client, flags.registryName)
    const assembler = makeAssembler(api, { id: (_, text) => text })
    const body = await assembler.environmentBodyOf(value, source, { isAnonymous: false })
    return putVersion(api, noun, { name: value.name, version: value.version }, body)
  },
})

export const commands: readonly Command[] = [
  create,
  showCommand(noun),
  listCommand(noun),
  updateVersionCommand(noun),
  shareCommand(noun),
  ...archiveCommands(noun),
  deleteCommand(noun),
]
