import { identifier, type Column, type Session } from '../../analytics/analytics.ts'
import { typeKind } from '../../analytics/type-kind.ts'
import type { PlannedSignal } from '../monitors/monitor.ts'
import type { PopulationColumn } from './population.ts'

/** Whole numbers of which less than this share is distinct are categories. */
const distinctShare = 0.05

/** An estimate of how many are distinct that is so far from the limit cannot be on its other side. */
const certain = { below: 0.5, above: 2 } as const

/**
 * Columns with their kinds as Azure ML's model monitors tell them (`shared_utilities/df_utils.py`): strings, booleans,
 * dates, times and bytes are categories; floats and decimals are numbers; whole numbers are categories if less than 5 %
 * of their values are distinct. What a monitor says of a column wins. Only distinct whole numbers cost a look at the rows:
 * an estimate of all columns at once, and a count of those that are near the limit.
 */
export async function columnKinds(
  session: Session,
  relation: string,
  columns: readonly Column[],
  told: PlannedSignal['types'] = {},
): Promise<readonly PopulationColumn[]> {
  const open = columns.filter(({ name, type }) => told[name] === undefined && typeKind(type) === 'integer')
  const shares = await distinctShares(session, relation, open)
  return columns.map(({ name, type }) => ({ name, type, kind: told[name] ?? kindOf(type, shares.get(name)) }))
}

function kindOf(type: string, share: number | undefined): PopulationColumn['kind'] {
  const kind = typeKind(type)
  if (kind === 'float' || kind === 'decimal') return 'numerical'
  return kind === 'integer' && (share ?? 0) >= distinctShare ? 'numerical' : 'categorical'
}

/** Share of each column's values that are distinct, exact wherever the limit is near. */
async function distinctShares(
  session: Session,
  relation: string,
  columns: readonly Column[],
): Promise<ReadonlyMap<string, number>> {
  const ask = async (asked: readonly Column[], distinct: (column: string) => string) => {
    if (asked.length === 0) return []
    const sql = asked
      .map(({ name }) => identifier(name))
      .map((column) => `${distinct(column)} / nullif(count(${column}), 0)`)
    const { rows } = await session.all(`select ${sql.join(', ')} from ${relation}`)
    return asked.map(({ name }, i) => [name, Number(rows[0]?.[i] ?? 0)] as const)
  }
  const estimated = new Map(await ask(columns, (column) => `approx_count_distinct(${column})`))
  const near = columns.filter(({ name }) => {
    const share = estimated.get(name) ?? 0
    return share > distinctShare * certain.below && share < distinctShare * certain.above
  })
  return new Map([...estimated, ...(await ask(near, (column) => `count(distinct ${column})`))])
}
