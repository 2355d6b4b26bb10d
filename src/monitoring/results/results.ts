import type { Platform } from '../../kernel/platform.ts'
import { keyOf } from '../../kernel/resources/arm-id.ts'
import {
  findMonitorSeries,
  findMonitorValues,
  findMonitorWindows,
  type StoredMonitorSeries,
} from '../../store/monitor-rows.ts'
import type { MonitorWindowRow } from '../../store/monitor-tables.ts'
import type { SignalValue } from './result.ts'
import { fromRow, segmentOf } from './stored.ts'

/** What is asked of the results of monitors. `signal` is a signal's name or its kind. */
export interface ResultsQuery {
  readonly monitor?: string
  readonly signal?: string
  readonly metric?: string
  /** Labels that a series must have, by name: `{ feature: 'distance', carrier: 'AA' }`. */
  readonly where?: Readonly<Record<string, string>>
  readonly from?: Date
  readonly to?: Date
  /** At most so many windows of each signal, the newest. */
  readonly windows: number
  /** False: only what is of all rows. */
  readonly segments?: boolean
  /** True: only what was held against a threshold in one of these windows. */
  readonly judged?: boolean
}

/** One window of a series. No value where there was no data or where it is not defined: never zero. */
export interface ResultWindow {
  readonly at: Date
  readonly value: number | null
  readonly breached?: boolean
  readonly provisional?: boolean
  /** The value as the signal found it; absent where the signal had no data or could not look. */
  readonly found?: SignalValue
  /** Why there is no value, where it is known. */
  readonly reason?: string
}

/** One number from window to window, newest first, and what it is of: monitor, signal, metric, feature and segment. */
export interface ResultSeries {
  readonly labels: Readonly<Record<string, string>>
  readonly monitor: string
  readonly signal: string
  readonly kind: string
  readonly metric: string
  readonly feature?: string
  readonly segment?: Readonly<Record<string, string>>
  readonly windows: readonly ResultWindow[]
}

/** More windows than this are asked for in several steps. */
const mostWindows = 10_000

/**
 * Values over time, one series for each number that was followed. A window in which the signal had no data, or in which
 * the number was not computed, is there with the value null. Series without a value in these windows are left out.
 */
export async function resultsOf(
  { store }: Platform,
  workspaceId: string,
  query: ResultsQuery,
): Promise<readonly ResultSeries[]> {
  const scope = keyOf(workspaceId)
  const { monitor, signal, metric, where = {}, windows, segments = true, judged = false } = query
  const selection = {
    scope,
    ...(monitor === undefined ? {} : { monitor }),
    ...(signal === undefined ? {} : { signal }),
  }
  const all = (
    await findMonitorSeries(store.db, { ...selection, ...(metric === undefined ? {} : { metric }) })
  ).filter((series) => (segments || series.segment === '') && fits(labelsOf(series), where))
  const bySignal = Map.groupBy(all, (series) => JSON.stringify([series.monitor, series.signal]))
  const found: ResultSeries[] = []
  for (const group of bySignal.values()) {
    const [first] = group
    if (first === undefined) continue
    const ends = (
      await findMonitorWindows(store.db, {
        scope,
        monitor: first.monitor,
        signal: first.signal,
        ...(query.from === undefined ? {} : { from: query.from.getTime() }),
        ...(query.to === undefined ? {} : { to: query.to.getTime() }),
        top: Math.min(windows, mostWindows),
      })
    ).filter((window) => window.signal === first.signal)
    found.push(...(await withValues({ store }, group, ends)))
  }
  return judged ? found.filter(wasJudged) : found
}

const wasJudged = ({ windows }: ResultSeries): boolean =>
  windows.some(({ found }) => found?.threshold !== undefined)

async function withValues(
  { store }: Pick<Platform, 'store'>,
  group: readonly StoredMonitorSeries[],
  ends: readonly MonitorWindowRow[],
): Promise<readonly ResultSeries[]> {
  const [newest, oldest] = [ends[0], ends.at(-1)]
  if (newest === undefined || oldest === undefined) return []
  const rows = await findMonitorValues(store.db, {
    series: group.map(({ series }) => series),
    from: oldest.at,
    to: newest.at,
  })
  const bySeries = Map.groupBy(rows, ({ series }) => series)
  return group.flatMap((series): ResultSeries[] => {
    const own = new Map((bySeries.get(series.series) ?? []).map((row) => [row.at, row]))
    if (own.size === 0) return []
    const windows = ends.map((end): ResultWindow => {
      const row = own.get(end.at)
      const at = new Date(end.at)
      if (row === undefined) return { at, value: null, ...(end.reason === '' ? {} : { reason: end.reason }) }
      const value = fromRow(series, row)
      return {
        at,
        value: value.value,
        ...(value.breached === undefined ? {} : { breached: value.breached }),
        ...(value.provisional === true ? { provisional: true } : {}),
        ...(value.note === undefined ? {} : { reason: value.note }),
        found: value,
      }
    })
    const segment = segmentOf(series.segment)
    return [
      {
        labels: labelsOf(series),
        monitor: series.monitor,
        signal: series.signal,
        kind: series.kind,
        metric: series.metric,
        ...(series.feature === '' ? {} : { feature: series.feature }),
        ...(series.segment === '' ? {} : { segment }),
        windows,
      },
    ]
  })
}

/**
 * For rules: the newest windows of a metric of a signal, one entry for each of its features and segments. Where the
 * signal has had windows and never a value, one entry without a feature says so, so that missing data can be told of.
 */
export async function windowsOf(
  platform: Platform,
  workspaceId: string,
  query: ResultsQuery & { readonly signal: string; readonly metric: string },
): Promise<
  readonly {
    readonly labels: Readonly<Record<string, string>>
    readonly windows: readonly Pick<ResultWindow, 'at' | 'value' | 'breached' | 'provisional'>[]
  }[]
> {
  const found = await resultsOf(platform, workspaceId, query)
  if (found.length > 0)
    return found.map(({ labels, windows }) => ({
      labels,
      windows: windows.map(({ found: _, reason: _reason, ...window }) => window),
    }))
  const { monitor, signal, metric, where = {}, windows } = query
  const ends = await findMonitorWindows(platform.store.db, {
    scope: keyOf(workspaceId),
    signal,
    ...(monitor === undefined ? {} : { monitor }),
    top: mostWindows,
  })
  return [...Map.groupBy(ends, (end) => JSON.stringify([end.monitor, end.signal])).values()].flatMap(
    (own) => {
      const [first] = own
      if (first === undefined) return []
      const labels = { monitor: first.monitor, signal: first.signal, metric }
      if (!fits(labels, where)) return []
      return [
        {
          labels,
          windows: own.slice(0, windows).map(({ at }) => ({ at: new Date(at), value: null })),
        },
      ]
    },
  )
}

/** What a series is of. Segments are named as their columns; a column called like one of ours gives way. */
const labelsOf = (series: StoredMonitorSeries): Readonly<Record<string, string>> => ({
  ...segmentOf(series.segment),
  monitor: series.monitor,
  signal: series.signal,
  metric: series.metric,
  ...(series.feature === '' ? {} : { feature: series.feature }),
})

const fits = (labels: Readonly<Record<string, string>>, where: Readonly<Record<string, string>>): boolean =>
  Object.entries(where).every(([name, value]) => labels[name] === value)
