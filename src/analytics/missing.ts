import { identifier, type Column } from './analytics.ts'
import { typeKind } from './type-kind.ts'

/**
 * SQL that is true where a column has no value: null, and NaN, as in pandas and Great Expectations. `alias` is the table's,
 * with its point.
 */
export function missing({ name, type }: Column, alias = ''): string {
  const column = `${alias}${identifier(name)}`
  return typeKind(type) === 'float' ? `(${column} is null or isnan(${column}))` : `(${column} is null)`
}
