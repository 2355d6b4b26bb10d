import type { DescribedColumn } from './messages.ts'

/** How the values of a SQLite column become one of DuckDB's types. */
export interface TypeMapping {
  readonly type: string
  /** SQLite's expression that gives what is sent; `$` stands for the column. */
  readonly send: string
  readonly duckdb: string
  /** DuckDB's expression that reads the text; `$` stands for the text. */
  readonly cast: string
  readonly warning?: string
}

/** Bytes where a text or a number was declared are taken for a text. */
const send = `case typeof($) when 'blob' then cast($ as text) else $ end`
const plain = (duckdb: string, cast = `$::${duckdb}`): Omit<TypeMapping, 'type'> => ({ send, duckdb, cast })

const text: Omit<TypeMapping, 'type'> = plain('VARCHAR', '$')
const blob: Omit<TypeMapping, 'type'> = { send: 'hex($)', duckdb: 'BLOB', cast: 'unhex($)' }
/** SQLite keeps 1.5 in an integer column; DuckDB would round it. */
const whole = plain('BIGINT', `replace($, '.', 'x')::BIGINT`)

/** DuckDB's decimals have so many digits at most. */
const mostDigits = 38

/** By what a column was declared as: SQLite keeps any value in it, and one that is none of its type fails the import. */
function declaredAs(declared: string): Omit<TypeMapping, 'type'> | undefined {
  const type = declared.toLowerCase()
  const [, digits, scale = '0'] = /^(?:decimal|numeric)\s*\(\s*(\d+)\s*(?:,\s*(\d+)\s*)?\)$/.exec(type) ?? []
  if (digits !== undefined)
    return Number(digits) <= mostDigits && Number(scale) <= Number(digits)
      ? plain(`DECIMAL(${digits},${scale})`)
      : plain('DOUBLE')
  const name = type.replace(/\(.*$/, '').trim()
  // A time that is dropped would be missed.
  if (name === 'date') return plain('DATE', `strptime($, '%Y-%m-%d')::DATE`)
  if (name === 'datetime' || name === 'timestamp') return plain('TIMESTAMP')
  if (name === 'boolean' || name === 'bool') return plain('BOOLEAN')
  if (name === 'json') return plain('JSON')
  // As SQLite itself reads declarations.
  if (name.includes('int')) return whole
  if (/char|clob|text/.test(name)) return text
  if (name.includes('blob')) return blob
  if (/real|floa|doub/.test(name)) return plain('DOUBLE')
  return undefined
}

/** True where only the values tell the type: for an expression, and for what SQLite declares nothing by. */
export const needsKinds = (declared: string | null): boolean =>
  declared === null || declaredAs(declared) === undefined

/** The mapping of a column. The table for users is in docs/data-import.md. */
export function mappingOf({ declared, kinds }: DescribedColumn): TypeMapping {
  const known = declared === null ? undefined : declaredAs(declared)
  if (known !== undefined) return { type: String(declared).toLowerCase(), ...known }
  const type = kinds.length === 0 ? 'null' : kinds.toSorted().join(' and ')
  if (kinds.length === 1) {
    if (kinds[0] === 'integer') return { type, ...whole }
    if (kinds[0] === 'real') return { type, ...plain('DOUBLE') }
    if (kinds[0] === 'blob') return { type, ...blob }
  }
  if (type === 'integer and real') return { type, ...plain('DOUBLE') }
  return {
    type,
    ...text,
    ...(kinds.length > 1 ? { warning: `has values of several kinds (${type}), and is kept as text` } : {}),
  }
}
