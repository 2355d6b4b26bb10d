import { join } from 'node:path'
import type { Problem } from './columns.ts'
import { pose } from './columns.ts'
import { parseCsv, type Row, type Table } from './csv.ts'
import { columnsModule, contractFile, requestFile } from './generated.ts'
import { makeSample } from './sample.ts'
import { fillTemplates } from './templates.ts'

/** What a project is to be. */
export interface Wanted {
  readonly name: string
  readonly version: string
  readonly ci: readonly ('github' | 'azure-pipelines')[]
  readonly task: 'classification' | 'regression' | undefined
  /** The user's own data: their text, the name of the file, and the column to predict. Default: a sample. */
  readonly data: { readonly csv: string; readonly file: string; readonly target: string } | undefined
}

export interface Scaffold {
  /** Texts by path in the project. */
  readonly files: ReadonlyMap<string, string>
  readonly problem: Problem
  readonly rows: number
  readonly heldBack: number
}

/** As many rows are in the example of a request. */
const exampleRows = 5

/** Lays a project out, without writing anything. Throws a SyntaxError or a RangeError where the data do not allow one. */
export async function layOut(wanted: Wanted): Promise<Scaffold> {
  const { name, task } = wanted
  const sample = wanted.data === undefined ? makeSample(task ?? 'classification') : undefined
  const { csv, target } = wanted.data ?? { csv: sample?.csv ?? '', target: sample?.target ?? '' }
  const table = parseCsv(csv)
  checkHeader(table)
  const problem = pose(table, target, task)
  const held = table.rows.filter(isHeldBack)
  const kept = table.rows.filter((row) => !isHeldBack(row))
  const dataFile = `data/${name}.csv`
  const words = wordsOf(wanted, problem)
  const folders = ['base', problem.task, ...wanted.ci]
  const files = new Map([
    ...(await fillTemplates(folders, words)),
    [dataFile, tableText(table, kept)],
    [`data/${name}-holdout.csv`, tableText(table, held)],
    [join('data-science', 'src', 'columns.py'), columnsModule(problem, dataFile)],
    [join('mlops', 'data', 'contract.yml'), contractFile(name, problem, kept.length)],
    [
      join('mlops', 'deploy', 'online', 'request.json'),
      requestFile(table.header, held.slice(0, exampleRows), problem),
    ],
  ])
  return { files, problem, rows: table.rows.length, heldBack: held.length }
}

function checkHeader({ header }: Table): void {
  const twice = header.find((name, i) => header.indexOf(name) !== i)
  if (twice !== undefined) throw new RangeError(`the column ${JSON.stringify(twice)} is in the header twice`)
  const empty = header.indexOf('')
  if (empty >= 0) throw new RangeError(`the column ${empty + 1} has no name in the header`)
}

/**
 * One row in five, by the hash (FNV-1a) of its text: with more rows, those that were held back still are, and rows that
 * occur twice are on one side.
 */
function isHeldBack({ text }: Row): boolean {
  let hash = 0x81_1c_9d_c5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01_00_01_93)
  return ((hash ^ (hash >>> 15)) >>> 0) % 5 === 0
}

const tableText = ({ headerText }: Table, rows: readonly Row[]) =>
  `${[headerText, ...rows.map(({ text }) => text)].join('\n')}\n`

function wordsOf({ name, version, data }: Wanted, problem: Problem): Readonly<Record<string, string>> {
  const { task, target, positive } = problem
  return {
    name,
    version,
    identifier: name.replaceAll(/\W/g, '_'),
    // Labels stay as they are written: 1 is not 1.0, and True is not true.
    target_type: task === 'regression' ? '"float64"' : '"str"',
    target_yaml: JSON.stringify(target.name),
    positive_yaml: positive === undefined ? '' : `, positive: ${asYaml(positive)}`,
    predicts:
      task === 'classification'
        ? `whether \`${target.name}\` is \`${positive}\``
        : task === 'multiclass'
          ? `which of ${target.values.length} labels \`${target.name}\` is`
          : `the number \`${target.name}\``,
    origin:
      data === undefined
        ? 'They are made up: `twinloop init` computed them from a fixed seed, nothing in them was measured, and no licence is on them.'
        : `They are the rows of \`${data.file}\`, as \`twinloop init\` was given them.`,
  }
}

/** A label as it is read from a table: numbers and truth values are none of text. */
const asYaml = (label: string) => (/^(true|false|\d+)$/.test(label) ? label : JSON.stringify(label))
