import type { Expectation } from '../contract.ts'
import { operators } from '../contract.ts'
import { below, complain, isMap, isText, shown, unknownKey } from '../../../kernel/grammar/place.ts'
import type { Fields, Place } from '../../../kernel/grammar/place.ts'
import { optionKeys } from './options.ts'
import type { ReadExpectation } from './options.ts'
import { columnType } from './types.ts'
import {
  count,
  duration,
  flag,
  isScalar,
  listOf,
  number,
  oneOf,
  share,
  text,
} from '../../../kernel/grammar/values.ts'
import { name, names, rangeKeys, rangeOf } from './values.ts'

/** A reader, and the name of the check it makes. */
interface OfTable {
  /** False for a value whose keys are names of columns: options stand beside it, never in it. */
  readonly takes?: (value: unknown) => boolean
  readonly read: ReadExpectation
  readonly title: (expectation: Expectation) => string
}

const counted =
  (kind: 'row_count' | 'column_count', single: 'equals'): ReadExpectation =>
  ({ place, value }) => {
    const range = rangeOf(count, { single })(place, value)
    return range === undefined ? undefined : { kind, range }
  }

function fields(place: Place, value: unknown, known: readonly string[], what: string, example: string) {
  if (!isMap(value)) return complain(place, `: ${shown(value)} is not ${what}`, { hint: example })
  const unknown = Object.keys(value).filter((key) => !known.includes(key))
  for (const key of unknown) unknownKey(below(place, key), `part of ${what}`, [...known, ...optionKeys])
  return unknown.length === 0 ? value : undefined
}

/** An optional field: its default where it is absent, undefined where it is wrong. */
const optional = <T>(
  place: Place,
  value: unknown,
  read: (place: Place, value: unknown) => T | undefined,
  otherwise: T,
) => (value === undefined || value === null ? otherwise : read(place, value))

const isLong = (value: unknown): value is Fields =>
  isMap(value) && (isMap(value['columns']) || Array.isArray(value['columns']))

/** `{ carrier: string }`, `[carrier, origin]`, or `{ columns: …, strict, ordered }` of either. */
const schema: ReadExpectation = ({ place, value }) => {
  if (!isLong(value)) return schemaOf(place, value, false, false)
  const long = fields(
    place,
    value,
    ['columns', 'strict', 'ordered'],
    'a schema',
    '{ columns: { a: string }, strict: true }',
  )
  if (long === undefined) return undefined
  const strict = optional(below(place, 'strict'), long['strict'], flag, false)
  const ordered = optional(below(place, 'ordered'), long['ordered'], flag, false)
  if (strict === undefined || ordered === undefined) return undefined
  return schemaOf(below(place, 'columns'), long['columns'], strict, ordered)
}

function schemaOf(place: Place, value: unknown, strict: boolean, ordered: boolean): Expectation | undefined {
  if (isMap(value)) {
    const columns = Object.entries(value).map(([column, type]) => ({
      name: column,
      types:
        type === null ? [] : listOf(columnType, { single: true, what: 'types' })(below(place, column), type),
    }))
    if (columns.length === 0) return complain(place, ' names no column')
    return columns.every(
      (column): column is { name: string; types: readonly string[] } => column.types !== undefined,
    )
      ? { kind: 'schema', columns, strict, ordered }
      : undefined
  }
  const list = listOf(name, { what: 'columns' })(place, value)
  return (
    list && { kind: 'schema', columns: list.map((column) => ({ name: column, types: [] })), strict, ordered }
  )
}

const unique =
  (present: boolean): ReadExpectation =>
  ({ place, value, mostly }) => {
    const columns = names(
      isMap(value) ? below(place, 'columns') : place,
      isMap(value) ? value['columns'] : value,
    )
    return columns === undefined ? undefined : { kind: 'unique', columns, present, mostly }
  }

