import type { Line, Point } from '../../kernel/telemetry/series.ts'
import { addBuckets, bucketQuantile, coarseBuckets } from '../../statistics/latency/log-buckets.ts'
import type { Condition } from './filter.ts'

/** What may be asked of the values of an interval: Azure Monitor's, and quantiles of what is a distribution. */
export const aggregations = [
  'average',
  'minimum',
  'maximum',
  'total',
  'count',
  'p50',
  'p90',
  'p95',
  'p99',
] as const
export type Aggregation = (typeof aggregations)[number]

/** What tells the buckets of a distribution apart, though no series has it as a label. */
export const bucketLabel = 'le'

const quantiles: Readonly<Partial<Record<Aggregation, number>>> = { p50: 0.5, p90: 0.9, p95: 0.95, p99: 0.99 }

/** One line of Azure Monitor's answer. */
export interface TimeSeries {
  readonly metadatavalues: readonly {
    readonly name: { value: string; localizedValue: string }
    value: string
  }[]
  readonly data: readonly ({ readonly timeStamp: string } & Partial<Record<Aggregation, number>>)[]
}

/**
 * Lines as Azure Monitor tells them: those that differ only in labels that the filter does not name are one, and points
 * are put together by intervals of `intervalMs`. An interval in which nothing was measured is not told. A filter that names
 * `le`, as Prometheus calls the upper end of a bucket, has a distribution told by buckets: only `count` says something of those.
 */
export function timeSeries(
  lines: readonly Line[],
  conditions: readonly Condition[],
  asked: readonly Aggregation[],
  intervalMs: number,
): readonly TimeSeries[] {
  const buckets = conditions.find(({ label }) => label === bucketLabel)
  const named = conditions.map(({ label }) => label).filter((label) => label !== bucketLabel)
  const groups = Map.groupBy(lines, ({ labels }) => JSON.stringify(named.map((label) => labels[label])))
  return [...groups.values()].flatMap((group) => {
    const metadata = named.map((label) => metadataOf(label, group[0]?.labels[label] ?? ''))
    const points = together(group, intervalMs)
    if (buckets !== undefined) return byBucket(points, metadata, buckets.values)
    return [
      {
        metadatavalues: metadata,
        data: points.map((point) => ({
          timeStamp: point.at.toISOString(),
          ...Object.fromEntries(
            asked
              .map((aggregation) => [aggregation, valueOf(point, aggregation)])
              .filter(([, value]) => value !== undefined),
          ),
        })),
      },
    ]
  })
}

const metadataOf = (label: string, value: string) => ({
  name: { value: label, localizedValue: label },
  value,
})

/** A line for each bucket that has values, the lowest first. */
function byBucket(
  points: readonly Point[],
  metadata: TimeSeries['metadatavalues'],
  wanted: readonly string[] | '*',
): readonly TimeSeries[] {
  const counts = points.map(({ at, buckets = {} }) => ({ at, counts: coarseBuckets(buckets) }))
  const ends = new Set(counts.flatMap((point) => Object.keys(point.counts)))
  return [...ends]
    .filter((end) => wanted === '*' || wanted.includes(end))
    .sort((a, b) => Number(a.replace('+Inf', 'Infinity')) - Number(b.replace('+Inf', 'Infinity')))
    .map((end) => ({
      metadatavalues: [...metadata, metadataOf(bucketLabel, end)],
      data: counts.flatMap((point) => {
        const count = point.counts[end]
        return count === undefined ? [] : [{ timeStamp: point.at.toISOString(), count }]
      }),
    }))
}

/** A value of an interval; undefined for a quantile of what is no distribution. */
export function valueOf(point: Point, aggregation: Aggregation): number | undefined {
  const { count, sum, min, max, buckets } = point
  const q = quantiles[aggregation]
  if (q !== undefined) return buckets === undefined ? undefined : bucketQuantile(buckets, q)
  if (aggregation === 'average') return count === 0 ? undefined : sum / count
  if (aggregation === 'minimum') return min
  if (aggregation === 'maximum') return max
  return aggregation === 'total' ? sum : count
}

function together(lines: readonly Line[], intervalMs: number): readonly Point[] {
  const points = lines.flatMap((line) => line.points)
  const byInterval = Map.groupBy(points, ({ at }) => Math.floor(at.getTime() / intervalMs) * intervalMs)
  return [...byInterval]
    .sort(([a], [b]) => a - b)
    .map(([at, group]) => ({ ...group.reduce(plus), at: new Date(at) }))
}

const plus = (a: Point, b: Point): Point => ({
  at: a.at,
  count: a.count + b.count,
  sum: a.sum + b.sum,
  min: Math.min(a.min, b.min),
  max: Math.max(a.max, b.max),
  last: b.at >= a.at ? b.last : a.last,
  ...(a.buckets === undefined || b.buckets === undefined
    ? {}
    : { buckets: addBuckets(a.buckets, b.buckets) }),
})
