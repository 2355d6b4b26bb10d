import { identifier, literal, type Session } from '../../../analytics/analytics.ts'
import { errors } from '../../../kernel/errors.ts'
import { nearest } from '../../../kernel/nearest.ts'
import type { DataFile } from '../files/data-file.ts'
import type { Relation } from '../reading/relation.ts'
import { convert } from './convert.ts'
import { compileFilter, ExpressionError } from './filter.ts'
import { partitionValues } from './partition-values.ts'
import type { Columns, Conversion, Place, Step } from './program.ts'

/** Column in which the relation tells each row's file; the steps keep it, and the end drops it. */
export const fileColumn = '__twinloop_file'

/** A file as SQL reads it, and as the user knows it. */
export type NamedFile = Pick<DataFile, 'path' | 'shown'>

interface State {
  readonly sql: string
  /** DuckDB's type by column, without the file's. */
  readonly columns: ReadonlyMap<string, string>
  readonly notes: readonly string[]
}

export const at = (place: Place, message: string) =>
  errors.validation(`MLTable:${place.line}:${place.column}: ${message}`, {
    target: `MLTable:${place.line}:${place.column}`,
  })

/**
 * The rows of a relation after an MLTable's steps, in their order. Values that cannot be converted are missing, as
 * Azure ML has it. Throws a validation error with line and column for a column that is not there.
 */
export async function applySteps(
  session: Session,
  relation: Relation,
  steps: readonly Step[],
  files: readonly NamedFile[],
): Promise<Relation> {
  const { rows } = await session.all(`select column_name, column_type from (describe ${relation.sql})`)
  const described = new Map(rows as readonly (readonly [string, string])[])
  described.delete(fileColumn)
  let state: State = { sql: relation.sql, columns: described, notes: relation.notes }
  for (const step of steps) state = apply(state, step, files)
  const names = [...state.columns.keys()].map(identifier).join(', ')
  return { sql: `select ${names} from (${state.sql})`, notes: state.notes }
}

function apply(state: State, step: Step, files: readonly NamedFile[]): State {
  const from = `from (${state.sql})`
  switch (step.kind) {
    case 'filter':
      return { ...state, sql: `select * ${from} where ${filterOf(step, state)}` }
    case 'skip':
      return { ...state, sql: `select * ${from} offset ${step.count}` }
    case 'take':
      return { ...state, sql: `select * ${from} limit ${step.count}` }
    case 'take_random_sample': {
      // DuckDB's own sampling is repeatable on one thread only; a hash of the row's number is on any.
      const share = BigInt(Math.round(step.probability * 2 ** 32))
      const number = identifier('__twinloop_row')
      return {
        ...state,
        sql: `select * exclude (${number}) from (select *, row_number() over () as ${number} ${from}) where hash(${number}, ${step.seed}) >> 32 < ${share}`,
      }
    }
    case 'keep_columns':
    case 'drop_columns':
      return selectColumns(state, step.kind, step.columns)
    case 'convert_column_types':
      return convertColumns(state, step.conversions)
    case 'extract_columns_from_partition_format':
      return addPartitions(state, step.format, step.place, files)
  }
}

function filterOf({ expression, place }: Extract<Step, { kind: 'filter' }>, state: State): string {
  try {
    return compileFilter(expression, [...state.columns.keys()])
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error
    throw at(place, `filter: ${error.message}\n  ${expression}\n  ${' '.repeat(error.offset)}^`)
  }
}

function selectColumns(state: State, kind: 'keep_columns' | 'drop_columns', columns: Columns): State {
  const { found, missing } = find(state.columns, columns)
  if (kind === 'keep_columns' && missing.length > 0) throw noColumn(columns.place, missing[0] ?? '', state)
  const notes = missing.map((name) => `drop_columns: there is no column '${name}'`)
  const kept =
    kind === 'keep_columns' ? found : [...state.columns.keys()].filter((name) => !found.includes(name))
  if (kept.length === 0) throw at(columns.place, `${kind} leaves no column`)
  return {
    sql: state.sql,
    columns: new Map(kept.map((name) => [name, state.columns.get(name) ?? ''])),
    notes: [...state.notes, ...notes],
  }
}

/** Conversions of one step, as Azure ML has them: each column by the first that names it. */
export function convertColumns(state: State, conversions: readonly Conversion[]): State {
  const converted = new Map<string, { readonly sql: string; readonly type: string }>()
  const notes = new Set<string>()
  for (const { columns, type } of conversions) {
    const { found, missing } = find(state.columns, columns)
    // Azure ML passes over columns that are not there, here as when it drops them.
    for (const name of missing) notes.add(`convert_column_types: there is no column '${name}'`)
    if (type.kind === 'stream_info')
      notes.add(`${found.join(', ')} stays text: files that a column names are not opened`)
    for (const name of found)
      if (!converted.has(name))
        converted.set(name, convert(identifier(name), state.columns.get(name) ?? '', type))
  }
  const replaced = [...converted].map(([name, { sql }]) => `${sql} as ${identifier(name)}`)
  return {
    sql: replaced.length === 0 ? state.sql : `select * replace (${replaced.join(', ')}) from (${state.sql})`,
    columns: new Map([...state.columns].map(([name, type]) => [name, converted.get(name)?.type ?? type])),
    notes: [...state.notes, ...notes],
  }
}

function addPartitions(state: State, format: string, place: Place, files: readonly NamedFile[]): State {
  const { columns, values, unmatched } = partitionValues(format, files)
  const taken = columns.find(({ name }) => state.columns.has(name))
  if (taken !== undefined) throw at(place, `the data has a column '${taken.name}' already`)
  const rows = files.map(({ path }, i) => `(${[literal(path), ...(values[i] ?? [])].join(', ')})`)
  const names = columns.map(({ name }) => identifier(name))
  const file = identifier(fileColumn)
  return {
    sql: `select data.*, ${names.map((name) => `part.${name}`).join(', ')} from (${state.sql}) data join (values ${rows.join(', ')}) part(${[file, ...names].join(', ')}) on data.${file} = part.${file}`,
    columns: new Map([...state.columns, ...columns.map(({ name, type }) => [name, type] as const)]),
    notes:
      unmatched.length === 0
        ? state.notes
        : [...state.notes, `${unmatched[0]} does not match ${format}: its partition columns are missing`],
  }
}

function find(
  columns: ReadonlyMap<string, string>,
  wanted: Columns,
): { readonly found: readonly string[]; readonly missing: readonly string[] } {
  const names = [...columns.keys()]
  if ('pattern' in wanted)
    return { found: names.filter((name) => wanted.pattern.test(name) !== wanted.invert), missing: [] }
  const found: string[] = []
  const missing: string[] = []
  for (const name of wanted.names) {
    const match = names.find((n) => n === name) ?? names.find((n) => n.toLowerCase() === name.toLowerCase())
    if (match === undefined) missing.push(name)
    else found.push(match)
  }
  return { found: names.filter((name) => found.includes(name)), missing }
}

function noColumn(place: Place, name: string, state: State) {
  const names = [...state.columns.keys()]
  const near = nearest(name, names)
  return at(
    place,
    `there is no column '${name}'; ${near === undefined ? `there are ${names.slice(0, 10).join(', ')}` : `did you mean '${near}'?`}`,
  )
}
