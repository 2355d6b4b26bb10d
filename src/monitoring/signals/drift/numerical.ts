import { double, type Session } from '../../../analytics/analytics.ts'
import { typeKind } from '../../../analytics/type-kind.ts'
import { equalWidthBins, sturgesBinCount } from '../../../statistics/distributions/bins.ts'
import { distancesOf, pairsOf, type Distances } from '../../../statistics/distributions/pairs.ts'
import {
  spanDistances,
  type AtLeast,
  type SpanDistances,
  type Spans,
} from '../../../statistics/distributions/spans.ts'
import { kolmogorovSmirnovPValue } from '../../../statistics/hypothesis/kolmogorov-smirnov.ts'
import type { CommonColumn } from './common-columns.ts'
import { numberSql, type ColumnFacts, type Side, type SideFacts } from './sides.ts'

/** Both sides of a column, with what is known of them. */
export interface Pair {
  readonly reference: { readonly side: Side; readonly facts: SideFacts }
  readonly production: { readonly side: Side; readonly facts: SideFacts }
}

/** How far numbers have moved. */
export interface NumericalDrift {
  readonly kind: 'numerical'
  readonly edges: readonly number[]
  readonly reference: readonly number[]
  readonly production: readonly number[]
  readonly distances: Distances
  /** Wasserstein distance over the reference's deviation (ddof 1), which is taken as 0.001 at least. */
  readonly normalizedWasserstein: AtLeast
  readonly kolmogorovSmirnov: AtLeast & { readonly pValue: number }
  /** How Wasserstein and Kolmogorov–Smirnov came about. */
  readonly method: string
}

/** Keeps counts of the reference, which stay the same while the edges do. */
type Keep = (key: string, compute: () => Promise<Counted>) => Promise<Counted>

/** Up to so many values of both sides together all distances are exact; beyond, stretches of this number are looked at. */
const exactUpTo = 200_000
const mostSpans = 4096

/** Stretches are looked at more closely until an error is below this: of a share, or of a standard deviation. */
const tolerance = 0.002
const mostRounds = 3
/** Stretches that one closer look takes apart, and into how many each. */
const closer = { spans: 16, parts: 256 } as const

/**
 * Measures one column. Bins are equally wide from the least to the greatest value of both sides, as many as Sturges' rule
 * has for the smaller one (Azure ML's `histogram_utils.py`). Of very many values the distances between all of them are
 * found less closely where they need not be precise. Undefined where one side has no finite value.
 */
export async function numericalDrift(
  session: Session,
  column: CommonColumn,
  pair: Pair,
  { kept, isPrecise }: { readonly kept: Keep; readonly isPrecise: boolean },
): Promise<NumericalDrift | undefined> {
  const [was, now] = [pair.reference, pair.production].map(({ facts }) => facts.columns[column.name])
  if (!hasNumbers(was) || !hasNumbers(now)) return undefined
  const [low, high] = [Math.min(was.min, now.min), Math.max(was.max, now.max)]
  if (!Number.isFinite(high - low)) return undefined
  const { edges } = equalWidthBins(low, high, sturgesBinCount(Math.min(was.finite, now.finite)))
  const isSmall = was.finite + now.finite <= exactUpTo
  const { wasserstein, kolmogorovSmirnov, ...found } = isSmall
    ? await exactly(session, column, pair, edges)
    : await closely(session, column, pair, edges, { deviation: was.deviation ?? 0, kept, isPrecise })
  const scale = Math.max(was.deviation ?? 0, 0.001)
  return {
    kind: 'numerical',
    edges,
    reference: found.reference,
    production: found.production,
    distances: distancesOf(pairsOf(found.reference, found.production), 'numerical'),
    normalizedWasserstein: { value: wasserstein.value / scale, error: wasserstein.error / scale },
    kolmogorovSmirnov: {
      ...kolmogorovSmirnov,
      pValue: kolmogorovSmirnovPValue(kolmogorovSmirnov.value, was.finite, now.finite),
    },
    method: found.method,
  }
}

const hasNumbers = (
  facts: ColumnFacts | undefined,
): facts is ColumnFacts & Required<Pick<ColumnFacts, 'finite' | 'min' | 'max'>> =>
  facts !== undefined && (facts.finite ?? 0) > 0

