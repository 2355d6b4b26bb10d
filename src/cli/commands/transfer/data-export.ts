import { defineCommand } from '../../define-command.ts'
import type { Command } from '../../define-command.ts'
import { usage } from '../../failure.ts'
import { dataExport as noun } from '../nouns.ts'
import { fileFlag, optionalName, setFlag, versionFlag } from '../verbs.ts'
import { startTransfer, streamFlag, transferCommands, transferName } from './transfers.ts'

/** As `data import`, the other way. */
export const exportData = defineCommand({
  noun: 'data',
  verb: 'export',
  summary: 'Writes a version of a data asset, or what a query makes of it, to files or into a database.',
  flags: {
    file: fileFlag,
    name: { ...optionalName, summary: 'Name of the data asset.' },
    version: { ...versionFlag, summary: 'Its version. Default the latest.' },
    sql: { type: 'text', placeholder: 'SELECT', summary: 'A select over data, which is the asset.' },
    to: { type: 'text', placeholder: 'URI', summary: 'Folder or file in a datastore.' },
    connection: { type: 'text', placeholder: 'NAME', summary: 'Connection to the database to write to.' },
    table: { type: 'text', placeholder: 'TABLE', summary: 'Its table, as table or schema.table.' },
    format: {
      type: 'text',
      choices: ['parquet', 'csv', 'jsonl'],
      summary: 'Format of files. Default parquet.',
    },
    mode: {
      type: 'text',
      choices: ['append', 'replace', 'upsert'],
      summary: 'What becomes of what is there. Default replace.',
    },
    key: { type: 'words', placeholder: 'COLUMN', summary: 'Columns of the key, for upsert.' },
    stream: streamFlag,
    set: setFlag,
  },
  table: noun.table,
  examples: [
    'twinloop data export -n flights -v 3 --to azureml://datastores/workspaceblobstore/paths/out/ --format csv',
    'twinloop data export -n predictions --connection warehouse --table scores.late --mode upsert --key id --stream',
    'twinloop data export -f export.yml',
  ],
  async run({ flags, io, client }) {
    const { readAsset } = await import('../../submit/asset.ts')
    const { exportProperties } = await import('../../bodies/transfer.ts')
    const { name, version, to, connection, table, format, mode, sql, key } = flags
    if (to !== undefined && connection !== undefined)
      throw usage(
        'an export goes to files or into a database',
        '--to URI, or --connection NAME --table TABLE',
      )
    const data =
      name === undefined ? undefined : `azureml:${name}${version === undefined ? '@latest' : `:${version}`}`
    if (flags.file === undefined && data === undefined)
      throw usage('what is to be exported?', '--name NAME [--version VERSION], or --file FILE')
    if (flags.file === undefined && to === undefined && connection === undefined)
      throw usage('where to?', '--to URI, or --connection NAME --table TABLE')
    const type = to === undefined ? (connection === undefined ? undefined : 'database') : 'file_system'
    const { value } = await readAsset(
      client,
      io,
      {
        file: flags.file,
        set: [
          ...(key.length === 0 ? [] : [`key=[${key.map((column) => JSON.stringify(column)).join(', ')}]`]),
          ...flags.set,
        ],
        ...(flags.file === undefined ? { name: 'export' } : {}),
      },
      'dataExport',
      {
        data,
        query: sql,
        mode,
        'target.type': type,
        'target.path': to,
        'target.connection':
          connection === undefined ? undefined : `azureml:${connection.replace(/^azureml:/, '')}`,
        'target.table': table,
        'target.format': format,
      },
    )
    const of = /^azureml:([^:@/]+)/.exec(value.data)?.[1] ?? 'export'
    return startTransfer(await client(), io, noun, {
      name: transferName(of, new Date()),
      properties: exportProperties(value),
      stream: flags.stream,
    })
  },
})

export const commands: readonly Command[] = transferCommands(noun)
