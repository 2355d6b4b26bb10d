import { literal } from '../../../analytics/analytics.ts'
import type { ColumnType } from './program.ts'

/**
 * SQL that converts a column (an identifier, of DuckDB's type `from`) as Azure ML does: what cannot be converted is
 * missing, a number with a fraction becomes an integer by cutting it off, truth values are compared without case.
 */
export function convert(
  column: string,
  from: string,
  type: ColumnType,
): { readonly sql: string; readonly type: string } {
  switch (type.kind) {
    case 'string':
      return { sql: `${column}::varchar`, type: 'VARCHAR' }
    case 'int':
      return {
        sql: `case when regexp_full_match(${column}::varchar, '\\s*[+-]?\\d+\\s*') then try_cast(${column}::varchar as bigint) else try_cast(trunc(try_cast(${column}::varchar as double)) as bigint) end`,
        type: 'BIGINT',
      }
    case 'float':
      return { sql: `try_cast(${column} as double)`, type: 'DOUBLE' }
    case 'stream_info':
      return { sql: column, type: from }
    case 'boolean': {
      const words = (values: readonly string[]) =>
        values.map((value) => literal(value.toLowerCase())).join(', ')
      const otherwise = type.mismatchAs === 'missing' ? 'null' : type.mismatchAs
      const text = `lower(${column}::varchar)`
      return {
        sql: `case when ${column} is null then null when ${text} in (${words(type.trueValues)}) then true when ${text} in (${words(type.falseValues)}) then false else ${otherwise} end`,
        type: 'BOOLEAN',
      }
    }
    case 'datetime': {
      const parsed = `try_strptime(${column}::varchar, [${type.formats.map(literal).join(', ')}])`
      const isMoment = /^(?:DATE|TIMESTAMP)/.test(from)
      const moment = isMoment ? `coalesce(${parsed}, ${column}::timestamp)` : parsed
      return {
        sql:
          type.dateConstant === undefined
            ? moment
            : `try_cast(${literal(type.dateConstant)} as date) + ${moment}::time`,
        type: 'TIMESTAMP',
      }
    }
  }
}
