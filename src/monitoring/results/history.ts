import type { Platform } from '../../kernel/platform.ts'
import { findMonitorSeries, findMonitorValues, findMonitorWindows } from '../../store/monitor-rows.ts'
import type { SignalValue } from './result.ts'
import { fromRow } from './stored.ts'

/** What one signal found in the windows before a time, newest first; windows in which it had no data are left out. */
export async function historyOf(
  { store }: Platform,
  asked: {
    /** Key of the workspace. */
    readonly scope: string
    readonly monitor: string
    /** Name of the signal. */
    readonly signal: string
    readonly before: Date
    readonly windows: number
  },
): Promise<readonly { readonly at: Date; readonly values: readonly SignalValue[] }[]> {
  const { scope, monitor, signal, before, windows } = asked
  const to = before.getTime() - 1
  const found = (await findMonitorWindows(store.db, { scope, monitor, signal, to, top: windows })).filter(
    (window) => window.signal === signal && window.outcome === 'computed',
  )
  const oldest = found.at(-1)
  if (oldest === undefined) return []
  const series = (await findMonitorSeries(store.db, { scope, monitor, signal })).filter(
    (one) => one.signal === signal,
  )
  const byNumber = new Map(series.map((one) => [one.series, one]))
  const rows = await findMonitorValues(store.db, {
    series: [...byNumber.keys()],
    from: oldest.at,
    to,
  })
  const byTime = Map.groupBy(rows, ({ at }) => at)
  return found.map(({ at }) => ({
    at: new Date(at),
    values: (byTime.get(at) ?? []).flatMap((row) => {
      const of = byNumber.get(row.series)
      return of === undefined ? [] : [fromRow(of, row)]
    }),
  }))
}
