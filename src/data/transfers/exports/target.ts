import { errors } from '../../../kernel/errors.ts'
import type { TableName } from '../databases/sql-target.ts'
import type { ExportProperties, Format } from './export.ts'

/** Reads `table`, `schema.table`, each as it is or in double quotes. Throws validation for anything else. */
export function tableName(text: string): TableName {
  const part = /^(?:"((?:[^"]|"")+)"|([^".\s]+))$/
  const parts = text.match(/"(?:[^"]|"")+"|[^.]+/g) ?? []
  const names = parts.map((p) => {
    const [, inQuotes, plain] = part.exec(p) ?? []
    return inQuotes?.replaceAll('""', '"') ?? plain
  })
  const [first, second] = names
  if (
    names.length > 2 ||
    first === undefined ||
    (names.length === 2 && second === undefined) ||
    parts.join('.') !== text
  )
    throw errors.validation(`'${text}' is no name of a table: expected table or schema.table.`, {
      target: 'properties.target.table',
    })
  return second === undefined ? { schema: undefined, name: first } : { schema: first, name: second }
}

const byExtension: Readonly<Record<string, Format>> = {
  parquet: 'parquet',
  csv: 'csv',
  jsonl: 'jsonl',
  ndjson: 'jsonl',
}

/** The format that is asked for or that the path's extension says, and whether the path is of one file. */
export function fileFormat({ path, format }: ExportProperties['target']): {
  readonly format: Format
  readonly isFile: boolean
} {
  const extension = /\.([a-z]+)$/i.exec(path ?? '')?.[1]?.toLowerCase() ?? ''
  const said = byExtension[extension]
  if (said === undefined) return { format: format ?? 'parquet', isFile: false }
  if (format !== undefined && format !== null && format !== said)
    throw errors.validation(`'${path}' is ${said} by its name, and format says ${format}.`, {
      target: 'properties.target.format',
    })
  return { format: said, isFile: true }
}

interface TargetType {
  readonly type: string
  /** DuckDB's expression of the text that PostgreSQL reads; `$` stands for the column. */
  readonly send: string
}

const plain = (type: string): TargetType => ({ type, send: '$::varchar' })
const dated = (type: string): TargetType => ({ type, send: `replace($::varchar, ' (BC)', ' BC')` })
const nested: TargetType = { type: 'jsonb', send: 'to_json($)::varchar' }

const types: Readonly<Record<string, TargetType>> = {
  BOOLEAN: plain('boolean'),
  TINYINT: plain('smallint'),
  UTINYINT: plain('smallint'),
  SMALLINT: plain('smallint'),
  USMALLINT: plain('integer'),
  INTEGER: plain('integer'),
  UINTEGER: plain('bigint'),
  BIGINT: plain('bigint'),
  UBIGINT: plain('numeric(20)'),
  HUGEINT: plain('numeric(39)'),
  UHUGEINT: plain('numeric(39)'),
  FLOAT: plain('real'),
  DOUBLE: plain('double precision'),
  VARCHAR: plain('text'),
  UUID: plain('uuid'),
  JSON: plain('jsonb'),
  DATE: dated('date'),
  TIME: plain('time'),
  INTERVAL: plain('interval'),
  TIMESTAMP: dated('timestamp'),
  TIMESTAMP_S: dated('timestamp'),
  TIMESTAMP_MS: dated('timestamp'),
  TIMESTAMP_NS: dated('timestamp'),
  'TIMESTAMP WITH TIME ZONE': dated('timestamptz'),
  BLOB: { type: 'bytea', send: `'\\x' || lower(hex($))` },
}

/** PostgreSQL's type for one of DuckDB's. Lists, structs and maps become JSON. */
export function targetType(duckdb: string): TargetType {
  const decimal = /^DECIMAL(\(\d+,\s*\d+\))$/.exec(duckdb)
  if (decimal !== null) return plain(`numeric${decimal[1]}`)
  if (/^(?:STRUCT|MAP|UNION)\(|\[\d*\]$/.test(duckdb)) return nested
  return types[duckdb] ?? plain('text')
}