/** Counts of one side by stretch: its key, how many values, their sum, the least and the greatest. */
export interface Counted {
  readonly key: readonly number[]
  readonly count: readonly number[]
  readonly sum: readonly number[]
  readonly min: readonly number[]
  readonly max: readonly number[]
  /** Stretches within one bin. */
  readonly parts: number
}

/**
 * One look at a column: every bin is cut into equal stretches, so that the bins' counts and a fine distribution come
 * together. The edges themselves decide which bin a value is in: half-open, the last one closed. Arithmetic alone is a
 * quarter of the work, and is right unless a value lies so near an edge that rounding takes it to the other side: then the
 * least or the greatest value of a stretch tells, and the column is looked at again.
 */
async function countFinely(
  session: Session,
  column: CommonColumn,
  { side, facts }: Pair['reference'],
  edges: readonly number[],
): Promise<Counted> {
  const bins = edges.length - 1
  const parts = Math.max(1, Math.floor(mostSpans / bins))
  const [low = 0, high = 0] = [edges[0], edges[bins]]
  const count = async (stretch: string, relation: string): Promise<Counted> => {
    const [key, n, sum, min, max] = await lists(
      session,
      `select (${stretch})::integer as key, count(*) as n, sum(x) as s, min(x) as a, max(x) as b from (${relation}) group by key`,
    )
    return { key, count: n, sum, min, max, parts }
  }
  const values = finite(column, side, facts)
  const perUnit = (bins * parts) / (high - low)
  if (Number.isFinite(perUnit)) {
    const quick = await count(
      `least(floor((x - ${double(low)}) * ${double(perUnit)}), ${bins * parts - 1})`,
      values,
    )
    if (isWithinBins(quick, edges)) return quick
  }
  const { edge, step, placed } = placedIn(edges, values)
  return count(
    `bin * ${parts} + greatest(0, least(floor((x - ${edge('bin')}) / ${double(step / parts)}), ${parts - 1}))`,
    placed,
  )
}

/** Whether every stretch holds values of its own bin only. */
const isWithinBins = ({ key, min, max, parts }: Counted, edges: readonly number[]): boolean =>
  key.every((k, i) => {
    const bin = Math.floor(k / parts)
    const isLast = bin === edges.length - 2
    return (min[i] ?? 0) >= (edges[bin] ?? 0) && (isLast || (max[i] ?? 0) < (edges[bin + 1] ?? Infinity))
  })

/** SQL of a relation's rows with the bin that `x` is in, as the edges themselves decide. */
function placedIn(edges: readonly number[], relation: string) {
  const bins = edges.length - 1
  const [low = 0, high = 0] = [edges[0], edges[bins]]
  const step = (high - low) / bins
  const edge = (bin: string) => `(${double(low)} + (${bin}) * ${double(step)})`
  const guess = `greatest(0, least(floor((x - ${double(low)}) / ${double(step)}), ${bins - 1}))::integer`
  const placed = `select * exclude (guess),
      guess - (x < ${edge('guess')})::integer + (guess < ${bins - 1} and x >= ${edge('guess + 1')})::integer as bin
    from (select *, ${guess} as guess from (${relation}))`
  return { edge, step, placed }
}

/** SQL of the finite values of a column among the rows that count. */
function finite(column: CommonColumn, side: Side, { filter }: SideFacts): string {
  const x = numberSql(side, column)
  const isFloat = typeKind(column.types[side.of]) === 'float'
  const conditions = [
    ...(filter === undefined ? [] : [filter]),
    isFloat ? `isfinite(${x})` : `${x} is not null`,
  ]
  return `select ${x} as x from ${side.relation} where ${conditions.join(' and ')}`
}

/** The columns of an answer with `key`, `n`, `s`, `a` and `b`, by ascending key: five lists cross faster than rows. */
async function lists(
  session: Session,
  sql: string,
): Promise<readonly [number[], number[], number[], number[], number[]]> {
  const { rows } = await session.all(
    `select list(key order by key), list(n order by key), list(s order by key), list(a order by key), list(b order by key) from (${sql})`,
  )
  const [row = []] = rows
  const of = (i: number) => ((row[i] ?? []) as readonly unknown[]).map(Number)
  return [of(0), of(1), of(2), of(3), of(4)]
}

