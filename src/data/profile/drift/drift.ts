import type { Session } from '../../../analytics/analytics.ts'
import { countedSides } from '../../../analytics/sides.ts'
import { typeKind } from '../../../analytics/type-kind.ts'
import { countOf, numberOf, one, pairsOf, textOf } from '../columns/cells.ts'
import type { TableColumn } from '../columns/kinds.ts'
import { binCounts } from '../columns/numbers.ts'
import { equalWidthBins, sturgesBinCount } from '../../../statistics/distributions/bins.ts'
import {
  jensenShannonDistance,
  populationStabilityIndex,
  wasserstein,
} from '../../../statistics/distributions/distances.ts'
import { tallyOf } from '../../../statistics/distributions/tally.ts'
import { chiSquaredFit } from '../../../statistics/hypothesis/chi-squared.ts'
import { kolmogorovSmirnov } from '../../../statistics/hypothesis/kolmogorov-smirnov.ts'
import type { ColumnDrift, ColumnProfile } from '../profile.ts'

/** Azure ML's default for both the distance of numbers and that of categories. */
const threshold = 0.1
/** Of more different values, Wasserstein and Kolmogorov–Smirnov see so many equal bins (as NannyML's do). */
const mostValues = 100_000
const fineBins = 10_000
/** Categories beyond the most frequent of both versions are taken as one. */
const mostCategories = 10_000
const told = 20

export interface Versions {
  /** Views of the version that is looked at and of the one it is compared with, with their rows. */
  readonly current: { readonly view: string; readonly column: TableColumn; readonly rows: number }
  readonly baseline: { readonly view: string; readonly column: TableColumn; readonly rows: number }
}

/**
 * How far a column has moved from the baseline. As in Azure ML's monitors: floats are numerical, whole numbers only if
 * they take 5 % or more of their rows as different values, all else is categorical; bins are equally wide over both, as
 * many as Sturges has for the smaller. Unlike there, rows are not dropped for what other columns miss: each column leaves
 * out its own missing values, whose share is told beside.
 */
export async function columnDrift(
  session: Session,
  profile: ColumnProfile,
  versions: Versions,
): Promise<ColumnDrift> {
  const { column } = versions.current
  const isNumerical =
    (column.kind === 'number' &&
      versions.baseline.column.kind === 'number' &&
      (!column.whole || profile.distinct.count / Math.max(1, versions.current.rows) >= 0.05)) ||
    (column.kind === 'time' && versions.baseline.column.kind === 'time')
  return isNumerical ? numericalDrift(session, versions) : categoricalDrift(session, versions)
}

async function numericalDrift(session: Session, versions: Versions): Promise<ColumnDrift> {
  const { current, baseline } = versions
  const { column } = current
  for (const [name, { view, column }] of [
    ['now', current],
    ['was', baseline],
  ] as const)
    await session.run(
      `create or replace temp table ${name} as select x, count(*) as n from
       (select ${numberSql(column)} as x from ${view}) group by x`,
    )
  const [was, now] = [await extent(session, 'was'), await extent(session, 'now')]
  const missingFraction = fractions(versions, was.missing, now.missing)
  const base = { name: column.name, kind: 'numerical', missingFraction } as const
  const [min, max] = [Math.min(was.min, now.min), Math.max(was.max, now.max)]
  if (was.total === 0 || now.total === 0 || !Number.isFinite(max - min))
    return {
      ...base,
      jensenShannonDistance: null,
      populationStabilityIndex: null,
      exact: true,
      drifted: was.total !== now.total,
    }
  const { edges } = equalWidthBins(min, max, sturgesBinCount(Math.min(was.total, now.total)))
  const [before, after] = [await binCounts(session, 'was', edges), await binCounts(session, 'now', edges)]
  const exact = was.distinct + now.distinct <= mostValues
  const [tallyWas, tallyNow] = exact
    ? [await tallied(session, 'was'), await tallied(session, 'now')]
    : [await binned(session, 'was', min, max), await binned(session, 'now', min, max)]
  const normalized = wasserstein(tallyWas, tallyNow) / Math.max(await deviation(session, 'was'), 0.001)
  return {
    ...base,
    jensenShannonDistance: numberOf(jensenShannonDistance(before, after)),
    populationStabilityIndex: numberOf(populationStabilityIndex(before, after)),
    normalizedWassersteinDistance: numberOf(normalized),
    kolmogorovSmirnov: kolmogorovSmirnov(tallyWas, tallyNow),
    exact,
    bins: {
      edges,
      from: before.map((count) => count / was.total),
      to: after.map((count) => count / now.total),
    },
    drifted: column.kind !== 'time' && normalized > threshold,
  }
}

