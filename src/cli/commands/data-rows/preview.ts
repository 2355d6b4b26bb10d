import type { DataAnswer } from '../../../data/exploration/answer.ts'
import { defineCommand } from '../../define-command.ts'
import { usage } from '../../failure.ts'
import { dataForms, dataReference } from '../../references/data-argument.ts'
import { labelFlag, optionalName, versionFlag } from '../verbs.ts'
import { outputFlag, showRows, tellOfRows } from './show-rows.ts'

export const preview = defineCommand({
  noun: 'data',
  verb: 'preview',
  summary: 'Shows the first rows of data, and the types of its columns.',
  flags: {
    name: optionalName,
    version: versionFlag,
    label: labelFlag,
    file: {
      type: 'text',
      short: 'f',
      aliases: ['path'],
      placeholder: 'PATH',
      summary: 'Local file or folder (uploaded once, as the inputs of jobs are), or a reference.',
    },
    rows: { type: 'integer', placeholder: 'N', summary: 'How many rows. Default 20.' },
    offset: { type: 'integer', placeholder: 'N', summary: 'How many rows to pass over first.' },
    columns: { type: 'words', placeholder: 'NAME', summary: 'Only these columns, in this order.' },
    output: outputFlag,
  },
  words: { placeholder: 'DATA', summary: `Instead of --name or --file: ${dataForms}.` },
  examples: [
    'twinloop data preview -n taxi-data',
    'twinloop data preview taxi-data:1 --rows 5 --columns vendor fare',
    'twinloop data preview -f data/taxi-data.csv',
  ],
  async run({ flags, words, io, client }) {
    const { name, version, label, file, rows, offset, columns } = flags
    const [word, ...more] = words
    const said = [name, file, word].filter((given) => given !== undefined)
    if (said.length !== 1 || more.length > 0)
      throw usage('which data?', '--name NAME, --file PATH, or one of NAME:VERSION and azureml://…')
    const api = await client()
    const which = version === undefined ? `@${label ?? 'latest'}` : `:${version}`
    const reference =
      name === undefined ? await dataReference(api, io, file ?? word ?? '') : `azureml:${name}${which}`
    const answer = await api.post<DataAnswer>('/previewData', {
      reference,
      limit: rows ?? 20,
      offset: offset ?? 0,
      ...(columns.length === 0 ? {} : { columns }),
    })
    const result = showRows(answer, io, flags)
    tellOfRows(answer, io)
    return result
  },
})