/** `a <= b`, with names that are no plain words in double quotes. */
const comparison =
  /^\s*(?:"((?:[^"]|"")+)"|([^\s<>=!"]+))\s*(>=|<=|!=|<>|==|>|<|=)\s*(?:"((?:[^"]|"")+)"|([^\s<>=!"]+))\s*$/

const compare: ReadExpectation = ({ place, value, mostly }) => {
  const example = '"departure <= arrival", or { left, operator, right }'
  if (isText(value)) {
    const match = comparison.exec(value)
    if (match === null) return complain(place, `: "${value}" does not compare two columns`, { hint: example })
    const [, quotedLeft, plainLeft, sign = '', quotedRight, plainRight] = match
    const operator = operators.find((o) => o === ({ '<>': '!=', '==': '=' }[sign] ?? sign)) ?? '='
    const [left, right] = [
      quotedLeft?.replaceAll('""', '"') ?? plainLeft,
      quotedRight?.replaceAll('""', '"') ?? plainRight,
    ]
    return { kind: 'compare', left: left ?? '', operator, right: right ?? '', missing: 'skip', mostly }
  }
  const said = fields(
    place,
    value,
    ['left', 'operator', 'right', 'missing'],
    'a comparison of two columns',
    example,
  )
  if (said === undefined) return undefined
  const left = name(below(place, 'left'), said['left'])
  const right = name(below(place, 'right'), said['right'])
  const operator = oneOf(...operators)(below(place, 'operator'), said['operator'])
  const missing = optional(below(place, 'missing'), said['missing'], oneOf('skip', 'fail'), 'skip')
  if (left === undefined || right === undefined || operator === undefined || missing === undefined)
    return undefined
  return { kind: 'compare', left, operator, right, missing, mostly }
}

const sumOf: ReadExpectation = ({ place, value, mostly }) => {
  const said = fields(
    place,
    value,
    ['columns', 'equals', 'tolerance'],
    'a sum of columns',
    '{ columns: [a, b], equals: total }',
  )
  if (said === undefined) return undefined
  const columns = names(below(place, 'columns'), said['columns'])
  const total = said['equals']
  const equals = typeof total === 'number' ? total : name(below(place, 'equals'), total)
  const tolerance = optional(below(place, 'tolerance'), said['tolerance'], number, 0)
  if (columns === undefined || equals === undefined || tolerance === undefined) return undefined
  return { kind: 'sum_of', columns, equals, tolerance: Math.abs(tolerance), mostly }
}

const references: ReadExpectation = ({ place, value, mostly }) => {
  const example = '{ columns: [country, code], data: azureml:regions:1 }'
  const said = fields(place, value, ['columns', 'data', 'of'], 'a reference to other data', example)
  if (said === undefined) return undefined
  const columns = names(below(place, 'columns'), said['columns'])
  const data = text(below(place, 'data'), said['data'])
  const of = said['of'] === undefined ? columns : names(below(place, 'of'), said['of'])
  if (columns === undefined || data === undefined || of === undefined) return undefined
  if (of.length !== columns.length)
    return complain(below(place, 'of'), ` names ${of.length} columns, and columns ${columns.length}`)
  return { kind: 'references', columns, data, of, mostly }
}

const satisfies: ReadExpectation = ({ place, value, mostly }) => {
  const sql = text(place, value)
  return sql === undefined ? undefined : { kind: 'satisfies', sql, mostly }
}

