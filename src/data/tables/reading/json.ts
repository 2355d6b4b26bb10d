import { identifier, literal, type Session } from '../../../analytics/analytics.ts'
import { errors } from '../../../kernel/errors.ts'
import type { PreparedFile } from '../files/prepare.ts'
import { commonSettings, fileList, type ReadOptions, type Relation } from './relation.ts'

const layouts = { 'json-lines': 'newline_delimited', 'json-array': 'array', json: 'unstructured' } as const

/** Files up to this size are read whole to tell their columns, of larger ones the first rows. */
const wholeBytes = 64 * 1024 * 1024
const sampleRows = 200_000

/** Digits of an integer that a DOUBLE holds exactly, whatever they are. */
const exactDigits = 15

/**
 * JSON files as one relation: a row for each object, with the columns that any of them has (missing where one has it
 * not). Objects and lists inside become structs and lists. Integers beyond 64 bits are HUGEINT, and text beyond that.
 */
export async function readJson(
  session: Session,
  files: readonly PreparedFile[],
  options: ReadOptions = {},
): Promise<Relation> {
  const kinds = new Set(files.map(({ content }) => content))
  const [first, other] = [files[0], files.find(({ content }) => content !== files[0]?.content)]
  if (kinds.size > 1)
    throw errors.badRequest(
      `'${other?.shown}' is ${other?.content} and '${first?.shown}' is ${first?.content}: files of one table are of one format.`,
    )
  const isSmall = files.reduce((sum, { bytes }) => sum + bytes, 0) <= wholeBytes
  const settings = [
    fileList(files),
    `format = ${literal(layouts[first?.content as keyof typeof layouts])}`,
    'union_by_name = true',
    `compression = 'uncompressed'`,
  ]
  const { rows } = await session.all(
    `select column_name, column_type from (describe from read_json(${[...settings, `sample_size = ${isSmall ? -1 : sampleRows}`, 'hive_partitioning = false'].join(', ')}))`,
  )
  const types = new Map(rows as readonly (readonly [string, string])[])
  const notes = [
    ...(await widenIntegers(session, settings, types)),
    ...(await severalKinds(session, settings, types)),
  ]
  const columns = [...types].map(([name, type]) => `${literal(name)}: ${literal(type)}`)
  const all = [...settings, `columns = {${columns.join(', ')}}`, ...commonSettings(options)]
  // A text of such a column is the text itself, not JSON's spelling of it in quotes.
  const texts = jsonColumns(types).map((name) => `${identifier(name)} ->> '$' as ${identifier(name)}`)
  const selected = texts.length === 0 ? '*' : `* replace (${texts.join(', ')})`
  return { sql: `select ${selected} from read_json(${all.join(', ')})`, notes }
}

/** Columns without a type that holds all their values: of several kinds, or without any value. */
const jsonColumns = (types: ReadonlyMap<string, string>) =>
  [...types].filter(([, type]) => type === 'JSON').map(([name]) => name)

/** Says which columns are text because their values are of several kinds. */
async function severalKinds(
  session: Session,
  settings: readonly string[],
  types: ReadonlyMap<string, string>,
): Promise<readonly string[]> {
  const names = jsonColumns(types)
  if (names.length === 0) return []
  const each = names.map(
    (name) =>
      `count(distinct json_type(${identifier(name)})) filter (json_type(${identifier(name)}) <> 'NULL')`,
  )
  const raw = names.map((name) => `${literal(name)}: 'JSON'`)
  const { rows } = await session.all(
    `select ${each.join(', ')} from (from read_json(${[...settings, `columns = {${raw.join(', ')}}`].join(', ')}) limit ${sampleRows})`,
  )
  return names
    .filter((_, i) => Number(rows[0]?.[i]) > 1)
    .map((name) => `${name} has values of several kinds and is read as text`)
}

/** DuckDB takes integers beyond 64 bits for DOUBLE, and they lose digits: finds those columns and mends their types. */
async function widenIntegers(
  session: Session,
  settings: readonly string[],
  types: Map<string, string>,
): Promise<readonly string[]> {
  const doubles = [...types].filter(([, type]) => type === 'DOUBLE').map(([name]) => name)
  if (doubles.length === 0) return []
  const each = doubles.map((name) => {
    const text = `${identifier(name)}::varchar`
    return `case when bool_and(regexp_full_match(${text}, '-?\\d+')) then max(length(ltrim(${text}, '-'))) end`
  })
  const raw = doubles.map((name) => `${literal(name)}: 'JSON'`)
  const { rows } = await session.all(
    `select ${each.join(', ')} from (from read_json(${[...settings, `columns = {${raw.join(', ')}}`].join(', ')}) limit ${sampleRows})`,
  )
  const notes: string[] = []
  for (const [i, name] of doubles.entries()) {
    const length = (rows[0]?.[i] ?? 0) as number
    if (length <= exactDigits) continue
    types.set(name, length <= 38 ? 'HUGEINT' : 'VARCHAR')
    if (length > 38)
      notes.push(`${name} has integers of ${length} digits, more than numbers hold, and is read as text`)
  }
  return notes
}
