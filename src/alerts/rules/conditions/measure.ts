import type { Line, Point, Series } from '../../../kernel/telemetry/series.ts'
import { addBuckets, bucketQuantile } from '../../../statistics/latency/log-buckets.ts'
import type { Labels } from '../machine.ts'
import type { Aggregate, Selector } from '../rule.ts'

/** A window of time, in milliseconds since 1970: from its first to before its last. */
export interface Window {
  readonly from: number
  readonly to: number
}

/** What was measured in a window, by the values of the labels that tell apart. */
export interface Measurement {
  readonly labels: Labels
  readonly kind: Line['kind']
  readonly points: readonly Point[]
}

/**
 * Reads the series of a scope in a window, those that differ only in labels that are not told apart as one. A window that
 * is long or long ago is read by the hour or the day, and then begins where its first hour or day does.
 */
export async function measure(
  series: Pick<Series, 'query'>,
  scope: string,
  { metric, where }: Selector,
  by: readonly string[],
  { from, to }: Window,
): Promise<readonly Measurement[]> {
  const { lines } = await series.query({
    name: metric,
    scope,
    where,
    from: new Date(from),
    to: new Date(to),
  })
  const groups = Map.groupBy(lines, ({ labels }) => JSON.stringify(by.map((label) => labels[label] ?? '')))
  return [...groups.values()].map((group) => ({
    labels: Object.fromEntries(by.map((label) => [label, group[0]?.labels[label] ?? ''])),
    kind: group[0]?.kind ?? 'gauge',
    points: group.flatMap((line) => line.points),
  }))
}

/** The one number of a window: NaN where nothing was measured, and for a quantile of what is no distribution. */
export function aggregated(
  { kind, points }: Pick<Measurement, 'kind' | 'points'>,
  aggregate: Aggregate,
  overMs: number,
): number {
  if (points.length === 0) return Number.NaN
  const total = (of: (point: Point) => number) => points.reduce((sum, point) => sum + of(point), 0)
  const [sum, count] = [total((point) => point.sum), total((point) => point.count)]
  switch (aggregate) {
    case 'avg':
      return count === 0 ? Number.NaN : sum / count
    case 'min':
      return Math.min(...points.map(({ min }) => min))
    case 'max':
      return Math.max(...points.map(({ max }) => max))
    case 'sum':
      return sum
    case 'count':
      return count
    case 'events':
      return kind === 'counter' ? sum : count
    case 'rate':
      return (kind === 'counter' ? sum : count) / (overMs / 1000)
    case 'last':
      return points.reduce((latest, point) => (point.at >= latest.at ? point : latest)).last
    default:
      return quantileOf(points, Number(aggregate.slice(1)) / 100)
  }
}

function quantileOf(points: readonly Point[], q: number): number {
  const all = points.flatMap(({ buckets }) => (buckets === undefined ? [] : [buckets]))
  return all.length === 0 ? Number.NaN : bucketQuantile(all.reduce(addBuckets), q)
}
