import { identifier, literal, type Cell, type Session } from '../../../analytics/analytics.ts'
import { fileList } from './relation.ts'

/** Texts that stand for a missing value in columns that are otherwise no text, as R, pandas and databases write it. */
const missingWords = ['NA', 'N/A', 'n/a', '#N/A', 'NULL', 'null', 'None', '<NA>', '?', '-']

/** Files that are looked into for their types; a value elsewhere that does not fit is an error that names its place. */
const mostFiles = 20

/** Files up to this size are read whole to tell their types, of larger ones the first rows. */
const wholeBytes = 64 * 1024 * 1024
const sampleRows = 200_000

/** What the columns of delimited text hold. */
export interface ColumnTypes {
  /** DuckDB's type by column. */
  readonly types: readonly string[]
  /** Texts that mean a missing value; always the empty one. */
  readonly missing: readonly string[]
  readonly dateFormat?: string
  readonly timestampFormat?: string
  readonly notes: readonly string[]
}

/** Files of one layout: `options` are those of `read_csv` that say it. */
export interface DelimitedFiles {
  readonly files: readonly { readonly path: string; readonly bytes: number }[]
  readonly names: readonly string[]
  readonly options: readonly string[]
}

/**
 * The types that all values of each column fit, in a sample of the files (all rows of files up to 64 MiB): BOOLEAN,
 * BIGINT, HUGEINT, DOUBLE, DATE, TIME, TIMESTAMP or VARCHAR. A word such as `NA` is a missing value in the whole table if
 * it is all that keeps a column from being other than text. Integers that no integer type holds stay text: as numbers
 * they would lose digits.
 */
export async function inferTypes(session: Session, source: DelimitedFiles): Promise<ColumnTypes> {
  try {
    return await infer(session, source)
  } catch (error) {
    // The sniffer says that something is wrong, and reading says where.
    await session.all(`select count(columns(*)) from ${asText(source.files, source, [''])}`)
    throw error
  }
}

async function infer(session: Session, source: DelimitedFiles): Promise<ColumnTypes> {
  const sampled = { ...source, files: spread(source.files, mostFiles) }
  const sniffed = await sniffAll(session, sampled, ['', ...missingWords])
  const { types, words, notes } = await checkExactly(session, sampled, sniffed)
  const formats = [
    ...(types.includes('DATE') ? [sniffed.dateFormat] : []),
    ...(types.includes('TIMESTAMP') ? [sniffed.timestampFormat] : []),
  ].flatMap((format) => (format === undefined ? [] : [`dates are read as ${format}`]))
  return { ...sniffed, types, missing: ['', ...words], notes: [...notes, ...formats] }
}

const spread = <T>(items: readonly T[], most: number): readonly T[] =>
  items.length <= most
    ? items
    : Array.from({ length: most }, (_, i) => items[Math.floor((i * (items.length - 1)) / (most - 1))] as T)

/**
 * What DuckDB's sniffer may take a column for. Not BOOLEAN: it would take `NO` and `y` for truth values, which may be
 * countries and answers.
 */
const candidates = `['BIGINT', 'DOUBLE', 'TIME', 'DATE', 'TIMESTAMP', 'TIMESTAMPTZ', 'VARCHAR']`

interface Sniffed {
  readonly types: readonly string[]
  readonly dateFormat?: string
  readonly timestampFormat?: string
}

async function sniffAll(
  session: Session,
  source: DelimitedFiles,
  missing: readonly string[],
): Promise<Sniffed> {
  let merged: Sniffed | undefined
  for (const file of source.files) {
    const found = await sniff(session, file, source, missing)
    merged = merged === undefined ? found : await merge(session, merged, found, file, source, missing)
  }
  return merged ?? { types: [] }
}

