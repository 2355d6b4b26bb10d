import { identifier, literal, type Session } from '../../../analytics/analytics.ts'
import { errors } from '../../../kernel/errors.ts'
import { enumerate } from '../files/list.ts'
import type { PreparedFile } from '../files/prepare.ts'
import { typesOf } from './remembered-types.ts'
import { blankLines, columnNames, headerOf, sniffDialect, type Dialect } from './csv-dialect.ts'
import { commonSettings, fileList, type ReadOptions, type Relation } from './relation.ts'

/** What was said of how delimited files are to be read; what was not is told from them. */
export interface CsvOptions extends ReadOptions {
  readonly dialect?: Partial<Dialect>
  /** Whether columns are typed (default) or all stay text. */
  readonly infers?: boolean
  /** Azure's four ways; by default all files have the same columns, and whether they are named is told from them. */
  readonly header?: 'no_header' | 'from_first_file' | 'all_files_different_headers' | 'all_files_same_headers'
  /** True: an empty field is an empty text in columns of text. Default: missing. */
  readonly emptyAsString?: boolean
}

/** Tables are wide, but not that wide: DuckDB needs a buffer for each column. */
const mostColumns = 5000

/** Files whose columns are the same, in the same order. */
interface Group {
  readonly files: readonly PreparedFile[]
  readonly names: readonly string[]
  readonly dialect: Dialect
}

/**
 * Delimited files as one relation. All have the same columns (in any order) unless the options say otherwise; a file
 * that has not is an error that names it and the column. Notes say what was taken for granted.
 */
export async function readCsv(
  session: Session,
  files: readonly PreparedFile[],
  options: CsvOptions = {},
): Promise<Relation> {
  const { groups, notes } = layout(files, options)
  const parts: string[] = []
  for (const group of groups) {
    const { sql, notes: more } = await readGroup(session, group, options)
    parts.push(sql)
    notes.push(...more)
  }
  return { sql: parts.join(' union all by name '), notes }
}

/** Sorts files by their columns, and checks that these are the same. Pure but for reading what was prepared. */
export function layout(
  files: readonly PreparedFile[],
  options: CsvOptions,
): { readonly groups: readonly Group[]; readonly notes: string[] } {
  const said = options.header === undefined ? {} : { hasHeader: options.header !== 'no_header' }
  const notes = new Set<string>()
  const groups = new Map<string, { files: PreparedFile[]; names: readonly string[]; dialect: Dialect }>()
  let first: { readonly file: PreparedFile; readonly names: readonly string[] } | undefined
  for (const [i, file] of files.entries()) {
    const isFollower = options.header === 'from_first_file' && i > 0
    const dialect = sniffDialect(file.head, {
      ...options.dialect,
      ...said,
      ...(isFollower ? { hasHeader: false } : {}),
    })
    const header = headerOf(file.head, dialect)
    if (header.every((name) => name.trim() === '') && header.length < 2)
      throw errors.badRequest(`'${file.shown}' has blank lines only: it has neither header nor rows.`)
    if (header.length > mostColumns)
      throw errors.badRequest(
        `'${file.shown}' has ${header.length} columns; more than ${mostColumns} cannot be read.`,
      )
    const own = columnNames(dialect.hasHeader ? header : header.map(() => ''))
    const names = isFollower ? (first?.names ?? []) : own.names
    if (dialect.hasHeader) for (const note of own.notes) notes.add(note)
    else if (options.header === undefined)
      notes.add(`no header: the columns are called ${enumerate(own.names)}`)
    if (dialect.decimal === ',') notes.add('numbers are written with decimal commas')
    first ??= { file, names }
    if (options.header !== 'all_files_different_headers') checkColumns(file, names, first)
    const key = JSON.stringify([dialect, names, blankLines(file.head)])
    const group = groups.get(key)
    if (group === undefined) groups.set(key, { files: [file], names, dialect })
    else group.files.push(file)
  }
  return { groups: [...groups.values()], notes: [...notes] }
}

function checkColumns(
  file: PreparedFile,
  names: readonly string[],
  first: { readonly file: PreparedFile; readonly names: readonly string[] },
): void {
  const missing = first.names.filter((name) => !names.includes(name))
  const extra = names.filter((name) => !first.names.includes(name))
  if (missing.length === 0 && extra.length === 0) return
  const differences = [
    ...(missing.length === 0 ? [] : [`it lacks ${enumerate(missing.map((name) => `'${name}'`))}`]),
    ...(extra.length === 0 ? [] : [`it has ${enumerate(extra.map((name) => `'${name}'`))} besides`]),
  ]
  throw errors.badRequest(
    `'${file.shown}' has other columns than '${first.file.shown}': ${differences.join(', and ')}. Files of one table have the same columns; an MLTable with header: all_files_different_headers reads them together.`,
  )
}

async function readGroup(session: Session, group: Group, options: CsvOptions): Promise<Relation> {
  const { delimiter, quote, escape, decimal, hasHeader } = group.dialect
  const common = [
    `delim = ${literal(delimiter)}`,
    `quote = ${literal(quote)}`,
    `escape = ${literal(escape)}`,
    `header = ${hasHeader}`,
    `decimal_separator = ${literal(decimal)}`,
    `skip = ${blankLines(group.files[0]?.head ?? '')}`,
    `comment = ''`,
    `compression = 'none'`,
  ]
  const source = { files: group.files, names: group.names, options: common }
  const found =
    options.infers === false
      ? { types: group.names.map(() => 'VARCHAR'), missing: [''], notes: [] }
      : await typesOf(session, source)
  const texts = group.names.filter((_, i) => found.types[i] === 'VARCHAR')
  const settings = [
    fileList(group.files),
    ...common,
    ...commonSettings(options),
    'auto_detect = false',
    `columns = {${group.names.map((name, i) => `${literal(name)}: ${literal(found.types[i] ?? 'VARCHAR')}`).join(', ')}}`,
    `nullstr = [${found.missing.map(literal).join(', ')}]`,
    ...('dateFormat' in found && found.dateFormat !== undefined
      ? [`dateformat = ${literal(found.dateFormat)}`]
      : []),
    ...('timestampFormat' in found && found.timestampFormat !== undefined
      ? [`timestampformat = ${literal(found.timestampFormat)}`]
      : []),
  ]
  const replaced =
    options.emptyAsString === true && texts.length > 0
      ? ` replace (${texts.map((name) => `coalesce(${identifier(name)}, '') as ${identifier(name)}`).join(', ')})`
      : ''
  return { sql: `select *${replaced} from read_csv(${settings.join(', ')})`, notes: found.notes }
}
