import type { Store } from '../../store/database.ts'
import { createTotals, type Total } from './totals.ts'
import type { SeriesPointRow, SeriesRow } from '../../store/series-tables.ts'
import {
  deleteEmptySeries,
  deletePointsBefore,
  ensureSeries,
  findSeries,
  pointsOf,
  replacePoints,
} from '../../store/series-rows.ts'
import {
  addBuckets,
  bucketQuantile,
  bucketTotal,
  type LogBuckets,
} from '../../statistics/latency/log-buckets.ts'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

/** The intervals by which measurements are summed up, in ms, with how long each is kept. */
const steps = {
  moment: { ms: 10_000, keptMs: 14 * day },
  minute: { ms: minute, keptMs: 3 * day },
  hour: { ms: hour, keptMs: 60 * day },
  day: { ms: day, keptMs: 3 * 365 * day },
} as const
export type Step = keyof typeof steps

/** What is measured of an installation or a workspace goes on and on; what is measured of a job is soon over. */
const lasting: readonly Step[] = ['minute', 'hour', 'day']
const passing: readonly Step[] = ['moment', 'hour']
const isPassing = (scope: string): boolean => /\/workspaces\/[^/]+\//.test(scope)

/** One measurement. Names are as Prometheus has them, unit included: `host_memory_used_bytes`. */
export type Sample = {
  readonly name: string
  /**
   * Key of the workspace that it is about; default: the installation as a whole. Of something in a workspace (a job) it
   * is that one's alone: kept in steps of ten seconds, told to nobody who scrapes, and only asked for by its scope.
   */
  readonly scope?: string
  readonly labels?: Readonly<Record<string, string>>
} & (
  | { readonly kind: 'gauge'; readonly value: number }
  /** By how much it grew since it was read before (see `growthOf`). */
  | { readonly kind: 'counter'; readonly growth: number }
  | { readonly kind: 'histogram'; readonly buckets: LogBuckets; readonly sum: number }
)

/**
 * What was measured in one interval. Of a counter, `sum` is its growth; of a histogram, `buckets` has the values, from
 * which the extremes come (within 2 %), and `last` is the mean of those that were told last.
 */
export interface Point {
  /** Its beginning. */
  readonly at: Date
  readonly count: number
  readonly sum: number
  readonly min: number
  readonly max: number
  readonly last: number
  readonly buckets?: LogBuckets
}

export interface Line {
  readonly name: string
  readonly scope: string
  readonly labels: Readonly<Record<string, string>>
  readonly kind: Sample['kind']
  readonly points: readonly Point[]
}

export interface Described {
  readonly name: string
  readonly kind: Sample['kind']
  /** Names of labels that any of its series has. */
  readonly labels: readonly string[]
}

export interface SeriesQuery {
  readonly name: string
  /** Only of this workspace ('' for the installation); default: of all. */
  readonly scope?: string
  /** Only series with these labels. */
  readonly where?: Readonly<Record<string, string>>
  readonly from: Date
  readonly to: Date
  /** Default: as fine as it is still kept and makes at most some 400 points. */
  readonly step?: Step
}

/** Measurements over time, of which every minute, hour and day (of jobs every ten seconds) is kept as its count, sum, extremes and last value. */
export interface Series {
  /** Adds measurements of a time, all or none. What is not finite, or a distribution of nothing, is left out: there is no such measurement. */
  record(at: Date, samples: readonly Sample[]): Promise<void>
  /** Lines in the order of their labels, points in that of time; an interval in which nothing was measured has no point. */
  query(query: SeriesQuery): Promise<{ readonly step: Step; readonly lines: readonly Line[] }>
  /** What there are measurements of in a scope, or in the installation and all workspaces, by name. */
  described(scope?: string): Promise<readonly Described[]>
  /** What was measured by this server since it started, except gauges that were not measured since `from`. */
  totals(from: Date): readonly Total[]
  /** Forgets steps of ten seconds after 14 days, minutes after 3 days, hours after 60 days and days after 3 years. */
  tidy(): Promise<void>
}

