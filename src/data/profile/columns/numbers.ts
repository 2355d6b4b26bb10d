import { double, type Session } from '../../../analytics/analytics.ts'
import { autoBinCount, equalWidthBins, type Spread } from '../../../statistics/distributions/bins.ts'
import type { HistogramProfile, NumericProfile, Quantiles } from '../profile.ts'
import { countOf, numberOf, one } from './cells.ts'
import { exactQuantiles } from './quantiles.ts'

/** Bars beyond this are too thin to see and too many to send; NumPy has no such bound. */
const mostBins = 200

/**
 * Figures of a numeric column from its `frequencies`, of which so many rows have a value. Sums are compensated (Kahan), moments are central ones around the
 * mean, as pandas has them.
 */
export async function profileNumbers(
  session: Session,
  present: number,
): Promise<{ readonly numeric: NumericProfile; readonly histogram?: HistogramProfile }> {
  await session.run(
    `create or replace temp view numbers as
     select v::double as x, n from frequencies where v is not null and isfinite(v::double)`,
  )
  const basics = await one<'total' | 'distinct' | 'min' | 'max' | 'sum' | 'zeros' | 'negatives' | 'integers'>(
    session,
    `select sum(n) as total, count(*) as "distinct", min(x) as min, max(x) as max, fsum(x * n) as sum,
       sum(n) filter (x = 0) as zeros, sum(n) filter (x < 0) as negatives, bool_and(x = trunc(x)) as integers
     from numbers`,
  )
  const total = countOf(basics.total)
  const [min, max, sum] = [numberOf(basics.min), numberOf(basics.max), numberOf(basics.sum)]
  const mean = sum === null || total === 0 ? null : sum / total
  const moments = min === max ? unvaried(total) : await centralMoments(session, mean, total)
  const distinct = countOf(basics.distinct)
  const shares = [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99]
  const [p1, p5, p25, p50, p75, p95, p99] = (await exactQuantiles(session, shares, {
    distinct,
    total,
  })) as [number | null, ...(number | null)[]]
  const quantiles = { p1, p5, p25, p50, p75, p95, p99, exact: true } as Quantiles
  const integers = basics.integers === true
  const fences = fencesOf(quantiles)
  const outliers = fences === undefined ? 0 : await countOutside(session, fences)
  const numeric: NumericProfile = {
    min,
    max,
    mean,
    ...moments,
    sum,
    zeros: countOf(basics.zeros),
    negatives: countOf(basics.negatives),
    infinite: present - total,
    integers,
    quantiles,
    outliers,
  }
  if (min === null || max === null || !Number.isFinite(max - min)) return { numeric }
  const interquartileRange = (p75 ?? 0) - (p25 ?? 0)
  return {
    numeric,
    histogram: await histogramOf(session, { count: total, min, max, interquartileRange, integers }),
  }
}

const unvaried = (n: number) => ({ std: n < 2 ? null : 0, skewness: null, kurtosis: null })

/**
 * Sample standard deviation, skewness (adjusted Fisher–Pearson, G1) and excess kurtosis (G2) by pandas' formulas
 * (pandas/core/nanops.py). Null where there are too few values, or where they do not vary.
 */
async function centralMoments(session: Session, mean: number | null, n: number) {
  if (mean === null || n < 2) return { std: null, skewness: null, kurtosis: null }
  const sums = await one<'m2' | 'm3' | 'm4'>(
    session,
    `select fsum(n * d * d) as m2, fsum(n * d * d * d) as m3, fsum(n * d * d * d * d) as m4
     from (select x - ${double(mean)} as d, n from numbers)`,
  )
  const [m2, m3, m4] = [numberOf(sums.m2), numberOf(sums.m3), numberOf(sums.m4)]
  const std = m2 === null ? null : Math.sqrt(m2 / (n - 1))
  if (m2 === null || m3 === null || m4 === null || m2 === 0) return { std, skewness: null, kurtosis: null }
  const skewness = (n * Math.sqrt(n - 1) * m3) / ((n - 2) * m2 ** 1.5)
  const pairs = (n - 2) * (n - 3)
  const kurtosis = (n * (n + 1) * (n - 1) * m4) / (pairs * m2 ** 2) - (3 * (n - 1) ** 2) / pairs
  return { std, skewness: n < 3 ? null : numberOf(skewness), kurtosis: n < 4 ? null : numberOf(kurtosis) }
}

/** Tukey's fences, one and a half interquartile ranges outside the quartiles. */
function fencesOf({ p25, p75 }: Quantiles): readonly [number, number] | undefined {
  if (p25 === null || p75 === null) return undefined
  const reach = 1.5 * (p75 - p25)
  if (!Number.isFinite(reach)) return undefined
  const most = Number.MAX_VALUE
  return [Math.max(-most, p25 - reach), Math.min(most, p75 + reach)]
}

async function countOutside(session: Session, [low, high]: readonly [number, number]): Promise<number> {
  const sql = `select sum(n) as outside from numbers where x < ${double(low)} or x > ${double(high)}`
  return countOf((await one<'outside'>(session, sql)).outside)
}

/** The histogram of the view `numbers` (`x`, `n`), with NumPy's edges and NumPy's way of choosing between two bins. */
export async function histogramOf(session: Session, spread: Spread): Promise<HistogramProfile> {
  const count = Math.min(mostBins, autoBinCount(spread))
  const { edges } = equalWidthBins(spread.min, spread.max, count)
  return { edges, counts: await binCounts(session, 'numbers', edges) }
}

/** Counts of a relation's `x`, weighted by `n`, in equal-width bins; the edges decide where rounding would not. */
export async function binCounts(
  session: Session,
  relation: string,
  edges: readonly number[],
): Promise<number[]> {
  const count = edges.length - 1
  const [first = 0, last = 0] = [edges[0], edges[count]]
  const step = (last - first) / count
  const edge = (bin: string) => `${double(first)} + (${bin}) * ${double(step)}`
  const { rows } = await session.all(
    `with guessed as (
       select x, n, greatest(0, least(floor((x - ${double(first)}) / ${double(step)}), ${count - 1}))::integer as bin
       from ${relation} where x between ${double(first)} and ${double(last)})
     select bin - (x < ${edge('bin')})::integer + (bin < ${count - 1} and x >= ${edge('bin + 1')})::integer as bin, sum(n)
     from guessed group by 1`,
  )
  const counts = Array.from({ length: count }, () => 0)
  for (const [bin, n] of rows) counts[Math.max(0, Number(bin))] = (counts[Number(bin)] ?? 0) + countOf(n)
  return counts
}
