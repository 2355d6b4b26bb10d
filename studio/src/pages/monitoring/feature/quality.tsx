import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { resultsQuery, type MonitorSeries } from '../../../api/monitors.ts'
import { usePaths, useWorkspace } from '../../../frame/workspace.ts'
import { Go } from '../../../parts/go.tsx'
import { Panel } from '../../../parts/panel.tsx'
import { exact, percent } from '../../../words/numbers.ts'
import { WindowChart } from '../charts/window-chart.tsx'
import style from '../monitoring.module.css'

const format = (value: number) => percent(value, value !== 0 && Math.abs(value) < 0.01 ? 2 : 1)

/** Rates of what is missing, of the wrong type or out of bounds, with Wilson's intervals, where a signal of data quality looks at the feature. */
export function Quality({
  monitor,
  feature,
  at,
  onWindow,
}: {
  readonly monitor: string
  readonly feature: string
  readonly at: string
  readonly onWindow: (at: string) => void
}) {
  const to = usePaths()
  const { data = [] } = useQuery(
    resultsQuery(useWorkspace(), monitor, {
      signal: 'data_quality',
      where: { feature },
      windows: 60,
      segments: false,
    }),
  )
  const [first] = data
  if (first === undefined) return null
  return (
    <Panel
      title="Quality"
      subtitle={
        <>
          by <Go to={to.feature(monitor, first.signal, feature)}>{first.signal}</Go>; whiskers: Wilson’s 95 %
          intervals; dashed: limits
        </>
      }
    >
      <div className={style.multiples}>
        {data.map((one) => (
          <Rate key={`${one.signal} ${one.metric}`} series={one} at={at} onWindow={onWindow} />
        ))}
      </div>
    </Panel>
  )
}

function Rate({
  series,
  at,
  onWindow,
}: {
  readonly series: MonitorSeries
  readonly at: string
  readonly onWindow: (at: string) => void
}) {
  const lines = useMemo(() => [{ name: series.metric, colour: 1, windows: series.windows }], [series])
  const window = series.windows.find((one) => one.at === at) ?? series.windows[0]
  return (
    <WindowChart
      title={series.metric}
      subtitle={`${window?.value === null || window === undefined ? 'no data' : format(window.value)} of n = ${exact(window?.n)}`}
      conclusion={`it is ${window?.value === null || window === undefined ? 'not known' : format(window.value)}${window?.breached === true ? ', beyond its limit' : ''}`}
      lines={lines}
      format={format}
      selected={at}
      fromZero
      isSmall
      height={160}
      onWindow={onWindow}
    />
  )
}
