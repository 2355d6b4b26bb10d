import { nearest } from '../../../kernel/nearest.ts'
import type { Column } from '../../../analytics/analytics.ts'
import { isNumber, typeKind } from '../../../analytics/type-kind.ts'
import { complain } from '../../../kernel/grammar/place.ts'
import type { Read } from '../../../kernel/grammar/values.ts'
import { text } from '../../../kernel/grammar/values.ts'

/** Types as contracts name them, with what DuckDB calls them. Anything else is DuckDB's own spelling, to the letter. */
const types: Readonly<Record<string, RegExp>> = {
  any: /./,
  string: /^(VARCHAR|ENUM\(.*\)|UUID)$/,
  integer: /^U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)$/,
  double: /^(FLOAT|DOUBLE)$/,
  decimal: /^DECIMAL\(\d+,\d+\)$/,
  number: /^(U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)|FLOAT|DOUBLE|DECIMAL\(\d+,\d+\))$/,
  boolean: /^BOOLEAN$/,
  date: /^DATE$/,
  timestamp: /^TIMESTAMP(_S|_MS|_NS| WITH TIME ZONE)?$/,
  time: /^TIME(_NS| WITH TIME ZONE)?$/,
  binary: /^(BLOB|BIT)$/,
  list: /(\[\d*\])$/,
  struct: /^STRUCT\(/,
  map: /^MAP\(/,
}

const aliases: Readonly<Record<string, string>> = {
  str: 'string',
  text: 'string',
  varchar: 'string',
  category: 'string',
  object: 'string',
  int: 'integer',
  long: 'integer',
  int64: 'integer',
  int32: 'integer',
  float: 'double',
  float64: 'double',
  float32: 'double',
  numeric: 'number',
  bool: 'boolean',
  datetime: 'timestamp',
  array: 'list',
  bytes: 'binary',
  '*': 'any',
}

/** DuckDB's scalar types, which a contract may name when it wants exactly one. */
const exact =
  /^(U?(TINYINT|SMALLINT|BIGINT|HUGEINT)|DECIMAL\(\d+, ?\d+\)|TIMESTAMP(_S|_MS|_NS| WITH TIME ZONE|TZ)|UUID|BLOB|INTERVAL|JSON|(STRUCT|MAP|ENUM)\(.+\)|.+\[\d*\])$/i

/** A type in its canonical spelling: a word of ours, or DuckDB's in capitals. */
export const columnType: Read<string> = (place, value) => {
  const given = text(place, value)
  if (given === undefined) return undefined
  const word = given.trim().toLowerCase()
  const known =
    (Object.hasOwn(aliases, word) ? aliases[word] : undefined) ??
    (Object.hasOwn(types, word) ? word : undefined)
  if (known !== undefined) return known
  if (exact.test(given.trim())) return given.trim().toUpperCase().replaceAll(/,\s+/g, ',')
  const near = nearest(word, [...Object.keys(types), ...Object.keys(aliases)])
  return complain(place, `: "${given}" is not a type`, {
    hint: near === undefined ? `one of ${Object.keys(types).join(', ')}` : `did you mean ${near}?`,
  })
}

/** Whether a column's type, as DuckDB says it, is what a contract means by a name. */
export const isOfType = (column: Pick<Column, 'type'>, name: string): boolean =>
  types[name]?.test(column.type) ?? column.type.toUpperCase() === name

/** How the values of a column can be compared. */
export type Family = 'number' | 'text' | 'boolean' | 'time' | 'other'

export function familyOf({ type }: Pick<Column, 'type'>): Family {
  const kind = typeKind(type)
  if (isNumber(kind)) return 'number'
  if (kind === 'text' || kind === 'boolean') return kind
  return kind === 'date' || kind === 'timestamp' || kind === 'time' ? 'time' : 'other'
}

/** A column's type as a contract would name it: `integer` for `BIGINT`. */
export const typeName = (column: Pick<Column, 'type'>): string =>
  Object.keys(types).find((name) => name !== 'any' && name !== 'number' && isOfType(column, name)) ??
  column.type