async function sniff(
  session: Session,
  file: DelimitedFiles['files'][number],
  { names, options }: DelimitedFiles,
  missing: readonly string[],
): Promise<Sniffed> {
  const { rows } = await session.all(
    `select list_transform(Columns, c -> c.type), DateFormat, TimestampFormat from sniff_csv(${[
      literal(file.path),
      ...options,
      `names = [${names.map(literal).join(', ')}]`,
      `nullstr = [${missing.map(literal).join(', ')}]`,
      `auto_type_candidates = ${candidates}`,
      `sample_size = ${file.bytes <= wholeBytes ? -1 : sampleRows}`,
    ].join(', ')})`,
  )
  const [types, dateFormat, timestampFormat] = rows[0] as [readonly string[], string | null, string | null]
  return {
    types,
    ...(dateFormat === null || isIso(dateFormat) ? {} : { dateFormat }),
    ...(timestampFormat === null || isIso(timestampFormat) ? {} : { timestampFormat }),
  }
}

/** What a cast understands needs no format. */
const isIso = (format: string) => format.startsWith('%Y-%m-%d')

/** The narrowest types that hold both; a column that is empty in one of them has the other's. */
async function merge(
  session: Session,
  a: Sniffed,
  b: Sniffed,
  file: DelimitedFiles['files'][number],
  source: DelimitedFiles,
  missing: readonly string[],
): Promise<Sniffed> {
  const types = await Promise.all(
    source.names.map(async (name, i) => {
      const [left = 'VARCHAR', right = 'VARCHAR'] = [a.types[i], b.types[i]]
      if (left === right) return left
      if (right === 'VARCHAR' && (await isEmpty(session, [file], source, name, missing))) return left
      const before = source.files.slice(0, source.files.indexOf(file))
      if (left === 'VARCHAR' && (await isEmpty(session, before, source, name, missing))) return right
      return wider(left, right)
    }),
  )
  return { ...b, ...a, types }
}

/** Each type with those whose values it holds as well. */
const holds: Readonly<Record<string, readonly string[]>> = {
  DOUBLE: ['BIGINT'],
  TIMESTAMP: ['DATE'],
  'TIMESTAMP WITH TIME ZONE': ['TIMESTAMP', 'DATE'],
}

function wider(left: string, right: string): string {
  if (holds[left]?.includes(right) === true) return left
  return holds[right]?.includes(left) === true ? right : 'VARCHAR'
}

async function isEmpty(
  session: Session,
  files: DelimitedFiles['files'],
  source: DelimitedFiles,
  name: string,
  missing: readonly string[],
): Promise<boolean> {
  const { rows } = await session.all(
    `select count(*) from (select 1 from ${asText(files, source, missing)} where ${identifier(name)} is not null limit 1)`,
  )
  return rows[0]?.[0] === 0
}

/** The files with every column as text. */
export function asText(
  files: DelimitedFiles['files'],
  { names, options }: DelimitedFiles,
  missing: readonly string[],
): string {
  return `read_csv(${[
    fileList(files),
    ...options,
    'hive_partitioning = false',
    'auto_detect = false',
    `columns = {${names.map((name) => `${literal(name)}: 'VARCHAR'`).join(', ')}}`,
    `nullstr = [${missing.map(literal).join(', ')}]`,
  ].join(', ')})`
}

/** What an integer of more digits than these loses as a DOUBLE, and as a HUGEINT. */
const digits = { double: 15, hugeint: 38 }

/**
 * Mends what the sniffer cannot tell, in one pass over a sample: truth values; integers of more than 64 bits, which it
 * takes for DOUBLE; dates of several formats, of which DuckDB reads one in a file; and which words stand for missing
 * values.
 */
