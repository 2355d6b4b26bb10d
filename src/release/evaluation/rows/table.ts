import { join } from 'node:path'
import { identifier, literal, type Column } from '../../../analytics/analytics.ts'
import type { Columns } from '../../../analytics/columns/columns.ts'
import { errors } from '../../../kernel/errors.ts'
import { nearest } from '../../../kernel/nearest.ts'
import { predictionsFile } from '../../predictions/columns.ts'

/** Values of a column: numbers, or texts of which equal ones are one and the same. Missing numbers are NaN. */
export type Values =
  | { readonly kind: 'numbers'; readonly values: Float64Array }
  | { readonly kind: 'texts'; readonly values: readonly (string | null)[] }

/** The Parquet file of a model's predictions. */
export interface PredictionTable {
  readonly columns: readonly Column[]
  /** Rows that have a label, and those that have none. */
  readonly rows: number
  readonly unlabelled: number
  /** Columns by name, of the rows that have a label, in the order of the data. Numbers are numbers, all else is text. */
  read(names: readonly string[]): Promise<ReadonlyMap<string, Values>>
  /** One value a row by an expression of ours. */
  texts(expression: string): Promise<readonly (string | null)[]>
  /** About how many different values the columns have. */
  distinct(names: readonly string[]): Promise<ReadonlyMap<string, number>>
}

/**
 * Opens the predictions in a folder. Rows without a label (null or NaN in `target`) are left out and counted. Throws a
 * validation error if there is no such column, naming the nearest, or no row has a label.
 */
export async function openPredictions(
  database: Columns,
  folder: string,
  target: string,
): Promise<PredictionTable> {
  const file = `read_parquet(${literal(join(folder, predictionsFile))})`
  const columns = await database.describe(`select * from ${file}`)
  const label = columnNamed(columns, target, 'target')
  const isNan = isFloat(label.type) ? ` and not isnan(${identifier(label.name)})` : ''
  const labelled = `${file} where ${identifier(label.name)} is not null${isNan}`
  const [all = 0] = await numbers(database, `select count(*) from ${file}`, 1)
  const [rows = 0] = await numbers(database, `select count(*) from ${labelled}`, 1)
  if (rows === 0)
    throw errors.validation(
      `None of the ${all} rows has a value in the column '${target}': nothing can be judged.`,
    )
  return {
    columns,
    rows,
    unlabelled: all - rows,
    async read(names) {
      const wanted = names.map((name) => columnNamed(columns, name, name))
      const list = wanted.map(({ name, type }) => (isNumber(type) ? asNumber(name) : asText(name)))
      if (list.length === 0) return new Map()
      const read = wanted.map(({ type }) => (isNumber(type) ? new Float64Array(rows) : noTexts(rows)))
      const interned = wanted.map(() => new Map<string, string>())
      let at = 0
      for await (const batch of database.scan(`select ${list.join(', ')} from ${labelled}`)) {
        for (const [i, into] of read.entries()) {
          if (into instanceof Float64Array) into.set(batch.doubles(i), at)
          else copyTexts(batch.values(i), into, at, interned[i] ?? new Map())
        }
        at += batch.rowCount
      }
      return new Map(
        wanted.map(({ name }, i): [string, Values] => {
          const values = read[i] ?? []
          return [
            name,
            values instanceof Float64Array ? { kind: 'numbers', values } : { kind: 'texts', values },
          ]
        }),
      )
    },
    async texts(expression) {
      const into = noTexts(rows)
      const interned = new Map<string, string>()
      let at = 0
      for await (const batch of database.scan(`select cast(${expression} as varchar) from ${labelled}`)) {
        copyTexts(batch.values(0), into, at, interned)
        at += batch.rowCount
      }
      return into
    },
    async distinct(names) {
      const counts = names.map((name) => `approx_count_distinct(${identifier(name)})`)
      if (counts.length === 0) return new Map()
      const found = await numbers(database, `select ${counts.join(', ')} from ${labelled}`, counts.length)
      return new Map(names.map((name, i) => [name, found[i] ?? 0]))
    },
  }
}

const noTexts = (rows: number): (string | null)[] => Array.from({ length: rows }, () => null)

/** The column of a name, whatever its case. Throws a validation error that names the nearest. */
export function columnNamed(columns: readonly Column[], name: string, what: string): Column {
  const found =
    columns.find((column) => column.name === name) ??
    columns.find((column) => column.name.toLowerCase() === name.toLowerCase())
  if (found !== undefined) return found
  const names = columns.map((column) => column.name).filter((column) => !column.startsWith('twinloop_'))
  const near = nearest(name, names)
  throw errors.validation(
    `The data have no column '${name}'${what === name ? '' : ` (${what})`}. ${near === undefined ? `There are ${names.slice(0, 20).join(', ')}.` : `Did you mean '${near}'?`}`,
  )
}

const isFloat = (type: string) => /^(?:DOUBLE|FLOAT|REAL)$/.test(type)
export const isNumber = (type: string): boolean =>
  isFloat(type) || /^(?:U?(?:TINY|SMALL|BIG|HUGE)?INT(?:EGER)?|DECIMAL.*)$/.test(type)

const asNumber = (name: string) => `coalesce(cast(${identifier(name)} as double), 'nan'::double)`
const asText = (name: string) => `cast(${identifier(name)} as varchar)`

async function numbers(database: Columns, sql: string, count: number): Promise<readonly number[]> {
  for await (const batch of database.scan(sql))
    return Array.from({ length: count }, (_, i) => Number(batch.values(i)[0]))
  return []
}

function copyTexts(
  from: readonly unknown[],
  into: (string | null)[],
  at: number,
  interned: Map<string, string>,
): void {
  for (const [i, value] of from.entries()) {
    if (typeof value !== 'string') {
      into[at + i] = null
      continue
    }
    const known = interned.get(value)
    if (known === undefined) interned.set(value, value)
    into[at + i] = known ?? value
  }
}
