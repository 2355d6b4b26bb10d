import { identifier, type Session } from '../../../analytics/analytics.ts'
import type { Population } from '../../populations/population.ts'

/**
 * How many rows are the same as an earlier one in all of these columns. Rows are told by 64 bits of a hash of theirs: of a
 * million rows two different ones are taken for the same once in 37 million times.
 */
export async function duplicatedRows(
  session: Session,
  { view }: Pick<Population, 'view'>,
  columns: readonly string[],
): Promise<number> {
  if (columns.length === 0) return 0
  const hash = `hash(${columns.map(identifier).join(', ')})`
  const { rows } = await session.all(`select count(*) - count(distinct ${hash}) from ${view}`)
  return Number(rows[0]?.[0] ?? 0)
}
