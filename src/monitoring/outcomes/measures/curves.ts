import type { Session } from '../../../analytics/analytics.ts'
import type { Json } from '../../../kernel/resources/resource.ts'
import type { OutcomeRows, Score } from '../outcomes.ts'
import { finite } from './stored.ts'

/** Points of a chart; more are not seen. */
const points = 100

/**
 * Labelled rows of one class and of the others by score, in at most a hundred groups of equal size from the top: what ROC,
 * precision–recall and reliability curves are drawn from.
 */
export async function scoreCurve(
  session: Session,
  { view }: OutcomeRows,
  { column, code }: Score,
): Promise<readonly Json[]> {
  const { rows } = await session.all(
    `with g as (select ${column} as s, count(*) as n, count(*) filter (y = ${code}) as p from ${view}
        where y is not null and ${column} is not null group by all),
      c as (select *, (sum(n) over (order by s desc rows unbounded preceding) - n) * ${points} // sum(n) over () as b from g)
    select min(s), fsum(s * n) / sum(n), sum(p), sum(n) - sum(p) from c group by b order by b`,
  )
  return rows.map((row) => {
    const [least = 0, mean = 0, positives = 0, negatives = 0] = row.map(Number)
    return { least: finite(least), mean: finite(mean), positives, negatives }
  })
}

/** Quantiles of prediction less truth, from the 1st to the 99th percentile. */
export async function errorQuantiles(session: Session, { view }: OutcomeRows): Promise<Json> {
  const shares = [0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99]
  const { rows } = await session.all(
    `select quantile_cont(said - y, [${shares.join(', ')}]) from ${view} where y is not null and said is not null`,
  )
  const quantiles = (rows[0]?.[0] ?? []) as readonly number[]
  return Object.fromEntries(shares.map((share, i) => [`p${share * 100}`, quantiles[i] ?? null]))
}