/** How many finite values one side has, between which bounds, and in how many rows there is none at all. */
async function extent(session: Session, side: string) {
  const found = await one<'total' | 'distinct' | 'min' | 'max' | 'missing'>(
    session,
    `select sum(n) filter (isfinite(x)) as total, count(*) filter (isfinite(x)) as "distinct",
       min(x) filter (isfinite(x)) as min, max(x) filter (isfinite(x)) as max,
       sum(n) filter (x is null or isnan(x)) as missing from ${side}`,
  )
  return {
    total: countOf(found.total),
    distinct: countOf(found.distinct),
    missing: countOf(found.missing),
    min: numberOf(found.min) ?? Infinity,
    max: numberOf(found.max) ?? -Infinity,
  }
}

const numberSql = ({ kind, sql }: TableColumn) =>
  kind === 'time' ? `case when isfinite(${sql}) then epoch(${sql}) end` : `(${sql})::double`

async function deviation(session: Session, side: string): Promise<number> {
  const sql = `with mean as (select fsum(x * n) / sum(n) as m from ${side} where isfinite(x))
    select sqrt(fsum(n * (x - m) * (x - m)) / nullif(sum(n) - 1, 0)) as std from ${side}, mean where isfinite(x)`
  return numberOf((await one<'std'>(session, sql)).std) ?? 0
}

const tallied = async (session: Session, side: string) =>
  tallyOf(pairsOf((await session.all(`select x, n from ${side} where isfinite(x)`)).rows))

/** Values as the middles of fine bins: Wasserstein is off by a 10,000th of the range at most. */
async function binned(session: Session, side: string, min: number, max: number) {
  const { edges } = equalWidthBins(min, max, fineBins)
  const counts = await binCounts(session, side, edges)
  const middle = (bin: number) => ((edges[bin] ?? 0) + (edges[bin + 1] ?? 0)) / 2
  return tallyOf(counts.map((count, bin) => [middle(bin), count] as const).filter(([, count]) => count > 0))
}

async function categoricalDrift(session: Session, versions: Versions): Promise<ColumnDrift> {
  const { current, baseline } = versions
  const side = ({ view, column }: Versions['current']) => {
    const value = typeKind(column.type) === 'float' ? `nullif(${column.sql}, 'NaN')` : column.sql
    return `select (${value})::varchar as x from ${view}`
  }
  const sides = countedSides({ was: side(baseline), now: side(current) })
  await session.run(`create or replace temp table both_sides as select x as v, was, now from ${sides}`)
  const missing = await one<'was' | 'now'>(
    session,
    'select sum(was) as was, sum(now) as now from both_sides where v is null',
  )
  const { rows } = await session.all(
    `with ranked as (select v, was, now, row_number() over (order by was + now desc, v) as r from both_sides where v is not null)
     select sum(was), sum(now) from ranked group by least(r, ${mostCategories}) order by least(r, ${mostCategories})`,
  )
  const [before, after] = [rows.map(([was]) => countOf(was)), rows.map(([, now]) => countOf(now))]
  const chiSquared = chiSquaredFit(before, after)
  const jensenShannon = numberOf(jensenShannonDistance(before, after))
  return {
    name: current.column.name,
    kind: 'categorical',
    missingFraction: fractions(versions, countOf(missing.was), countOf(missing.now)),
    jensenShannonDistance: jensenShannon,
    populationStabilityIndex: numberOf(populationStabilityIndex(before, after, 'categorical')),
    chiSquared: Number.isNaN(chiSquared.pValue)
      ? null
      : { ...chiSquared, statistic: numberOf(chiSquared.statistic) },
    exact: rows.length < mostCategories,
    categories: await mostFrequent(session, sum(before), sum(after)),
    newValues: await only(session, 'was = 0', 'now'),
    goneValues: await only(session, 'now = 0', 'was'),
    drifted: jensenShannon === null ? sum(before) !== sum(after) : jensenShannon > threshold,
  }
}

const sum = (counts: readonly number[]) => counts.reduce((a, b) => a + b, 0)

async function mostFrequent(
  session: Session,
  was: number,
  now: number,
): Promise<NonNullable<ColumnDrift['categories']>> {
  const { rows } = await session.all(
    `select left(v, 200), was, now from both_sides where v is not null order by was + now desc, v limit ${told}`,
  )
  return rows.map(([value, before, after]) => ({
    value: textOf(value),
    from: was === 0 ? 0 : countOf(before) / was,
    to: now === 0 ? 0 : countOf(after) / now,
  }))
}

async function only(session: Session, where: string, by: string): Promise<readonly string[]> {
  const { rows } = await session.all(
    `select left(v, 200) from both_sides where v is not null and ${where} order by ${by} desc, v limit ${told}`,
  )
  return rows.map(([value]) => textOf(value))
}

const fractions = ({ baseline, current }: Versions, was: number, now: number) => ({
  from: baseline.rows === 0 ? 0 : was / baseline.rows,
  to: current.rows === 0 ? 0 : now / current.rows,
})
