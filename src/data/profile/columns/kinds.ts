import { identifier, type Column } from '../../../analytics/analytics.ts'
import { typeKind, type TypeKind } from '../../../analytics/type-kind.ts'

/** How a column is looked at, by what DuckDB stores it as. */
export type Kind = 'number' | 'boolean' | 'time' | 'text' | 'nested'

export interface TableColumn extends Column {
  readonly kind: Kind
  /** True of types that hold whole numbers only. */
  readonly whole: boolean
  /** SQL of its value as it is counted: text as text, times as timestamps in UTC. */
  readonly sql: string
}

const kinds: Readonly<Partial<Record<TypeKind, Kind>>> = {
  integer: 'number',
  decimal: 'number',
  float: 'number',
  boolean: 'boolean',
  date: 'time',
  timestamp: 'time',
  json: 'nested',
  nested: 'nested',
  opaque: 'nested',
}

/** What is known of a column from its type alone. */
export function tableColumn({ name, type }: Column): TableColumn {
  const own = identifier(name)
  const stored = typeKind(type)
  const kind = kinds[stored] ?? 'text'
  return { name, type, kind, whole: stored === 'integer', sql: sqlOf(own, type, kind) }
}

function sqlOf(own: string, type: string, kind: Kind): string {
  if (kind === 'number' || kind === 'boolean' || type === 'DATE') return own
  if (type === 'TIMESTAMP WITH TIME ZONE') return `(${own} at time zone 'UTC')::timestamp`
  return kind === 'time' ? `${own}::timestamp` : `${own}::varchar`
}
