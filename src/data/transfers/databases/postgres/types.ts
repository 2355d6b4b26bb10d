/** How a PostgreSQL type becomes one of DuckDB's. */
export interface TypeMapping {
  /** PostgreSQL's expression that gives the value as the text to be sent; `$` stands for the column. */
  readonly send: string
  readonly duckdb: string
  /** DuckDB's expression that reads that text; `$` stands for the text. */
  readonly cast: string
  readonly warning?: string
}

const plain = (duckdb: string): TypeMapping => ({ send: '$', duckdb, cast: `$::${duckdb}` })
const asText: TypeMapping = { send: '$::text', duckdb: 'VARCHAR', cast: '$' }
/** Years before Christ: PostgreSQL writes ` BC`, DuckDB reads ` (BC)`. */
const dated = (duckdb: string): TypeMapping => ({
  send: '$',
  duckdb,
  cast: `replace($, ' BC', ' (BC)')::${duckdb}`,
})

/**
 * By the type's name as `format_type` writes it, without its modifier. What is not here is kept as the text that
 * PostgreSQL writes for it. The table for users is in docs/data-import.md.
 */
const mappings: Readonly<Record<string, TypeMapping>> = {
  boolean: plain('BOOLEAN'),
  smallint: plain('SMALLINT'),
  integer: plain('INTEGER'),
  bigint: plain('BIGINT'),
  oid: plain('UINTEGER'),
  real: plain('FLOAT'),
  'double precision': plain('DOUBLE'),
  date: dated('DATE'),
  'time without time zone': plain('TIME'),
  'timestamp without time zone': dated('TIMESTAMP'),
  'timestamp with time zone': dated('TIMESTAMP WITH TIME ZONE'),
  uuid: plain('UUID'),
  json: { send: '$::text', duckdb: 'JSON', cast: '$::JSON' },
  jsonb: { send: '$::text', duckdb: 'JSON', cast: '$::JSON' },
  bytea: { send: `encode($, 'hex')`, duckdb: 'BLOB', cast: 'unhex($)' },
}

/** DuckDB's decimals have so many digits at most. */
const mostDigits = 38

/** The mapping of a type as `format_type` writes it, e.g. `numeric(12,2)`, `text[]`, `timestamp(3) with time zone`. */
export function mappingOf(type: string): TypeMapping {
  const element = /^(.*?)(?:\[\])+$/.exec(type)?.[1]
  if (element !== undefined) return arrayOf(mappingOf(element))
  const [, digits, scale = '0'] = /^numeric\((\d+)(?:,(-?\d+))?\)$/.exec(type) ?? []
  if (digits !== undefined && fits(Number(digits), Number(scale)))
    return plain(`DECIMAL(${Number(digits)},${Number(scale)})`)
  if (type.startsWith('numeric'))
    return {
      ...plain('DOUBLE'),
      warning: `is ${type}, which has no size that a decimal could have, and is kept as DOUBLE (about 15 digits); cast it to numeric(p,s) in the query to keep it exactly, or to text`,
    }
  return mappings[type.replace(/\(\d+\)/, '')] ?? asText
}

const fits = (digits: number, scale: number) => digits <= mostDigits && scale >= 0 && scale <= digits

/** An array travels as JSON of its elements' texts, which keeps every digit and every null. */
function arrayOf(element: TypeMapping): TypeMapping {
  const duckdb = `${element.duckdb}[]`
  // A `bytea` inside an array is written `\x…`, whatever its own column would send.
  const read = element.duckdb === 'BLOB' ? 'unhex(e[3:])' : element.cast.replaceAll('$', 'e')
  return {
    send: 'to_json($::text[])::text',
    duckdb,
    cast: `list_transform(from_json($, '["VARCHAR"]'), lambda e: ${read})`,
    ...(element.warning === undefined ? {} : { warning: element.warning }),
  }
}