async function checkExactly(
  session: Session,
  source: DelimitedFiles,
  sniffed: Sniffed,
): Promise<{
  readonly types: readonly string[]
  readonly words: readonly string[]
  readonly notes: readonly string[]
}> {
  const checks = source.names.map((name, i) =>
    checkOf(identifier(name), sniffed.types[i] ?? 'VARCHAR', sniffed),
  )
  const spelled = source.names.map((name, i) =>
    sniffed.types[i] === 'VARCHAR' ? '0' : `bit_or(case ${identifier(name)} ${wordBits} else 0 end)`,
  )
  const found: Cell[] = []
  const bits: number[] = []
  for (let start = 0; start < source.names.length; start += columnsAtOnce) {
    const questions = [checks, spelled].flatMap((all) => all.slice(start, start + columnsAtOnce))
    const { rows } = await session.all(
      `select ${questions.join(', ')} from (from ${asText(source.files, source, [''])} limit ${sampleRows})`,
    )
    const answers = rows[0] ?? []
    found.push(...answers.slice(0, answers.length / 2))
    bits.push(...answers.slice(answers.length / 2).map(Number))
  }
  const notes: string[] = []
  const types = source.names.map((name, i) => {
    const type = sniffed.types[i] ?? 'VARCHAR'
    const result = found[i]
    if (type === 'VARCHAR') {
      const { truth, numbers, filled, odd, special } = result as unknown as TextFound
      if (truth === true) return 'BOOLEAN'
      // The sniffer takes infinities among whole numbers for text; leading zeros it rightly keeps.
      if (special === true && numbers === filled) return 'DOUBLE'
      const others = filled - numbers
      if (odd !== null && numbers > 0 && others <= filled * mostlyNumbers)
        notes.push(
          `${name} is text because of ${JSON.stringify(odd)}${others > 1 ? ` and ${others - 1} more` : ''}: all other values are numbers`,
        )
      return type
    }
    if (result === false) return 'VARCHAR'
    if (typeof result !== 'number' || result <= digits.double) return type
    if (result <= digits.hugeint) return 'HUGEINT'
    notes.push(`${name} has integers of ${result} digits, more than numbers hold, and is read as text`)
    return 'VARCHAR'
  })
  const used = missingWords.filter((_, word) => bits.some((mask) => (mask & (1 << word)) !== 0))
  const where = source.names.filter((_, i) => (bits[i] ?? 0) !== 0)
  if (used.length > 0)
    notes.unshift(
      `${used.map((word) => `'${word}'`).join(' and ')} is read as missing (as in ${where.slice(0, 3).join(', ')})`,
    )
  return { types, words: used, notes }
}

/** Each word as a bit, so that which of them a column has is one number. */
const wordBits = missingWords.map((word, i) => `when ${literal(word)} then ${1 << i}`).join(' ')

/** A question of very many columns takes more memory than many questions. */
const columnsAtOnce = 200

/** What is found of a column of text. */
interface TextFound {
  readonly truth: boolean | null
  readonly numbers: number
  readonly filled: number
  /** Whether there are infinities or not-a-numbers, and no number with a zero in front. */
  readonly special: boolean | null
  /** One of the values that are no numbers. */
  readonly odd: string | null
}

/** So few values that are no numbers are a mistake in a column of numbers. */
const mostlyNumbers = 0.05

/** What is asked of a column's values: whether they are of a type, or how long the longest integer is. */
function checkOf(column: string, type: string, { dateFormat, timestampFormat }: Sniffed): string {
  const isMissing = `${column} is null or ${column} in (${missingWords.map(literal).join(', ')})`
  const format = type === 'DATE' ? dateFormat : type === 'TIMESTAMP' ? timestampFormat : undefined
  if (format !== undefined)
    return `bool_and(${isMissing} or try_strptime(${column}, ${literal(format)}) is not null)`
  if (type === 'DATE' || type === 'TIMESTAMP')
    return `bool_and(${isMissing} or try_cast(${column} as ${type}) is not null)`
  if (type === 'VARCHAR') {
    const isOdd = `not (${isMissing}) and try_cast(${column} as double) is null`
    return `{truth: bool_and(lower(${column}) in ('true', 'false')), numbers: count(try_cast(${column} as double)), filled: count(${column}) filter (not (${isMissing})), odd: any_value(${column}) filter (${isOdd}), special: bool_or(regexp_full_match(${column}, '[+-]?(?i:inf|infinity|nan)')) and not bool_or(regexp_matches(${column}, '^[+-]?0\\d'))}`
  }
  if (type !== 'DOUBLE') return 'null'
  return `case when bool_and(${isMissing} or regexp_full_match(${column}, '[+-]?\\d+')) then max(length(ltrim(${column}, '+-0'))) filter (not (${isMissing})) end`
}
