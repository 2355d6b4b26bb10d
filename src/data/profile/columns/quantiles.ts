import type { Session } from '../../../analytics/analytics.ts'
import { countOf, numberOf, one } from './cells.ts'

/** Up to so many different values are put in order as a whole; of more, only those near what is asked for. */
const orderedWhole = 200_000
/** Equal bins that tell where that is, and the part of the values that is then worth ordering. */
const fineBins = 65_536
const worthOrdering = 0.2

/** A number's place: the two ranks (from 0) around it, and how far it is from the lower one. */
interface Place {
  readonly low: number
  readonly high: number
  readonly fraction: number
}

/**
 * Exact quantiles of the values in the relation `numbers` (`x`, each with its count `n`; finite, `distinct` of them,
 * `total` with their counts), by linear interpolation. Of many values a fine histogram tells in which few bins they lie,
 * and only those are put in order; where most lie in one bin, all are. DuckDB spills what it orders.
 */
export async function exactQuantiles(
  session: Session,
  shares: readonly number[],
  { distinct, total }: { readonly distinct: number; readonly total: number },
): Promise<readonly (number | null)[]> {
  if (total === 0) return shares.map(() => null)
  const places = shares.map((share): Place => {
    const position = share * (total - 1)
    const low = Math.floor(position)
    return { low, high: Math.min(low + 1, total - 1), fraction: position - low }
  })
  const ranks = [...new Set(places.flatMap(({ low, high }) => [low, high]))]
  const found =
    (distinct > orderedWhole ? await withinBins(session, ranks, total) : undefined) ??
    (await atRanks(session, 'numbers', ranks, 0))
  return places.map(({ low, high, fraction }) => {
    const [a, b] = [found.get(low) ?? Number.NaN, found.get(high) ?? Number.NaN]
    return numberOf(a === b ? a : a + (b - a) * fraction)
  })
}

/** Values at ranks, of which `before` lie below the relation. */
async function atRanks(
  session: Session,
  relation: string,
  ranks: readonly number[],
  before: number,
): Promise<Map<number, number>> {
  const { rows } = await session.all(
    `with running as (select x, sum(n) over (order by x) as upto, n from ${relation})
     select r, x from running, unnest([${ranks.map((rank) => rank - before).join(', ')}]::bigint[]) as wanted(r)
     where upto > r and upto - n <= r`,
  )
  return new Map(rows.map(([rank, x]) => [countOf(rank) + before, Number(x)]))
}

/** Undefined if the bins hold too much, or the range is too wide for them. */
async function withinBins(
  session: Session,
  ranks: readonly number[],
  total: number,
): Promise<Map<number, number> | undefined> {
  const bounds = await one<'min' | 'max'>(session, 'select min(x) as min, max(x) as max from numbers')
  const [min, max] = [Number(bounds.min), Number(bounds.max)]
  const scale = fineBins / (max - min)
  if (!Number.isFinite(scale) || scale === 0) return undefined
  const bin = `floor((x - ${min}::double) * ${scale}::double)::integer`
  const { rows } = await session.all(`select ${bin} as bin, sum(n) from numbers group by 1 order by 1`)
  const needed: { readonly bin: number; readonly before: number; readonly ranks: readonly number[] }[] = []
  let [before, ordered] = [0, 0]
  for (const [number, n] of rows) {
    const upto = before + countOf(n)
    const within = ranks.filter((rank) => rank >= before && rank < upto)
    if (within.length > 0) {
      needed.push({ bin: Number(number), before, ranks: within })
      ordered += upto - before
    }
    before = upto
  }
  if (ordered > total * worthOrdering) return undefined
  await session.run(
    `create or replace temp table needed as select x, n, ${bin} as bin from numbers
     where ${bin} in (${needed.map((part) => part.bin).join(', ')})`,
  )
  const found = new Map<number, number>()
  for (const part of needed) {
    const relation = `(select x, n from needed where bin = ${part.bin})`
    for (const [rank, x] of await atRanks(session, relation, part.ranks, part.before)) found.set(rank, x)
  }
  return found
}
