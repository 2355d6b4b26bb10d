import { identifier, type Cell, type Session } from '../../analytics/analytics.ts'
import { binnedSides, countedSides, type Sides } from '../../analytics/sides.ts'
import { binOf, equalWidthBins, sturgesBinCount } from '../../statistics/distributions/bins.ts'
import { populationStabilityIndex } from '../../statistics/distributions/distances.ts'
import { quantileOf, tallyOf, type Tally } from '../../statistics/distributions/tally.ts'
import { kolmogorovSmirnov } from '../../statistics/hypothesis/kolmogorov-smirnov.ts'
import { number, type Side } from './columns.ts'
import type { Both, ColumnDiff, NumericSummary } from './diff.ts'
import { sharedHistogram } from './histogram.ts'

/** As many different values are counted one by one; of more, this is how many bins they are put into. */
const mostValues = 40_000
const bins = 10_000

type Figures = Pick<ColumnDiff, 'kolmogorovSmirnov' | 'populationStabilityIndex' | 'histogram' | 'exact'> & {
  readonly summary: Both<NumericSummary>
  readonly distance: number
}

/**
 * Compares the finite values of two columns of numbers, or of times as seconds since 1970. `expression` makes a DOUBLE
 * of a quoted column; `distinct` is about how many different values there are.
 */
export async function compareNumbers(
  session: Session,
  columns: Both<{ readonly side: Side; readonly column: string }>,
  { expression, distinct }: { readonly expression: (column: string) => string; readonly distinct: number },
): Promise<Figures> {
  const values = ({ side, column }: { readonly side: Side; readonly column: string }) =>
    `select ${expression(identifier(column))} as x from ${identifier(side.view)}`
  const sides: Sides = { was: values(columns.from), now: values(columns.to) }
  // The estimate may be off by some percent: with far more values it is not worth counting them one by one first.
  const each =
    distinct > 2 * mostValues
      ? undefined
      : (
          await session.all(
            `select x, was, now from ${countedSides(sides, 'isfinite(x)')} limit ${mostValues + 1}`,
          )
        ).rows
  const exact = each !== undefined && each.length <= mostValues
  const counted = exact ? each : (await session.all(middles(sides))).rows
  const pairs = counted.map(([v, a, b]) => [Number(v), Number(a), Number(b)] as const)
  const from = tallyOf(pairs.flatMap(([v, a]) => (a === 0 ? [] : [[v, a] as const])))
  const to = tallyOf(pairs.flatMap(([v, , b]) => (b === 0 ? [] : [[v, b] as const])))
  const ks = kolmogorovSmirnov(from, to)
  const psi = stability(from, to)
  const summary = {
    from: await summaryOf(session, sides.was, { tally: from, exact }),
    to: await summaryOf(session, sides.now, { tally: to, exact }),
  }
  const histogram = sharedHistogram(from, to)
  const isKnown = !Number.isNaN(ks.statistic)
  return {
    summary,
    exact,
    ...(isKnown ? { kolmogorovSmirnov: ks } : {}),
    ...(histogram === undefined ? {} : { histogram }),
    ...(Number.isNaN(psi) ? {} : { populationStabilityIndex: psi }),
    // All values came or went: that is as far as it can be.
    distance: isKnown ? ks.statistic : from.total === to.total ? 0 : 1,
  }
}

/** Counts in bins of equal width over both sides, each bin told by its middle. */
const middles = (sides: Sides) =>
  `select low + (bin + 0.5) * ((high - low) / bins), was, now from ${binnedSides(sides, String(bins))}`

/** In Azure ML's bins: of equal width over both, as many as Sturges' rule says of the smaller side. */
function stability(from: Tally, to: Tally): number {
  if (from.total === 0 || to.total === 0) return Number.NaN
  const ends = [from, to].flatMap(({ values }) => [values[0] ?? 0, values[values.length - 1] ?? 0])
  const equal = equalWidthBins(
    Math.min(...ends),
    Math.max(...ends),
    sturgesBinCount(Math.min(from.total, to.total)),
  )
  const counts = ({ values, counts: each }: Tally) => {
    const totals = equal.edges.slice(1).map(() => 0)
    for (let i = 0; i < values.length; i++) {
      const bin = binOf(values[i] ?? 0, equal)
      if (bin >= 0) totals[bin] = (totals[bin] ?? 0) + (each[i] ?? 0)
    }
    return totals
  }
  return populationStabilityIndex(counts(from), counts(to))
}

/** Quantiles are interpolated linearly where every value was counted, else approximated by a t-digest. */
async function summaryOf(
  session: Session,
  values: string,
  { tally, exact }: { readonly tally: Tally; readonly exact: boolean },
): Promise<NumericSummary> {
  const counted = exact ? tally : undefined
  const scale = scaleOf(tally)
  const approximate = counted === undefined ? ', approx_quantile(x, [0.25, 0.5, 0.75])' : ''
  const { rows } = await session.all(
    `select avg(x / ${scale}), stddev_samp(x / ${scale}), min(x), max(x)${approximate} from (${values}) where isfinite(x)`,
  )
  const [mean, std, min, max, digest] = rows[0] ?? []
  const [p25, p50, p75] =
    counted === undefined
      ? Array.isArray(digest)
        ? digest.map(number)
        : []
      : [0.25, 0.5, 0.75].map((q) => quantileOf(counted, q))
  return {
    mean: times(mean, scale),
    std: times(std, scale),
    min: number(min),
    p25: p25 ?? null,
    p50: p50 ?? null,
    p75: p75 ?? null,
    max: number(max),
  }
}

/** Values whose squares are larger than a DOUBLE are made smaller by a power of two, which changes no digit. */
const scaleOf = ({ values }: Tally): number =>
  Math.max(Math.abs(values[0] ?? 0), Math.abs(values[values.length - 1] ?? 0)) > 1e150 ? 2 ** 600 : 1

function times(cell: Cell | undefined, scale: number): number | null {
  const value = number(cell)
  return value === null || !Number.isFinite(value * scale) ? null : value * scale
}
