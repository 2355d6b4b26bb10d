import type { DataAnswer } from '../../../data/exploration/answer.ts'
import { dataTable, csvText, rowObjects } from '../../output/data-table.ts'
import { sizeText } from '../../output/size-text.ts'
import { markOutput } from '../../io.ts'
import type { Io } from '../../io.ts'

/** `--output` of commands that answer with rows. */
export const outputFlag = {
  type: 'text',
  short: 'o',
  placeholder: 'FORMAT',
  choices: ['table', 'csv', 'json', 'jsonc', 'yaml', 'yamlc', 'tsv', 'none'],
  summary: 'How the rows are printed: a table (default), CSV, or a list of objects.',
} as const

/** The flags by which a command's output is chosen; its own `--output` hides the type of the common one. */
interface Chosen {
  readonly output?: string | undefined
  readonly query?: string | undefined
}

/**
 * Prints an answer as a table or as CSV, and returns what other formats print: its rows as objects. What is to be known
 * of them goes to standard error.
 */
export function showRows(answer: DataAnswer, io: Io, flags: object): unknown {
  const given = flags as Chosen
  const output = given.query === undefined ? (given.output ?? 'table') : given.output
  for (const note of answer.notes) io.stderr(`note: ${note}\n`)
  if (output === 'csv') io.stdout(csvText(answer))
  else if (output === 'table' && given.query === undefined)
    io.stdout(dataTable(answer, io.width, (style, text) => markOutput(io, style, text)))
  else return rowObjects(answer)
  return undefined
}

/** `3 rows` or `the first 20 rows`, of what was read, and how long it took. */
export function tellOfRows({ rows, truncated, tables, elapsedMs }: DataAnswer, io: Io): void {
  const read = Object.values(tables)
  const bytes = read.reduce((sum, table) => sum + table.bytes, 0)
  const files = read.reduce((sum, table) => sum + table.files, 0)
  const count = `${rows.length.toLocaleString('en')} ${rows.length === 1 ? 'row' : 'rows'}`
  const from =
    files === 0
      ? ''
      : ` of ${[...new Set(read.map(({ format }) => format))].join(' and ')}, ${files} ${files === 1 ? 'file' : 'files'}, ${sizeText(bytes)}`
  io.stderr(
    `${truncated ? 'the first ' : ''}${count}${from}, in ${(elapsedMs / 1000).toFixed(elapsedMs < 10_000 ? 2 : 0)} s\n`,
  )
}
