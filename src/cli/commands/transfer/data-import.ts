import { defineCommand } from '../../define-command.ts'
import type { Command, Invocation } from '../../define-command.ts'
import { usage } from '../../failure.ts'
import { dataImport as noun } from '../nouns.ts'
import { fileFlag, ignored, optionalName, setFlag, versionFlag } from '../verbs.ts'
import { startTransfer, streamFlag, transferCommands, transferName } from './transfers.ts'

const flags = {
  file: { ...fileFlag, required: true },
  name: { ...optionalName, summary: 'Name of the data asset; wins over the file.' },
  version: { ...versionFlag, summary: 'Version to make. Default the next.' },
  path: { type: 'text', short: 'p', placeholder: 'URI', summary: 'Where the files go.' },
  full: { type: 'switch', summary: 'Everything again, even if an earlier import could be continued.' },
  stream: streamFlag,
  set: setFlag,
  skipValidation: ignored,
} as const

async function run({ flags: given, io, client }: Invocation<typeof flags>): Promise<unknown> {
  const { readAsset } = await import('../../submit/asset.ts')
  const { importProperties } = await import('../../bodies/transfer.ts')
  const { value } = await readAsset(client, io, given, 'dataImport', {
    path: given.path,
    full: given.full ? 'true' : undefined,
  })
  const { name } = value
  if (name === undefined) throw usage('this data import has no name', 'add name: to the file, or --name NAME')
  return startTransfer(await client(), io, noun, {
    name: transferName(name, new Date()),
    properties: importProperties({ ...value, name }),
    stream: given.stream,
  })
}

/** As az ml has it, among the verbs of `data`. */
export const importData = defineCommand({
  noun: 'data',
  verb: 'import',
  summary: 'Imports a query or files as a new version of a data asset.',
  flags,
  table: noun.table,
  examples: [
    'twinloop data import -f import.yml --stream',
    'twinloop data import -f import.yml --full --set source.query="select * from flights"',
  ],
  run,
})

export const commands: readonly Command[] = [
  defineCommand({
    ...importData,
    noun: noun.noun,
    verb: 'create',
    flags,
    examples: ['twinloop data-import create -f import.yml --stream'],
    run,
  }),
  ...transferCommands(noun),
]
