import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { runQuery } from '../api/runs.ts'
import { useWorkspace } from '../frame/workspace.ts'
import { HistoryChart } from './history/history-chart.tsx'
import { HistoryTools, useHistoryView } from './history/history-tools.tsx'
import { Stack } from './page.tsx'
import { Figure, Figures, Panel, Facts } from './panel.tsx'
import { Answer, Empty } from './states.tsx'
import { plural } from '../words/names.ts'
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
  const view = useHistoryView()
  const runs = useMemo(() => [{ id: runId, name: 'this run', look: { colour: 1, dashed: false } }], [runId])
  return (
    <Panel title="Over time" subtitle={plural(keys.length, 'metric')} actions={<HistoryTools />}>
      <div className={style.charts}>
        {keys.map((key) => (
          <HistoryChart key={key} metric={key} runs={runs} view={view} isActive={isActive} />
        ))}
      </div>
    </Panel>
  )
}
