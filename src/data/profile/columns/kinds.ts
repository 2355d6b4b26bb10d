import { identifier, type Column } from '../../../analytics/analytics.ts'

/** How a column is looked at, by what DuckDB stores it as. */
export type Kind = 'number' | 'boolean' | 'time' | 'text' | 'nested'

export interface TableColumn extends Column {
  readonly kind: Kind
  /** True of types that hold whole numbers only. */
  readonly whole: boolean
  /** SQL of its value as it is counted: text as text, times as timestamps in UTC. */
  readonly sql: string
}

const wholeTypes = /^U?(?:TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)$/
const numberTypes = /^(?:FLOAT|DOUBLE|DECIMAL\(.*\)|U?(?:TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT))$/
const nestedTypes = /\[\d*\]$|^(?:STRUCT|MAP|UNION|LIST|ARRAY)\b|^(?:BLOB|JSON|BIT|VARIANT|GEOMETRY)$/

/** What is known of a column from its type alone. */
export function tableColumn({ name, type }: Column): TableColumn {
  const own = identifier(name)
  const column = { name, type, whole: wholeTypes.test(type) }
  if (numberTypes.test(type)) return { ...column, kind: 'number', sql: own }
  if (type === 'BOOLEAN') return { ...column, kind: 'boolean', sql: own }
  if (type === 'TIMESTAMP WITH TIME ZONE')
    return { ...column, kind: 'time', sql: `(${own} at time zone 'UTC')::timestamp` }
  if (type === 'DATE') return { ...column, kind: 'time', sql: own }
  if (type.startsWith('TIMESTAMP')) return { ...column, kind: 'time', sql: `${own}::timestamp` }
  if (nestedTypes.test(type)) return { ...column, kind: 'nested', sql: `${own}::varchar` }
  return { ...column, kind: 'text', sql: `${own}::varchar` }
}
