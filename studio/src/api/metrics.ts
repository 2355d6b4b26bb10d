import { queryOptions, keepPreviousData } from '@tanstack/react-query'
import { frozenAt } from './frozen.ts'
import { call } from './call.ts'

/** How far back a page looks, as the address says it, with a grain that makes a readable chart of it. */
export const ranges = {
  '1h': { label: '1 hour', ms: 3_600_000, grain: 'PT1M', grainMs: 60_000 },
  '6h': { label: '6 hours', ms: 6 * 3_600_000, grain: 'PT5M', grainMs: 300_000 },
  '24h': { label: '24 hours', ms: 24 * 3_600_000, grain: 'PT15M', grainMs: 900_000 },
  '7d': { label: '7 days', ms: 7 * 86_400_000, grain: 'PT1H', grainMs: 3_600_000 },
  '30d': { label: '30 days', ms: 30 * 86_400_000, grain: 'PT6H', grainMs: 21_600_000 },
} as const
export type Range = keyof typeof ranges
export const isRange = (text: string): text is Range => Object.hasOwn(ranges, text)

export type Aggregation =
  | 'average'
  | 'minimum'
  | 'maximum'
  | 'total'
  | 'count'
  | 'p50'
  | 'p90'
  | 'p95'
  | 'p99'

interface Answer {
  readonly timespan: string
  readonly value: readonly {
    readonly timeseries: readonly {
      readonly metadatavalues: readonly {
        readonly name: { readonly value: string }
        readonly value: string
      }[]
      readonly data: readonly (Readonly<Partial<Record<Aggregation, number>>> & {
        readonly timeStamp: string
      })[]
    }[]
  }[]
}

export interface MetricSeries {
  readonly labels: Readonly<Record<string, string>>
  readonly points: readonly (Readonly<Partial<Record<Aggregation, number>>> & { readonly at: number })[]
}
export interface Measured {
  readonly from: number
  readonly to: number
  readonly grainMs: number
  readonly series: readonly MetricSeries[]
}

/** Whether an interval is over: counts of one that is not would look like a fall. */
export const isOver = (at: number, { to, grainMs }: Pick<Measured, 'to' | 'grainMs'>): boolean =>
  at + grainMs <= to

export const weekMs = 7 * 86_400_000
/** What can be held against a week ago. */
export const hourly = { grain: 'PT1H', grainMs: 3_600_000 } as const

/** How often what is measured is asked for anew: the server measures every 15 seconds. */
const everyMs = 30_000

/** Asks Azure Monitor's API of one metric in a span of time. What was never measured has no series. */
export async function measure(
  id: string,
  asked: {
    readonly name: string
    readonly aggregations: readonly Aggregation[]
    /** Milliseconds since 1970. */
    readonly from: number
    readonly to: number
    readonly interval: string
    readonly grainMs: number
    readonly by?: readonly string[]
    readonly signal: AbortSignal
  },
): Promise<Measured> {
  const { name, from, to, grainMs, by = [], signal } = asked
  const known = await call<{ value: readonly { name: { value: string } }[] }>(
    `${id}/providers/Microsoft.Insights/metricDefinitions`,
    { signal },
  )
  // What nobody has asked yet has no measurements, which is no mistake.
  if (!known.value.some((one) => one.name.value === name)) return { from, to, grainMs, series: [] }
  const { value } = await call<Answer>(`${id}/providers/Microsoft.Insights/metrics`, {
    signal,
    query: {
      metricnames: name,
      aggregation: asked.aggregations.join(','),
      timespan: `${new Date(from).toISOString()}/${new Date(to).toISOString()}`,
      interval: asked.interval,
      $filter: by.length === 0 ? undefined : by.map((label) => `${label} eq '*'`).join(' and '),
    },
  })
  return {
    from,
    to,
    grainMs,
    series: (value[0]?.timeseries ?? []).map(({ metadatavalues, data }) => ({
      labels: Object.fromEntries(metadatavalues.map((one) => [one.name.value, one.value])),
      points: data.map(({ timeStamp, ...values }) => ({ ...values, at: Date.parse(timeStamp) })),
    })),
  }
}

/**
 * Measurements of a resource, as Azure Monitor's API tells them: one series for each combination of the labels in `by`.
 * What was never measured has no series.
 */
export const metricQuery = (
  id: string,
  {
    name,
    aggregations,
    range,
    by = [],
    agoMs = 0,
    grain = ranges[range],
  }: {
    readonly name: string
    readonly aggregations: readonly Aggregation[]
    readonly range: Range
    readonly by?: readonly string[]
    /** So much earlier than now: `weekMs` for the same hours of the week before. */
    readonly agoMs?: number
    /** Another grain than the range's own. What is older than three days is kept by the hour only. */
    readonly grain?: { readonly grain: string; readonly grainMs: number }
  },
) =>
  queryOptions({
    queryKey: ['metrics', id, name, aggregations, range, by, agoMs, grain.grain, frozenAt()],
    queryFn: async ({ signal }): Promise<Measured> => {
      const { ms } = ranges[range]
      const { grain: interval, grainMs } = grain
      const to = (frozenAt() ?? Date.now()) - agoMs
      return measure(id, { name, aggregations, from: to - ms, to, interval, grainMs, by, signal })
    },
    refetchInterval: frozenAt() === undefined ? everyMs : false,
    placeholderData: keepPreviousData,
  })
