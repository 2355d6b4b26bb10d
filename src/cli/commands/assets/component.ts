import { inRegistry, registryFlag } from '../../client/registry.ts'
import { defineCommand } from '../../define-command.ts'
import type { Command } from '../../define-command.ts'
import { shareCommand } from './share.ts'
import { putVersion, updateVersionCommand } from './versions.ts'
import { component as noun } from '../nouns.ts'
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
  noun: 'component',
  verb: 'create',
  summary: 'Registers a version of a component; its code is uploaded.',
  flags: {
    file: { ...fileFlag, required: true },
    name: optionalName,
    version: versionFlag,
    registryName: registryFlag,
    set: setFlag,
  },
  table: noun.table,
  examples: ['twinloop component create -f train.yml', 'twinloop component create -f train.yml --version 2'],
  async run({ flags, io, client }) {
    const { prepare } = await import('../../submit/prepare.ts')
    const { makeAssembler } = await import('../../submit/assemble.ts')
    const { componentSpec } = await import('../../submit/component.ts')
    const { componentBody } = await import('../../bodies/component.ts')
    const sets = [...flags.set, ...(flags.name === undefined ? [] : [`name=${flags.name}`])]
    const kinds = ['commandComponent', 'pipelineComponent'] as const
    const { loaded, followed, resolved } = await prepare(
      () => inRegistry(client, flags.registryName),
      io,
      flags.file,
      { kinds, sets },
    )
    const api = await inRegistry(client, flags.registryName)
    const spec = await componentSpec(makeAssembler(api, resolved), {
      value: loaded.value,
      place: { source: loaded.source, path: [] },
      graph: followed.graph,
    })
    const version = flags.version ?? loaded.value.version
    return putVersion(
      api,
      noun,
      { name: loaded.value.name, version },
      componentBody(spec, { isAnonymous: false }),
    )
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
