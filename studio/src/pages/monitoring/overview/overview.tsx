import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { resultsQuery, type MonitorSeries, type MonitorSummary } from '../../../api/monitors.ts'
import { usePaths, useWorkspace } from '../../../frame/workspace.ts'
import { Go } from '../../../parts/go.tsx'
import { Stack } from '../../../parts/page.tsx'
import { Figure, Figures, Panel } from '../../../parts/panel.tsx'
import { Answer, Empty } from '../../../parts/states.tsx'
import { Status } from '../../../parts/status.tsx'
import { Table } from '../../../parts/table/table.tsx'
import { Time } from '../../../parts/time.tsx'
import { exact, metric, percent } from '../../../words/numbers.ts'
import { duration } from '../../../words/time.ts'
import { WindowChart } from '../charts/window-chart.tsx'
import { nameOf, worstFirst } from '../series.ts'
import style from '../monitoring.module.css'
import { useImportances } from '../use-monitor.ts'
import { Moved } from './moved.tsx'
import { Performance } from './performance.tsx'

/** So many values are drawn: those farthest beyond their thresholds. */
const mostCharts = 12

/** How a monitor stands: signals, features that have moved, performance, and the worst values over time. */
export function Overview({ monitor }: { readonly monitor: MonitorSummary }) {
  const workspace = useWorkspace()
  const judged = useQuery(
    resultsQuery(workspace, monitor.name, { windows: 60, segments: false, judged: true }),
  )
  const weights = useImportances(monitor.name)
  const { features, labels } = monitor
  return (
    <Stack>
      <Figures>
        <Figure
          name="Features beyond"
          value={features.judged === 0 ? '–' : `${features.breached} of ${features.judged}`}
          note={features.worst === undefined ? 'in the latest window' : `worst: ${features.worst.feature}`}
          {...(features.breached > 0 ? { family: 'bad' as const } : {})}
        />
        <Figure
          name="Values beyond"
          value={`${monitor.breached} of ${monitor.judged}`}
          note="of what has a threshold"
        />
        <Figure
          name="Labels cover"
          value={labels === undefined ? '–' : percent(labels.share, 0)}
          note={labels?.lagMs === undefined ? 'of the predictions' : `95 % within ${duration(labels.lagMs)}`}
        />
        <Figure
          name="Latest window"
          value={<Time at={monitor.lastRun?.at} />}
          note={
            monitor.running > 0
              ? `${exact(monitor.running)} under way`
              : (monitor.lastRun?.state ?? 'none yet')
          }
        />
      </Figures>
      <Signals monitor={monitor} />
      <Performance monitor={monitor} />
      <Answer query={judged} rows={8}>
        {(all) =>
          monitor.lastRun === undefined && all.length === 0 ? (
            <Panel>
              <Empty
                title="No window was computed yet"
                command={`twinloop monitor run --name ${monitor.name} --wait`}
              >
                The first is computed when the monitor is due, or by “Run now”.
              </Empty>
            </Panel>
          ) : (
            <>
              <Moved monitor={monitor.name} series={all} importances={weights} />
              <Multiples monitor={monitor.name} series={all} />
            </>
          )
        }
      </Answer>
    </Stack>
  )
}

function Signals({ monitor }: { readonly monitor: MonitorSummary }) {
  const to = usePaths()
  if (monitor.signals.length === 0) return null
  return (
    <Panel title="Signals" flush>
      <Table
        rows={monitor.signals}
        rowKey={(one) => one.name}
        to={(one) => to.signal(monitor.name, one.name)}
        label="signals"
        prefix="signals."
        bare
        columns={[
          { id: 'name', header: 'Signal', cell: (one) => one.name, sort: (one) => one.name },
          {
            id: 'outcome',
            header: 'Verdict',
            width: '150px',
            cell: (one) => (
              <Status
                kind="monitor"
                state={
                  one.outcome !== 'computed'
                    ? one.outcome
                    : one.breached > 0
                      ? 'breached'
                      : one.judged === 0
                        ? 'unjudged'
                        : 'ok'
                }
              />
            ),
          },
          {
            id: 'kind',
            header: 'Kind',
            cell: (one) => <span className="mono">{one.kind}</span>,
            sort: (one) => one.kind,
          },
          {
            id: 'beyond',
            header: 'Beyond',
            width: '120px',
            align: 'right',
            cell: (one) => (one.judged === 0 ? '–' : `${one.breached} of ${one.judged}`),
            sort: (one) => one.breached,
          },
        ]}
      />
    </Panel>
  )
}

/** The worst values over time, small and beside each other. */
function Multiples({
  monitor,
  series,
}: {
  readonly monitor: string
  readonly series: readonly MonitorSeries[]
}) {
  const worst = useMemo(() => worstFirst(series).slice(0, mostCharts), [series])
  if (worst.length === 0) return null
  return (
    <Panel
      title="Over time"
      subtitle={`the farthest beyond first${series.length > mostCharts ? `, ${mostCharts} of ${exact(series.length)}` : ''}; dashed: limits; diamonds: beyond`}
    >
      <div className={style.multiples}>
        {worst.map((one) => (
          <Multiple key={nameOf(one) + one.signal} monitor={monitor} series={one} />
        ))}
      </div>
    </Panel>
  )
}

function Multiple({ monitor, series }: { readonly monitor: string; readonly series: MonitorSeries }) {
  const to = usePaths()
  const name = nameOf(series)
  const lines = useMemo(() => [{ name, colour: 1, windows: series.windows }], [name, series])
  const [latest] = series.windows
  const page =
    series.feature === undefined
      ? to.signal(monitor, series.signal)
      : `${to.feature(monitor, series.signal, series.feature)}?metric=${encodeURIComponent(series.metric)}`
  return (
    <div>
      <WindowChart
        title={series.feature ?? series.metric}
        subtitle={`n = ${exact(latest?.n)}`}
        conclusion={`the latest value is ${metric(latest?.value)}${latest?.breached === true ? ', beyond its limit' : ''}`}
        lines={lines}
        format={metric}
        height={150}
        isSmall
      />
      <Go to={page}>
        {series.signal}: {series.metric}
      </Go>
    </div>
  )
}
