import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { DataAnswer } from '../../../data/exploration/answer.ts'
import { defineCommand } from '../../define-command.ts'
import { Failure, usage } from '../../failure.ts'
import { dataReference } from '../../references/data-argument.ts'
import { outputFlag, showRows, tellOfRows } from './show-rows.ts'

export const query = defineCommand({
  noun: 'data',
  verb: 'query',
  summary: 'Answers a question in SQL (DuckDB) about data assets, by their names.',
  flags: {
    file: { type: 'text', short: 'f', placeholder: 'FILE', summary: 'File with the SQL.' },
    table: {
      type: 'words',
      short: 't',
      placeholder: 'NAME=DATA',
      summary: 'Names more tables: a local file (uploaded once), an asset or an azureml:// path.',
    },
    limit: { type: 'integer', placeholder: 'N', summary: 'Most rows to show. Default 1000, at most 10000.' },
    output: outputFlag,
  },
  words: {
    placeholder: 'SQL',
    summary: 'The question, quoted for the shell. Tables are NAME, NAME:VERSION or NAME@LABEL.',
  },
  examples: [
    'twinloop data query "select vendor, avg(fare) from taxi-data group by vendor"',
    'twinloop data query "select count(*) from taxi-data:1 join zones using (zone)" --table zones=zones.csv',
    'twinloop data query "from taxi-data" --limit 10000 --output csv > taxi.csv',
  ],
  async run({ flags, words, io, client }) {
    if ((flags.file === undefined) === (words.length === 0))
      throw usage('what is the question?', 'SQL in quotes, or --file FILE')
    const sql =
      flags.file === undefined ? words.join(' ') : await readSql(resolve(io.cwd, flags.file), flags.file)
    const api = await client()
    const tables: Record<string, string> = {}
    for (const text of flags.table) {
      const [, name, data] = /^([^=]+)=(.+)$/.exec(text) ?? []
      if (name === undefined || data === undefined)
        throw usage(`--table ${text} names no data`, '--table NAME=DATA')
      tables[name] = await dataReference(api, io, data)
    }
    const answer = await api.post<DataAnswer>('/queryData', {
      sql,
      tables,
      ...(flags.limit === undefined ? {} : { limit: flags.limit }),
    })
    // `--query` is JMESPath here as everywhere.
    const result = showRows(answer, io, flags)
    tellOfRows(answer, io)
    return result
  },
})

async function readSql(path: string, shown: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch {
    throw new Failure(`there is no ${shown}`)
  }
}
