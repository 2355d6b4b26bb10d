import { useMemo } from 'react'
import type { MonitorSeries } from '../../../api/monitors.ts'
import { Panel } from '../../../parts/panel.tsx'
import { exact, metric as number } from '../../../words/numbers.ts'
import { WindowChart } from '../charts/window-chart.tsx'
import { worstFirst } from '../series.ts'
import style from '../monitoring.module.css'

/** Every metric of a signal that is about the model or the rows as a whole, over time. */
export function Metrics({ series }: { readonly series: readonly MonitorSeries[] }) {
  const ordered = useMemo(() => worstFirst(series), [series])
  return (
    <Panel
      title="Metrics"
      subtitle="judged ones first; whiskers: 95 % intervals; dashed: limits; hollow: provisional"
    >
      <div className={style.multiples}>
        {ordered.map((one) => (
          <Metric key={one.metric} series={one} />
        ))}
      </div>
    </Panel>
  )
}

function Metric({ series }: { readonly series: MonitorSeries }) {
  const lines = useMemo(() => [{ name: series.metric, colour: 1, windows: series.windows }], [series])
  const [latest] = series.windows
  return (
    <WindowChart
      title={series.metric}
      subtitle={`${number(latest?.value)} of n = ${exact(latest?.n)}`}
      conclusion={`the latest value is ${number(latest?.value)}${latest?.breached === true ? ', beyond its limit' : ''}`}
      lines={lines}
      format={number}
      height={170}
      isSmall
    />
  )
}
