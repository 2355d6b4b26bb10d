import { Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useMemo } from 'react'
import {
  monitorResultsQuery,
  monitorsQuery,
  type MonitorSeries,
  type MonitorSummary,
} from '../../api/monitors.ts'
import { useSearchWord } from '../../frame/search.ts'
import { useWorkspace } from '../../frame/workspace.ts'
import { TimeChart } from '../../parts/chart/time-chart.tsx'
import { Equivalents } from '../../parts/equivalents.tsx'
import { Columns, Page, Stack } from '../../parts/page.tsx'
import { Figure, Figures, Panel } from '../../parts/panel.tsx'
import { Answer, Empty } from '../../parts/states.tsx'
import { Status } from '../../parts/status.tsx'
import { Table } from '../../parts/table/table.tsx'
import { Time } from '../../parts/time.tsx'
import { exact, metric } from '../../words/numbers.ts'
import { nameOf, worstFirst } from './worst-first.ts'

/** So many values are drawn: those farthest beyond their thresholds. */
const mostCharts = 12

/** A monitor: its signals, and what they found over time with what it was held against. */
export function MonitorPage() {
  const { monitor = '' } = useParams({ strict: false })
  const query = useQuery(monitorsQuery(useWorkspace()))
  return (
    <Answer query={query}>
      {(all) => {
        const found = all.find(({ name }) => name === monitor)
        return found === undefined ? (
          <Page title={monitor}>
            <Empty title={`There is no monitor '${monitor}' here`} command="twinloop monitor list -o table" />
          </Page>
        ) : (
          <Shown monitor={found} />
        )
      }}
    </Answer>
  )
}

function Shown({ monitor }: { readonly monitor: MonitorSummary }) {
  const workspace = useWorkspace()
  const [signal, setSignal] = useSearchWord('signal')
  const results = useQuery(monitorResultsQuery(workspace, monitor.name))
  const { name } = monitor
  return (
    <Page
      title={monitor.displayName ?? name}
      status={<Status kind="monitor" state={monitor.verdict} />}
      meta={
        <>
          <span className="mono">{name}</span>
          {monitor.watches === undefined ? null : <span>watches {monitor.watches}</span>}
          <span>
            {monitor.enabled ? (
              <>
                next <Time at={monitor.nextRun} />
              </>
            ) : (
              'switched off'
            )}
          </span>
        </>
      }
      actions={
        <Equivalents
          cli={[
            { what: 'Show it', command: `twinloop monitor show --name ${name}` },
            {
              what: 'Compute a window of the past',
              command: `twinloop monitor run --name ${name} --at 2026-01-31T00:00:00Z --wait`,
            },
            { what: 'Its values', command: `twinloop monitor values --name ${name} -o table` },
          ]}
          rest={[{ method: 'POST', path: `${workspace.id}/monitorResults` }]}
        />
      }
    >
      <Stack>
        {monitor.worst === undefined && monitor.problem === undefined ? null : (
          <p>{monitor.problem ?? monitor.worst}</p>
        )}
        <Figures>
          <Figure
            name="Beyond their thresholds"
            value={`${monitor.breached} of ${monitor.judged}`}
            note="values of the latest window that were judged"
            {...(monitor.breached > 0 ? { family: 'bad' as const } : {})}
          />
          <Figure
            name="Latest window"
            value={<Time at={monitor.lastRun?.at} />}
            note={monitor.lastRun?.state ?? 'none yet'}
          />
          <Figure name="Under way" value={exact(monitor.running)} note="windows that are computed or wait" />
        </Figures>
        <Panel title="Signals" flush>
          <Table
            rows={monitor.signals}
            rowKey={(one) => one.name}
            label="signals"
            prefix="signals."
            bare
            columns={[
              { id: 'name', header: 'Signal', cell: (one) => one.name, sort: (one) => one.name },
              { id: 'kind', header: 'Kind', cell: (one) => one.kind, sort: (one) => one.kind },
              {
                id: 'outcome',
                header: 'Outcome',
                width: '140px',
                cell: (one) => (
                  <Status
                    kind="monitor"
                    state={one.outcome === 'computed' ? (one.breached > 0 ? 'breached' : 'ok') : one.outcome}
                  />
                ),
              },
              {
                id: 'beyond',
                header: 'Beyond',
                width: '120px',
                align: 'right',
                cell: (one) => `${one.breached} of ${one.judged}`,
                sort: (one) => one.breached,
              },
            ]}
          />
        </Panel>
        <Answer query={results} rows={8}>
          {(all) => <Values series={all} signal={signal} onSignal={setSignal} />}
        </Answer>
      </Stack>
    </Page>
  )
}