/** A query whose rows are the failing ones, or with a range the query of one number. */
const sql: ReadExpectation = ({ place, value }) => {
  const example = '"select * from data where a > b"'
  const said = isMap(value)
    ? fields(place, value, ['query', 'max_rows', ...rangeKeys], 'a query', example)
    : { query: value }
  if (said === undefined) return undefined
  const { query, max_rows: most, ...ends } = said
  const statement = text(isMap(value) ? below(place, 'query') : place, query)
  if (statement === undefined) return undefined
  if (!/^\s*(?:--.*\n\s*|\/\*.*?\*\/\s*)*(select|with|from|values)\b/is.test(statement))
    return complain(isMap(value) ? below(place, 'query') : place, ': this is not a select', { hint: example })
  if (Object.keys(ends).length === 0) {
    const max = optional(below(place, 'max_rows'), most, count, 0)
    return max === undefined ? undefined : { kind: 'failed_rows', sql: statement, max }
  }
  if (most !== undefined)
    return complain(
      below(place, 'max_rows'),
      ' is of failing rows, and a range of the one number that a query gives',
    )
  const range = rangeOf(number)(place, ends)
  return range === undefined ? undefined : { kind: 'metric', sql: statement, range }
}

/** `duplicates: 0`, `duplicates: 1%`, `{ columns: [a, b], max: 0 }`. */
const duplicates: ReadExpectation = (given) => {
  const { place } = given
  const value = given.value === false ? 0 : given.value
  const { columns: some, ...ends } = isMap(value) ? value : { columns: undefined }
  const columns = optional(below(place, 'columns'), some, names, [])
  const limits = isMap(value) ? (Object.keys(ends).length === 0 ? 0 : ends) : value
  const isShare = (isMap(limits) ? Object.values(limits) : [limits]).some(
    (end) => typeof end === 'string' && end.includes('%'),
  )
  const range = rangeOf(isShare ? share : count, { single: 'max' })(place, limits)
  if (columns === undefined || range === undefined) return undefined
  return { kind: 'duplicates', columns, range, share: isShare }
}

export const readFreshness: ReadExpectation = ({ place, value }) => {
  const said = fields(place, value, ['column', 'within'], 'a freshness', '{ column: time_hour, within: 40d }')
  if (said === undefined) return undefined
  const column = name(below(place, 'column'), said['column'])
  const within = duration(below(place, 'within'), said['within'])
  return column === undefined || within === undefined ? undefined : { kind: 'freshness', column, within }
}

const plain = (title: string) => () => title
const listed = (word: string) => (expectation: Expectation) =>
  'columns' in expectation
    ? `${word}(${expectation.columns.map((c) => (typeof c === 'string' ? c : c.name)).join(', ')})`
    : word

/** What can be expected of a table as a whole, by keyword. */
export const ofTables: Readonly<Record<string, OfTable>> = {
  row_count: { read: counted('row_count', 'equals'), title: plain('row_count') },
  column_count: { read: counted('column_count', 'equals'), title: plain('column_count') },
  schema: { read: schema, title: plain('schema'), takes: isLong },
  unique: { read: unique(false), title: listed('unique') },
  primary_key: { read: unique(true), title: listed('primary_key') },
  duplicates: {
    read: duplicates,
    title: (e) => (e.kind === 'duplicates' && e.columns.length > 0 ? listed('duplicates')(e) : 'duplicates'),
  },
  compare: {
    read: compare,
    title: (e) => (e.kind === 'compare' ? `${e.left} ${e.operator} ${e.right}` : 'compare'),
  },
  sum_of: { read: sumOf, title: listed('sum_of') },
  references: { read: references, title: listed('references') },
  satisfies: { read: satisfies, title: (e) => `satisfies ${e.kind === 'satisfies' ? brief(e.sql) : ''}` },
  sql: { read: sql, title: (e) => `sql ${'sql' in e ? brief(e.sql) : ''}` },
  freshness: { read: readFreshness, title: plain('freshness') },
}

const brief = (statement: string) => {
  const line = statement
    .replaceAll(/\s+/g, ' ')
    .replace(/^select \* from data where /i, '')
    .trim()
  return line.length <= 40 ? line : `${line.slice(0, 39)}…`
}

export const isTableCheck = (key: string): boolean => Object.hasOwn(ofTables, key)
export const scalarOption = (key: string, value: unknown) => optionKeys.includes(key) && isScalar(value)
