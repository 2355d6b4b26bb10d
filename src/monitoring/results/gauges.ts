import { Gauge } from 'prom-client'
import { together } from '../../kernel/metrics.ts'
import type { Platform } from '../../kernel/platform.ts'
import { findMonitorSeries, findMonitorValues, latestMonitorWindows } from '../../store/monitor-rows.ts'

/** More series than this would burden whoever scrapes; those beyond thresholds come first. */
const mostSeries = 2000

/** The latest window of every monitor that there still is, as gauges; read when they are scraped. Segments are left to charts. */
export function exposeResults(platform: Platform): void {
  const { registry } = platform.metrics
  if (registry.getSingleMetric('twinloop_monitor_signal_value') !== undefined) return
  const collect = together(refresh)
  const labelNames = ['workspace', 'monitor', 'signal', 'metric', 'feature'] as const
  const value = new Gauge({
    name: 'twinloop_monitor_signal_value',
    help: 'Latest value that a monitor computed.',
    labelNames,
    registers: [registry],
    collect,
  })
  const breached = new Gauge({
    name: 'twinloop_monitor_signal_breached',
    help: '1 while the latest value is beyond its threshold, 0 while it is within.',
    labelNames,
    registers: [registry],
    collect,
  })
  const last = new Gauge({
    name: 'twinloop_monitor_window_timestamp_seconds',
    help: 'End of the latest window of a signal, by what came of it.',
    labelNames: ['workspace', 'monitor', 'signal', 'outcome'],
    registers: [registry],
    collect,
  })

  async function refresh(): Promise<void> {
    value.reset()
    breached.reset()
    last.reset()
    const { db } = platform.store
    const schedules = await platform.resources.list({
      type: 'workspaces/schedules',
      view: 'all',
      top: 100_000,
    })
    const there = new Set(schedules.map(({ scope, name }) => `${scope}/${name}`))
    let left = mostSeries
    for (const window of await latestMonitorWindows(db)) {
      if (!there.has(`${window.scope}/${window.monitor}`)) continue
      const of = {
        workspace: window.scope.split('/').at(-1) ?? '',
        monitor: window.monitor,
        signal: window.signal,
      }
      const at = window.at
      last.set({ ...of, outcome: window.outcome }, at / 1000)
      const all = await findMonitorSeries(db, window)
      const whole = new Map(
        all
          .filter((one) => one.segment === '' && one.signal === window.signal)
          .map((one) => [one.series, one]),
      )
      const rows = await findMonitorValues(db, { series: [...whole.keys()], from: at, to: at })
      for (const row of rows.toSorted((a, b) => (b.breached ?? 0) - (a.breached ?? 0))) {
        const series = whole.get(row.series)
        if (series === undefined || row.value === null || left-- <= 0) continue
        const labels = { ...of, metric: series.metric, feature: series.feature }
        value.set(labels, row.value)
        if (row.breached !== null) breached.set(labels, row.breached)
      }
    }
  }
}
