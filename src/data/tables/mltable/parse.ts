import { errors } from '../../../kernel/errors.ts'
import { nearest } from '../../../kernel/nearest.ts'
import type { Encoding } from '../files/encoding.ts'
import { parseColumns, parseConversions } from './parse-columns.ts'
import { partitionPattern } from './partition-format.ts'
import type { Program, Step, TablePath, TableReader } from './program.ts'
import { readYaml, type Reader, type YamlProblem } from './yaml-reader.ts'

/**
 * What an `MLTable` file says. Throws a validation error with every problem of it, each with its line and column and the
 * nearest key there is. `shown` is what the user calls the file.
 */
export function parseMltable(text: string, shown = 'MLTable'): Program {
  const problems: YamlProblem[] = []
  const root = readYaml(text, problems)
  const program = root === undefined ? undefined : readProgram(root)
  const [first] = problems
  if (program !== undefined && first === undefined) return program
  const details = problems.map(({ place, message }) => ({
    target: `${shown}:${place.line}:${place.column}`,
    message: `${shown}:${place.line}:${place.column}: ${message}`,
  }))
  const more = details.length > 1 ? ` (and ${details.length - 1} more)` : ''
  throw errors.validation(`${details[0]?.message ?? `${shown} is empty`}${more}`, { details })
}

const topKeys = ['type', 'paths', 'transformations', 'metadata', 'traits', '$schema']

function readProgram(root: Reader): Program | undefined {
  if (!root.isMap()) {
    root.problem('holds no keys; expected paths and transformations')
    return undefined
  }
  if (root.keys().includes('query_source'))
    root
      .get('query_source')
      .problem(
        'reads from a database through Azure, which cannot be reached from here; import the query as data instead',
      )
  else if (root.get('paths').isMissing)
    root.problem('has no paths; expected paths: [{file | folder | pattern: …}]')
  root.only([...topKeys, 'query_source'])
  if (!root.get('type').isMissing) root.get('type').oneOf(['mltable'], 'mltable')
  const transformations = root.get('transformations').isMissing ? [] : root.get('transformations').items()
  let reader: TableReader | undefined
  const steps: Step[] = []
  for (const [i, item] of transformations.entries()) {
    const { name, body } = nameAndBody(item)
    const read = Object.hasOwn(readers, name) ? readers[name] : undefined
    if (read !== undefined) {
      if (i > 0) item.problem(`(${name}) is no first transformation; data is read first, and once`)
      reader ??= read(body)
      continue
    }
    const step = stepOf(name, body, item)
    if (step !== undefined) steps.push(step)
  }
  return { paths: readPaths(root.get('paths')), reader, steps }
}

/** A transformation is a map of one key, or for those without settings its bare name. */
function nameAndBody(item: Reader): { readonly name: string; readonly body: Reader } {
  if (typeof item.raw === 'string') return { name: item.raw, body: item.get('') }
  const [name = '', ...more] = item.keys()
  if (name === '' || more.length > 0)
    item.problem('is no transformation; expected one key, such as read_delimited')
  return { name, body: item.get(name) }
}

function readPaths(paths: Reader): readonly TablePath[] {
  if (paths.isMissing) return []
  const items = paths.items()
  if (paths.isList() && items.length === 0)
    paths.problem('is empty; expected at least one file, folder or pattern')
  return items.flatMap((item) => {
    item.only(['file', 'folder', 'pattern'])
    const [kind, ...more] = item.keys() as TablePath['kind'][]
    if (kind === undefined || more.length > 0) {
      if (item.isMap()) item.problem('is no path; expected one of file, folder and pattern')
      return []
    }
    const path = item.get(kind).text('')
    if (path === '') item.get(kind).problem('is empty; expected a path')
    return [{ kind, path, place: item.get(kind).place }]
  })
}

const encodings: Readonly<Record<string, Encoding>> = {
  utf8: 'utf-8',
  utf8bom: 'utf-8',
  ascii: 'utf-8',
  iso88591: 'windows-1252',
  latin1: 'windows-1252',
  windows1252: 'windows-1252',
  utf16: 'utf-16le',
}

function encodingIn(body: Reader): Encoding | undefined {
  const said = body.get('encoding')
  if (said.isMissing) return undefined
  const word = said.text('utf8').toLowerCase().replaceAll(/[-_ ]/g, '')
  const found = Object.hasOwn(encodings, word) ? encodings[word] : undefined
  if (found === undefined)
    said.problem(
      `is ${JSON.stringify(said.raw)}; expected utf8, utf8bom, utf16, ascii, iso88591, latin1 or windows1252`,
    )
  return found
}

