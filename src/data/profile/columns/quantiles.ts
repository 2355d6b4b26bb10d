import type { Session } from '../../../analytics/analytics.ts'
import { countOf, numberOf } from './cells.ts'

/** Up to so many different values are put in order as a whole; of more, only those near what is asked for. */
const orderedWhole = 500_000
const sampled = 50_000

/** A number's place: the two ranks (from 0) around it, and how far it is from the lower one. */
interface Place {
  readonly low: number
  readonly high: number
  readonly fraction: number
}

/**
 * Exact quantiles of the values in the table `numbers` (`x`, each with its count `n`; finite, `distinct` of them, `total`
 * with their counts), by linear interpolation. Of many values a sample tells in which narrow brackets to look; a count
 * proves that they hold what is looked for, and if not all values are ordered. No answer needs them in memory.
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
    (distinct > orderedWhole ? await withinBrackets(session, ranks, distinct, total) : undefined) ??
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

/** Undefined if the sample was misleading. */
async function withinBrackets(
  session: Session,
  ranks: readonly number[],
  distinct: number,
  total: number,
): Promise<Map<number, number> | undefined> {
  const { rows } = await session.all(
    `select x, n from numbers where hash(x) % ${Math.ceil(distinct / sampled)} = 0 order by x`,
  )
  const sample = rows.map(([x, n]) => [Number(x), Number(n)] as const)
  const weight = sample.reduce((sum, [, n]) => sum + n, 0)
  const found = new Map<number, number>()
  for (const rank of ranks) {
    if (found.has(rank)) continue
    const share = rank / total
    const margin = 6 * Math.sqrt((share * (1 - share) + 1e-4) / sample.length)
    const low = valueAt(sample, weight * (share - margin))
    const high = valueAt(sample, weight * (share + margin))
    await session.run(
      `create or replace temp table bracket as select x, n from numbers where x between ${low}::double and ${high}::double`,
    )
    const counted = await session.all(
      `select (select sum(n) from numbers where x < ${low}::double), (select sum(n) from bracket)`,
    )
    const [before, within] = [countOf(counted.rows[0]?.[0]), countOf(counted.rows[0]?.[1])]
    const inside = ranks.filter((r) => r >= before && r < before + within)
    if (!inside.includes(rank)) return undefined
    for (const [r, x] of await atRanks(session, 'bracket', inside, before)) found.set(r, x)
  }
  return found
}

/** The first value of the sample at which so much weight has passed; the infinities beyond its ends. */
function valueAt(sample: readonly (readonly [number, number])[], weight: number): string {
  let passed = 0
  for (const [x, n] of sample) {
    passed += n
    if (passed > weight) return weight <= 0 ? `'-infinity'` : String(x)
  }
  return `'infinity'`
}