const coarse = ({ key, count, parts }: Counted, bins: number): readonly number[] => {
  const counts = Array.from({ length: bins }, () => 0)
  for (const [i, k] of key.entries()) {
    const bin = Math.floor(k / parts)
    counts[bin] = (counts[bin] ?? 0) + (count[i] ?? 0)
  }
  return counts
}

/** Both sides over the stretches in which either has a value. */
function spansOf(before: Counted, after: Counted): Spans {
  const merged = { low: [], high: [], before: [], after: [], sumBefore: [], sumAfter: [] } as Record<
    keyof Spans,
    number[]
  >
  for (let i = 0, j = 0; i < before.key.length || j < after.key.length;) {
    const [k, l] = [before.key[i] ?? Infinity, after.key[j] ?? Infinity]
    const [isBefore, isAfter] = [k <= l, l <= k]
    merged.low.push(
      Math.min(isBefore ? (before.min[i] ?? 0) : Infinity, isAfter ? (after.min[j] ?? 0) : Infinity),
    )
    merged.high.push(
      Math.max(isBefore ? (before.max[i] ?? 0) : -Infinity, isAfter ? (after.max[j] ?? 0) : -Infinity),
    )
    merged.before.push(isBefore ? (before.count[i] ?? 0) : 0)
    merged.after.push(isAfter ? (after.count[j] ?? 0) : 0)
    merged.sumBefore.push(isBefore ? (before.sum[i] ?? 0) : 0)
    merged.sumAfter.push(isAfter ? (after.sum[j] ?? 0) : 0)
    if (isBefore) i++
    if (isAfter) j++
  }
  return merged
}

/** What either way of looking finds. */
interface Found extends SpanDistances {
  readonly reference: readonly number[]
  readonly production: readonly number[]
  readonly method: string
}

/** Both distances from all values, in SQL: the values stay where they are. */
async function exactly(
  session: Session,
  column: CommonColumn,
  pair: Pair,
  edges: readonly number[],
): Promise<Found> {
  const [was, now] = [pair.reference, pair.production].map(({ side, facts }) => finite(column, side, facts))
  const { placed } = placedIn(edges, 'from counted')
  const { rows } = await session.all(
    `with counted as materialized (
       select x, count(*) filter (side = 0) as b, count(*) filter (side = 1) as a
       from (select 0 as side, x from (${was}) union all select 1, x from (${now})) group by x),
     totals as (select sum(b) as tb, sum(a) as ta from counted),
     walked as (
       select abs(sum(b) over w / tb - sum(a) over w / ta) as gap, lead(x) over (order by x) - x as width
       from counted, totals window w as (order by x rows unbounded preceding)),
     far as (select fsum(gap * width) as distance, max(gap) as greatest from walked),
     binned as (select bin, sum(b)::bigint as b, sum(a)::bigint as a from (${placed}) group by bin)
     select distance, greatest, list(bin), list(b), list(a) from far, binned group by all`,
  )
  const [distance, greatest, bins, before, after] = rows[0] ?? []
  const counts = (list: unknown) => {
    const found = edges.slice(1).map(() => 0)
    for (const [i, bin] of ((bins ?? []) as readonly number[]).entries())
      found[bin] = Number((list as readonly unknown[])[i])
    return found
  }
  return {
    wasserstein: { value: Number(distance ?? 0), error: 0 },
    kolmogorovSmirnov: { value: Number(greatest ?? 0), error: 0 },
    reference: counts(before),
    production: counts(after),
    method: 'exact',
  }
}

