import type { Line, Point } from '../../kernel/telemetry/series.ts'
import { bucketBounds } from '../../statistics/latency/log-buckets.ts'
import { metricName } from './names.ts'

/** One minute, of which every point tells. */
const minuteMs = 60_000
/** `AGGREGATION_TEMPORALITY_DELTA`: what was counted in the interval, not since a beginning. */
const delta = 1

type Attributes = readonly { readonly key: string; readonly value: { readonly stringValue: string } }[]

/**
 * Series as the body of an OTLP/HTTP request for metrics, in JSON (opentelemetry-proto 1.x,
 * `ExportMetricsServiceRequest`): gauges as gauges, counters as monotonic sums and distributions as histograms, the latter two by minute
 * (delta temporality). Times are nanoseconds since 1970, as texts.
 */
export function encodeMetrics(lines: readonly Line[], resource: Readonly<Record<string, string>>): object {
  return {
    resourceMetrics: [
      {
        resource: { attributes: attributesOf(resource) },
        scopeMetrics: [
          {
            scope: { name: 'twinloop' },
            metrics: [...Map.groupBy(lines, ({ name, kind }) => `${kind} ${name}`).values()].map(
              encodeMetric,
            ),
          },
        ],
      },
    ],
  }
}

function encodeMetric(lines: readonly Line[]): object {
  const dataPoints = lines.flatMap((line) =>
    line.points.map((point) => ({
      attributes: attributesOf({ ...(line.scope === '' ? {} : { workspace: line.scope }), ...line.labels }),
      startTimeUnixNano: nanoseconds(point.at.getTime()),
      timeUnixNano: nanoseconds(point.at.getTime() + minuteMs),
      ...valueOf(line.kind, point),
    })),
  )
  const [first] = lines
  return first === undefined ? {} : { ...metricName(first.name), ...shapeOf(first.kind, dataPoints) }
}

function shapeOf(kind: Line['kind'], dataPoints: readonly object[]): object {
  if (kind === 'gauge') return { gauge: { dataPoints } }
  if (kind === 'counter') return { sum: { dataPoints, aggregationTemporality: delta, isMonotonic: true } }
  return { histogram: { dataPoints, aggregationTemporality: delta } }
}

/** Of a gauge the last value of its minute, of a counter its growth, of a distribution its values by bucket. */
function valueOf(kind: Line['kind'], point: Point): object {
  if (kind === 'gauge') return { asDouble: point.last }
  if (kind === 'counter') return { asDouble: point.sum }
  const { bounds, counts } = bucketBounds(point.buckets ?? {})
  return {
    count: String(point.count),
    sum: point.sum,
    min: point.min,
    ...(Number.isFinite(point.max) ? { max: point.max } : {}),
    explicitBounds: bounds,
    bucketCounts: counts.map(String),
  }
}

const attributesOf = (values: Readonly<Record<string, string>>): Attributes =>
  Object.entries(values).map(([key, stringValue]) => ({ key, value: { stringValue } }))

const nanoseconds = (ms: number): string => `${ms}000000`
