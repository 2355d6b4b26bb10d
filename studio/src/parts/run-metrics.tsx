import { useQueries, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { historyQuery, runQuery, type MetricPoint } from '../api/runs.ts'
import { useWorkspace } from '../frame/workspace.ts'
import { Chart } from './chart/chart.tsx'
import { stepOption } from './chart/step-option.ts'
import type { Colours } from './chart/time-option.ts'
import { Stack } from './page.tsx'
import { Figure, Figures, Panel, Facts } from './panel.tsx'
import { Answer, Empty } from './states.tsx'
import { exact, metric } from '../words/numbers.ts'
import style from './run.module.css'

/** More charts than this nobody looks at unasked. */
const mostCharts = 24

/** What the run logged: last values, histories of those that have one, parameters. */
export function RunMetrics({ runId, isActive }: { readonly runId: string; readonly isActive: boolean }) {
  const workspace = useWorkspace()
  const query = useQuery(runQuery(workspace, runId, isActive))
  return (
    <Answer query={query}>
      {({ data: { metrics = [], params = [] } }) => {
        const sorted = metrics.toSorted((a, b) => a.key.localeCompare(b.key))
        const grown = sorted.filter(({ step }) => step > 0).slice(0, mostCharts)
        if (metrics.length === 0 && params.length === 0)
          return (
            <Panel>
              <Empty title="The run has logged nothing">
                What <code>mlflow.log_metric</code> and <code>mlflow.autolog()</code> log in a job comes here
                by itself.
              </Empty>
            </Panel>
          )
        return (
          <Stack>
            <Figures>
              {sorted.map(({ key, value, step }) => (
                <Figure
                  key={key}
                  name={key}
                  value={metric(value)}
                  {...(step > 0 ? { note: `at step ${exact(step)}` } : {})}
                />
              ))}
            </Figures>
            {grown.length === 0 ? null : (
              <Histories runId={runId} keys={grown.map(({ key }) => key)} isActive={isActive} />
            )}
            {params.length === 0 ? null : (
              <Panel title="Parameters">
                <Facts
                  columns={2}
                  facts={params.map(({ key, value }) => ({
                    name: key,
                    value: <span className="mono">{value}</span>,
                  }))}
                />
              </Panel>
            )}
          </Stack>
        )
      }}
    </Answer>
  )
}

function Histories({
  runId,
  keys,
  isActive,
}: {
  readonly runId: string
  readonly keys: readonly string[]
  readonly isActive: boolean
}) {
  const workspace = useWorkspace()
  const histories = useQueries({
    queries: keys.map((key) => historyQuery(workspace, runId, key, isActive)),
  })
  return (
    <div className={style.charts}>
      {keys.map((key, i) => (
        <Panel key={key}>
          <History name={key} points={histories[i]?.data ?? []} />
        </Panel>
      ))}
    </div>
  )
}

function History({ name, points }: { readonly name: string; readonly points: readonly MetricPoint[] }) {
  const option = useMemo(
    () => (colours: Colours) => stepOption([{ name, colour: 1, points }], metric, colours),
    [name, points],
  )
  const last = points.at(-1)
  return (
    <Chart
      title={name}
      subtitle="by step"
      conclusion={
        last === undefined
          ? 'no values'
          : `${points.length} points, last ${metric(last.value)} at step ${last.step}`
      }
      option={option}
      isEmpty={points.length === 0}
      table={() => ({
        header: ['step', name],
        rows: points.map(({ step, value }) => [exact(step), metric(value)]),
      })}
    />
  )
}
