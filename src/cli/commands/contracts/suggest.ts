import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { defineCommand } from '../../define-command.ts'
import { fileFlag, optionalName } from '../verbs.ts'

export const suggest = defineCommand({
  noun: 'data-contract',
  verb: 'suggest',
  summary: 'Profiles data and prints a contract for them, with the reason of each check.',
  flags: {
    data: {
      type: 'text',
      short: 'd',
      placeholder: 'DATA',
      required: true,
      summary: 'NAME (its latest version), NAME:VERSION, a local file, or a reference.',
    },
    name: { ...optionalName, summary: 'Name of the data asset, where DATA is none.' },
    file: { ...fileFlag, summary: 'Writes it there. Default: standard output.' },
  },
  examples: [
    'twinloop data-contract suggest -d flights:3 -f contract.yml',
    'twinloop data-contract suggest -d data/march.parquet -n flights',
  ],
  async run({ flags, io, client }) {
    const { contractPath, referenceTo } = await import('./subject.ts')
    const api = await client()
    const bare = flags.data.replace(/^azureml:(?!\/\/)/i, '')
    const asset = /^([\w.-]+?)(?:[:@][\w.-]+)?$/.exec(bare)?.[1]
    const reference = await referenceTo(api, io, /^[\w-]+$/.test(bare) ? `${bare}@latest` : flags.data)
    const name = flags.name ?? asset?.replace(/\.\w+$/, '') ?? 'data'
    const { yaml } = await api.post<{ yaml: string }>(`${contractPath(name)}/suggest`, { data: reference })
    if (flags.file === undefined) io.stdout(yaml)
    else {
      await writeFile(resolve(io.cwd, flags.file), yaml)
      io.stderr(`${flags.file}\n`)
    }
    return undefined
  },
})