const pathColumnIn = (body: Reader): string | undefined => {
  const named = body.get('path_column').isMissing ? undefined : body.get('path_column').text('Path')
  return body.get('include_path_column').flag(named !== undefined) ? (named ?? 'Path') : undefined
}

const headers = [
  'no_header',
  'from_first_file',
  'all_files_different_headers',
  'all_files_same_headers',
] as const

const readers: Readonly<Record<string, (body: Reader) => TableReader | undefined>> = {
  read_delimited(body) {
    body.only([
      'delimiter',
      'encoding',
      'header',
      'infer_column_types',
      'empty_as_string',
      'support_multi_line',
      'include_path_column',
      'path_column',
      'partition_size',
    ])
    const delimiter = body.get('delimiter').text(',')
    if (delimiter.length === 0 || delimiter.length > 4)
      body.get('delimiter').problem('is to be 1 to 4 characters')
    const infers = body.get('infer_column_types')
    if (infers.isMap()) infers.only(['sample_size', 'column_type_overrides'])
    const overrides = infers.isMap() ? infers.get('column_type_overrides') : undefined
    body.get('support_multi_line').flag(false)
    return {
      kind: 'read_delimited',
      delimiter: delimiter === '\\t' ? '\t' : delimiter,
      encoding: encodingIn(body),
      header: body.get('header').oneOf(headers, 'all_files_same_headers'),
      infers: infers.isMap() || infers.flag(true),
      overrides: overrides === undefined || overrides.isMissing ? [] : parseConversions(overrides),
      emptyAsString: body.get('empty_as_string').flag(false),
      pathColumn: pathColumnIn(body),
    }
  },
  read_parquet(body) {
    body.only(['include_path_column', 'path_column'])
    return { kind: 'read_parquet', pathColumn: pathColumnIn(body) }
  },
  read_json_lines(body) {
    body.only(['invalid_lines', 'encoding', 'include_path_column', 'path_column', 'partition_size'])
    return {
      kind: 'read_json_lines',
      encoding: encodingIn(body),
      invalidLines: body.get('invalid_lines').oneOf(['error', 'drop'], 'error'),
      pathColumn: pathColumnIn(body),
    }
  },
  read_delta_lake(body) {
    body.problem(
      'cannot be read here: which files of a Delta table are valid is told by its log and its deletion vectors, for which DuckDB needs an extension that is not part of Twinloop. Write the version that you need as Parquet (df.write.parquet), or register its Parquet files',
    )
    return undefined
  },
}

const stepNames = [
  'convert_column_types',
  'keep_columns',
  'drop_columns',
  'filter',
  'skip',
  'take',
  'take_random_sample',
  'extract_columns_from_partition_format',
] as const

function stepOf(name: string, body: Reader, item: Reader): Step | undefined {
  switch (name) {
    case 'convert_column_types':
      return { kind: name, conversions: parseConversions(body) }
    case 'keep_columns':
    case 'drop_columns':
      return { kind: name, columns: parseColumns(body) }
    case 'filter':
      return { kind: name, expression: body.text(''), place: body.place }
    case 'skip':
    case 'take':
      if (body.isMissing) body.problem('has no number of rows')
      return { kind: name, count: body.number(0, { min: 0, whole: true }) }
    case 'take_random_sample':
      body.only(['probability', 'seed'])
      if (body.get('probability').isMissing) body.problem('has no probability')
      return {
        kind: name,
        probability: body.get('probability').number(1, { min: 0, max: 1 }),
        seed: body.get('seed').number(0, { whole: true }),
      }
    case 'extract_columns_from_partition_format':
      return partitions(name, body)
    default: {
      if (name === '') return undefined
      const known = [...Object.keys(readers), ...stepNames]
      const near = nearest(name, known)
      item.problem(
        `(${name}) is no transformation; ${near === undefined ? `there are ${known.join(', ')}` : `did you mean ${near}?`}`,
      )
      return undefined
    }
  }
}

function partitions(kind: 'extract_columns_from_partition_format', body: Reader): Step {
  if (body.isMap()) body.only(['partition_format'])
  const said = body.isMap() ? body.get('partition_format') : body
  const format = said.text('')
  try {
    partitionPattern(format)
  } catch (error) {
    said.problem((error as Error).message)
  }
  return { kind, format, place: said.place }
}