export function createSeries({ store, clock }: { store: Store; clock: () => Date }): Series {
  const totals = createTotals()
  return {
    async record(at, samples) {
      const finite = samples.filter(isFinite)
      if (finite.length === 0) return
      totals.add(
        at,
        finite.filter(({ scope = '' }) => !isPassing(scope)),
      )
      const time = at.getTime()
      const wanted = merged(finite)
      await store.transaction(async (tx) => {
        const numbers = await ensureSeries(
          tx,
          wanted.map(({ row }) => row),
        )
        for (const step of Object.keys(steps) as Step[]) {
          const { ms } = steps[step]
          const kept = wanted.flatMap(({ row, values }, i) =>
            (isPassing(row.scope) ? passing : lasting).includes(step)
              ? [{ series: numbers[i] ?? 0, values }]
              : [],
          )
          if (kept.length === 0) continue
          const from = Math.floor(time / ms) * ms
          const series = kept.map((one) => one.series)
          const there = await pointsOf(tx, { series, step: ms, from, to: from + ms })
          const before = new Map(there.map((point) => [point.series, point]))
          await replacePoints(
            tx,
            kept.map((one) =>
              plus(before.get(one.series), {
                ...one.values,
                series: one.series,
                step: ms,
                at: from,
                last_at: time,
              }),
            ),
          )
        }
      })
    },

    async query({ name, scope, where = {}, from, to, step = stepFor(scope, from, to, clock()) }) {
      const all = await findSeries(store.db, { name, ...(scope === undefined ? {} : { scope }) })
      const chosen = all
        .map((one) => ({ ...one, labels: JSON.parse(one.labels) as Record<string, string> }))
        .filter(({ labels }) => Object.entries(where).every(([label, value]) => labels[label] === value))
      const { ms } = steps[step]
      const points = await pointsOf(store.db, {
        series: chosen.map(({ series }) => series),
        step: ms,
        from: Math.floor(from.getTime() / ms) * ms,
        to: to.getTime(),
      })
      const bySeries = Map.groupBy(points, ({ series }) => series)
      const lines = chosen.map(({ series, labels, kind, ...one }) => ({
        name,
        scope: one.scope,
        labels,
        kind,
        points: (bySeries.get(series) ?? []).map(pointFrom),
      }))
      return { step, lines: lines.filter((line) => line.points.length > 0) }
    },

    totals: (from) => totals.since(from),

    async described(scope) {
      const all = await findSeries(store.db, scope === undefined ? { isWide: true } : { scope })
      return [...Map.groupBy(all, ({ name }) => name)].map(([name, series]) => ({
        name,
        kind: series[0]?.kind ?? 'gauge',
        labels: [...new Set(series.flatMap(({ labels }) => Object.keys(JSON.parse(labels) as object)))],
      }))
    },

    async tidy() {
      const now = clock().getTime()
      for (const { ms, keptMs } of Object.values(steps)) await deletePointsBefore(store.db, ms, now - keptMs)
      await deleteEmptySeries(store.db)
    },
  }
}

/** How much a counter grew between two readings: one that is smaller than before has started anew from zero. */
export const growthOf = (before: number | undefined, now: number): number =>
  before === undefined ? 0 : now >= before ? now - before : now

function stepFor(scope: string | undefined, from: Date, to: Date, now: Date): Step {
  const length = to.getTime() - from.getTime()
  const age = now.getTime() - from.getTime()
  if (scope !== undefined && isPassing(scope)) return age <= steps.moment.keptMs ? 'moment' : 'hour'
  if (length <= 400 * minute && age <= steps.minute.keptMs) return 'minute'
  return length <= 400 * hour && age <= steps.hour.keptMs ? 'hour' : 'day'
}

type Values = Omit<SeriesPointRow, 'series' | 'step' | 'at' | 'last_at'>

/** Samples of the same series as one, for a statement may write a row only once. */
function merged(samples: readonly Sample[]): { row: Omit<SeriesRow, 'series'>; values: Values }[] {
  const found = new Map<string, { row: Omit<SeriesRow, 'series'>; values: Values }>()
  for (const sample of samples) {
    const { scope = '', name, kind } = sample
    const sorted = Object.entries(sample.labels ?? {}).sort(([a], [b]) => (a < b ? -1 : 1))
    const labels = JSON.stringify(Object.fromEntries(sorted))
    const key = JSON.stringify([scope, name, labels])
    const values = valuesOf(sample)
    const before = found.get(key)?.values
    found.set(key, {
      row: { scope, name, labels, kind },
      values: before === undefined ? values : added(before, values),
    })
  }
  return [...found.values()]
}

function valuesOf(sample: Sample): Values {
  if (sample.kind === 'histogram') {
    const { buckets, sum } = sample
    const count = bucketTotal(buckets)
    const [min, max] = [bucketQuantile(buckets, 0), bucketQuantile(buckets, 1)]
    return { count, sum, min, max, last: sum / count, buckets: JSON.stringify(buckets) }
  }
  const value = sample.kind === 'gauge' ? sample.value : sample.growth
  return { count: 1, sum: value, min: value, max: value, last: value, buckets: '' }
}

const isFinite = (sample: Sample): boolean =>
  Number.isFinite(
    sample.kind === 'gauge' ? sample.value : sample.kind === 'counter' ? sample.growth : sample.sum,
  ) &&
  (sample.kind !== 'histogram' || bucketTotal(sample.buckets) > 0)

function added(a: Values, b: Values): Values {
  return {
    count: a.count + b.count,
    sum: a.sum + b.sum,
    min: Math.min(a.min, b.min),
    max: Math.max(a.max, b.max),
    last: b.last,
    buckets:
      a.buckets === '' || b.buckets === ''
        ? b.buckets
        : JSON.stringify(
            addBuckets(JSON.parse(a.buckets) as LogBuckets, JSON.parse(b.buckets) as LogBuckets),
          ),
  }
}

/** What is there with what is new; the last value is that of the latest time, also where times come in another order. */
function plus(before: SeriesPointRow | undefined, point: SeriesPointRow): SeriesPointRow {
  if (before === undefined) return point
  const isLater = point.last_at >= before.last_at
  const { last, last_at } = isLater ? point : { last: before.last, last_at: before.last_at }
  return { ...point, ...added(before, point), last, last_at }
}

const pointFrom = ({ at, count, sum, min, max, last, buckets }: SeriesPointRow): Point => ({
  at: new Date(at),
  count,
  sum,
  min,
  max,
  last,
  ...(buckets === '' ? {} : { buckets: JSON.parse(buckets) as LogBuckets }),
})
