import { identifier, type Session } from './analytics.ts'

/**
 * SQL of a relation (what stands after `from`) whose columns of HUGEINT are BIGINT where 64 bits hold all their values.
 * JSON with a negative whole number in it is read as HUGEINT, which Parquet has not: it would become a double there.
 */
export async function fitIntegers(session: Session, relation: string): Promise<string> {
  const { columns } = await session.all(`from ${relation} limit 0`)
  const huge = columns.filter(({ type }) => type === 'HUGEINT').map(({ name }) => identifier(name))
  if (huge.length === 0) return `select * from ${relation}`
  const fits = huge.map((column) => `count(${column}) = count(try_cast(${column} as bigint))`)
  const { rows } = await session.all(`select ${fits.join(', ')} from ${relation}`)
  const fitting = huge.filter((_, i) => rows[0]?.[i] === true)
  if (fitting.length === 0) return `select * from ${relation}`
  return `select * replace (${fitting.map((column) => `${column}::bigint as ${column}`).join(', ')}) from ${relation}`
}
