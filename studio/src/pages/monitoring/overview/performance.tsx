import { Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { resultsQuery, type MonitorSeries, type MonitorSummary } from '../../../api/monitors.ts'
import { useSearchWord } from '../../../frame/search.ts'
import { usePaths, useWorkspace } from '../../../frame/workspace.ts'
import { Go } from '../../../parts/go.tsx'
import { Panel } from '../../../parts/panel.tsx'
import { Answer } from '../../../parts/states.tsx'
import { exact, metric, percent } from '../../../words/numbers.ts'
import { WindowChart } from '../charts/window-chart.tsx'
import type { WindowLine } from '../charts/window-option.ts'

const kinds = ['model_performance', 'estimated_performance'] as const

/** How good the model was by its labels, and how good it probably is before they are in: in one chart, two lines. */
export function Performance({ monitor }: { readonly monitor: MonitorSummary }) {
  const [real, estimated] = kinds.map((kind) => monitor.signals.find((signal) => signal.kind === kind))
  if (real === undefined && estimated === undefined) return null
  return <Shown monitor={monitor} />
}

function Shown({ monitor }: { readonly monitor: MonitorSummary }) {
  const workspace = useWorkspace()
  const asked = { windows: 60, segments: false } as const
  const real = useQuery(resultsQuery(workspace, monitor.name, { ...asked, signal: kinds[0] }))
  const estimated = useQuery(resultsQuery(workspace, monitor.name, { ...asked, signal: kinds[1] }))
  return (
    <Answer query={real} rows={7}>
      {(found) => (
        <Answer query={estimated} rows={7}>
          {(other) =>
            found.length + other.length === 0 ? null : (
              <Lines monitor={monitor.name} real={found} estimated={other} />
            )
          }
        </Answer>
      )}
    </Answer>
  )
}

/** What is told of labels rather than of the model. */
const aboutLabels = ['labelled', 'label_lag_p95']

function Lines({
  monitor,
  real,
  estimated,
}: {
  readonly monitor: string
  readonly real: readonly MonitorSeries[]
  readonly estimated: readonly MonitorSeries[]
}) {
  const to = usePaths()
  const estimatedOf = (name: string) => estimated.find((one) => one.metric === `estimated_${name}`)
  const realOf = (name: string) => real.find((one) => one.metric === name)
  // What is judged comes first.
  const all = [...real, ...estimated].toSorted((a, b) => Number(isJudged(b)) - Number(isJudged(a)))
  const names = [...new Set(all.map((one) => one.metric.replace(/^estimated_/, '')))].filter(
    (name) => !aboutLabels.includes(name),
  )
  const [chosen, choose] = useSearchWord('performance', names[0] ?? '')
  const [was, thought] = [realOf(chosen), estimatedOf(chosen)]
  const lines = useMemo(
    (): readonly WindowLine[] => [
      ...(was === undefined ? [] : [{ name: `${chosen}, by labels`, colour: 1, windows: was.windows }]),
      ...(thought === undefined
        ? []
        : [{ name: `${chosen}, estimated`, colour: 2, dashed: true, windows: thought.windows }]),
    ],
    [was, thought, chosen],
  )
  const labels = realOf('labelled')?.windows.find(({ value }) => value !== null)
  const lag = realOf('label_lag_p95')?.windows.find(({ value }) => value !== null)?.value
  const latest = was?.windows.find(({ value }) => value !== null)
  const covered =
    labels === undefined
      ? 'no labels are known'
      : `labels cover ${percent(labels.value, 0)} of ${exact(labels.n)} predictions${lag === undefined || lag === null ? '' : `, 95 % of them within ${inSeconds(lag)}`}`
  return (
    <Panel
      title="Performance"
      subtitle={covered}
      actions={
        <Select
          aria-label="Metric of performance"
          size="xs"
          data={names}
          value={chosen}
          onChange={(value) => choose(value ?? '')}
          allowDeselect={false}
          w={210}
        />
      }
    >
      <WindowChart
        title={chosen}
        subtitle={`${latest?.n === undefined ? '' : `n = ${exact(latest.n)} in the latest labelled window; `}whiskers: 95 % intervals; hollow: provisional; dashed: limits`}
        conclusion={
          latest === undefined
            ? 'no window has labels yet'
            : `the latest labelled window has ${metric(latest.value)}`
        }
        lines={lines}
        format={metric}
        height={240}
      />
      <p className="muted">
        {was === undefined ? null : <Go to={to.signal(monitor, was.signal)}>{was.signal}</Go>}
        {was === undefined || thought === undefined ? null : ' · '}
        {thought === undefined ? null : <Go to={to.signal(monitor, thought.signal)}>{thought.signal}</Go>}
      </p>
    </Panel>
  )
}

const isJudged = ({ windows }: MonitorSeries) => windows.some(({ threshold }) => threshold !== undefined)

const inSeconds = (seconds: number): string =>
  seconds < 120
    ? `${Math.round(seconds)} s`
    : seconds < 7200
      ? `${Math.round(seconds / 60)} min`
      : seconds < 172_800
        ? `${Math.round(seconds / 3600)} h`
        : `${Math.round(seconds / 86_400)} days`