/** Both distances from stretches, of which those that leave most open are looked at more closely. */
async function closely(
  session: Session,
  column: CommonColumn,
  pair: Pair,
  edges: readonly number[],
  {
    deviation,
    kept,
    isPrecise,
  }: { readonly deviation: number; readonly kept: Keep; readonly isPrecise: boolean },
): Promise<Found> {
  const before = await kept(`${edges[0]} ${edges.at(-1)} ${edges.length}`, () =>
    countFinely(session, column, pair.reference, edges),
  )
  const after = await countFinely(session, column, pair.production, edges)
  let spans = spansOf(before, after)
  let found = spanDistances(spans)
  const limit = tolerance * Math.max(deviation, 0.001)
  for (let rounds = isPrecise ? mostRounds : 0; rounds > 0; rounds--) {
    if (found.wasserstein.error <= limit && found.kolmogorovSmirnov.error <= tolerance) break
    const widest = heaviest(spans)
    if (widest.length === 0) break
    spans = await takeApart(session, column, pair, spans, widest)
    found = spanDistances(spans)
  }
  return {
    ...found,
    reference: coarse(before, edges.length - 1),
    production: coarse(after, edges.length - 1),
    method: `${spans.low.length.toLocaleString('en')} stretches`,
  }
}

/** The stretches, not of one value only, that hold the largest shares of either side: what they leave open is the most. */
function heaviest({ low, high, before, after }: Spans): readonly number[] {
  const sum = (list: ArrayLike<number>) => Array.from(list).reduce((a, b) => a + b, 0)
  const [b, a] = [sum(before), sum(after)]
  const share = (i: number) => Math.max((before[i] ?? 0) / b, (after[i] ?? 0) / a)
  return Array.from(low, (_, i) => i)
    .filter((i) => (high[i] ?? 0) > (low[i] ?? 0) && share(i) > tolerance)
    .toSorted((i, j) => share(j) - share(i))
    .slice(0, closer.spans)
    .toSorted((i, j) => i - j)
}

async function takeApart(
  session: Session,
  column: CommonColumn,
  pair: Pair,
  spans: Spans,
  chosen: readonly number[],
): Promise<Spans> {
  const [first = 0, last = 0] = [chosen[0], chosen.at(-1)]
  // Those that hold the most mostly lie side by side: then all between them are one stretch to be cut anew.
  const isOneStretch = last - first < 4 * chosen.length
  const gone = new Set(isOneStretch ? chosen.concat(between(first, last)) : chosen)
  const [low = 0, high = 0] = [spans.low[first], spans.high[last]]
  const parts = closer.spans * closer.parts
  const stretch = isOneStretch
    ? `least(floor((x - ${double(low)}) * ${double(parts / (high - low))}), ${parts - 1})`
    : `case ${chosen.map((i, at) => casePart(spans, i, at)).join(' ')} end`
  const count = async ({ side, facts }: Pair['reference']): Promise<Counted> => {
    const [key, n, sum, min, max] = await lists(
      session,
      `select (${stretch})::integer as key, count(*) as n, sum(x) as s, min(x) as a, max(x) as b
       from (${finite(column, side, facts)}) where x between ${double(low)} and ${double(high)}
       group by key having key is not null`,
    )
    return { key, count: n, sum, min, max, parts: closer.parts }
  }
  const [before, after] = [await count(pair.reference), await count(pair.production)]
  const apart = spansOf(before, after)
  const rest = Array.from(spans.low, (_, i) => i).filter((i) => !gone.has(i))
  const entries = [
    ...rest.map((i) => [spans, i] as const),
    ...Array.from(apart.low, (_, i) => [apart, i] as const),
  ].toSorted(([a, i], [b, j]) => (a.low[i] ?? 0) - (b.low[j] ?? 0))
  const pick = (name: keyof Spans) => entries.map(([from, i]) => from[name][i] ?? 0)
  return {
    low: pick('low'),
    high: pick('high'),
    before: pick('before'),
    after: pick('after'),
    sumBefore: pick('sumBefore'),
    sumAfter: pick('sumAfter'),
  }
}

const between = (first: number, last: number): readonly number[] =>
  Array.from({ length: last - first + 1 }, (_, i) => first + i)

/** SQL of one stretch of several that are taken apart. */
function casePart(spans: Spans, i: number, at: number): string {
  const [low = 0, high = 0] = [spans.low[i], spans.high[i]]
  const step = (high - low) / closer.parts
  return `when x >= ${double(low)} and x <= ${double(high)} then ${at * closer.parts} + least(floor((x - ${double(low)}) / ${double(step)}), ${closer.parts - 1})`
}