function Values({
  series,
  signal,
  onSignal,
}: {
  readonly series: readonly MonitorSeries[]
  readonly signal: string
  readonly onSignal: (signal: string) => void
}) {
  const signals = [...new Set(series.map(({ labels }) => labels['signal'] ?? ''))]
  const shown = useMemo(
    () => worstFirst(series.filter(({ labels }) => signal === '' || labels['signal'] === signal)),
    [series, signal],
  )
  if (series.length === 0)
    return (
      <Panel>
        <Empty title="No window was computed yet">
          The first is computed when the monitor is due, or by the command at the top right.
        </Empty>
      </Panel>
    )
  return (
    <>
      <div style={{ display: 'flex', alignItems: 'center', gap: 12 }}>
        <h2>Over time</h2>
        <span className="muted">the farthest beyond first; dashed lines are thresholds</span>
        <Select
          aria-label="Signal"
          placeholder="All signals"
          clearable
          clearButtonProps={{ 'aria-label': 'All signals' }}
          data={signals}
          value={signal === '' ? null : signal}
          onChange={(value) => onSignal(value ?? '')}
          ml="auto"
          w={220}
        />
      </div>
      <Columns>
        {shown.slice(0, mostCharts).map((one) => (
          <Panel key={JSON.stringify(one.labels)}>
            <Value series={one} />
          </Panel>
        ))}
      </Columns>
      {shown.length > mostCharts ? (
        <p className="muted">and {exact(shown.length - mostCharts)} more, by twinloop monitor values</p>
      ) : null}
    </>
  )
}

function Value({ series }: { readonly series: MonitorSeries }) {
  const name = nameOf(series)
  const latest = series.windows[0]
  const { lines, from, to, stepMs, levels } = useMemo(() => {
    const points = series.windows.map(({ at, value }) => ({ at: Date.parse(at), value })).toReversed()
    const steps = points.slice(1).map(({ at }, i) => at - (points[i]?.at ?? 0))
    const { lower, upper } = series.windows[0]?.threshold ?? {}
    const first = points[0]?.at ?? 0
    const last = points.at(-1)?.at ?? 0
    // One window alone stands in the middle of a day.
    const margin = first === last ? 43_200_000 : 0
    return {
      lines: [{ name, colour: 2, points }],
      from: first - margin,
      to: last + margin,
      stepMs: steps.length === 0 ? 86_400_000 : Math.min(...steps),
      levels: [
        ...(upper === undefined ? [] : [{ name: `at most ${metric(upper)}`, value: upper }]),
        ...(lower === undefined ? [] : [{ name: `at least ${metric(lower)}`, value: lower }]),
      ],
    }
  }, [series, name])
  return (
    <TimeChart
      title={name}
      subtitle={`${series.labels['signal'] ?? ''}, ${latest?.n === undefined ? '' : `n = ${exact(latest.n)} in the latest window`}${latest?.breached === true ? ', beyond' : ''}`}
      conclusion={`the latest value is ${metric(latest?.value)}${latest?.breached === true ? ', beyond its threshold' : ''}`}
      lines={lines}
      from={from}
      to={to}
      stepMs={stepMs}
      levels={levels}
      format={metric}
      height={170}
    />
  )
}
