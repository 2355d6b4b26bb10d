import { Tabs, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { experimentsQuery, mostRuns, runsQuery } from '../../api/experiments.ts'
import type { Run } from '../../api/runs.ts'
import { useSearchWord } from '../../frame/search.ts'
import { usePaths, useWorkspace } from '../../frame/workspace.ts'
import { Equivalents } from '../../parts/equivalents.tsx'
import { Page } from '../../parts/page.tsx'
import { Panel } from '../../parts/panel.tsx'
import { Answer, Empty } from '../../parts/states.tsx'
import { Status } from '../../parts/status.tsx'
import { Table, type Column } from '../../parts/table/table.tsx'
import { Time, Took } from '../../parts/time.tsx'
import { exact, metric } from '../../words/numbers.ts'
import { loggedBy, metricOf, paramOf } from './run-columns.ts'
import { RunCharts } from './run-charts.tsx'

/** So many metrics and parameters are columns unasked; the others can be chosen. */
const shownMetrics = 4
const shownParams = 4

/** The runs of an experiment, with any of what they logged as columns, and against each other. */
export function ExperimentPage() {
  const { experiment: id = '' } = useParams({ strict: false })
  const workspace = useWorkspace()
  const [filter, setFilter] = useSearchWord('filter')
  const [tab, setTab] = useSearchWord('tab', 'runs')
  const { data: experiments = [] } = useQuery(experimentsQuery(workspace))
  const query = useQuery(runsQuery(workspace, id, filter))
  const name = experiments.find((one) => one.experiment_id === id)?.name ?? id
  return (
    <Page
      title={name}
      meta={<span>experiment {id}</span>}
      actions={
        <Equivalents
          cli={[
            { what: 'The same runs, by MLflow', command: `mlflow runs list --experiment-id ${id}` },
            {
              what: 'As a data frame',
              command: `python -c "import mlflow; print(mlflow.search_runs(['${id}']))"`,
            },
          ]}
          rest={[{ method: 'POST', path: `${workspace.mlflow}/api/2.0/mlflow/runs/search` }]}
        />
      }
    >
      <Tabs value={tab} onChange={(value) => setTab(value ?? 'runs')} keepMounted={false}>
        <Tabs.List mb="md">
          <Tabs.Tab value="runs">Runs</Tabs.Tab>
          <Tabs.Tab value="charts">Charts</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="runs">
          <Panel flush>
            <Answer query={query} rows={12}>
              {({ runs, isAll }) => (
                <Runs key={id} runs={runs} isAll={isAll} filter={filter} onFilter={setFilter} />
              )}
            </Answer>
          </Panel>
        </Tabs.Panel>
        <Tabs.Panel value="charts">
          <Answer query={query}>{({ runs }) => <RunCharts runs={runs} />}</Answer>
        </Tabs.Panel>
      </Tabs>
    </Page>
  )
}

const iso = (ms: number | undefined) =>
  ms === undefined || ms === 0 ? undefined : new Date(ms).toISOString()

function Runs({
  runs,
  isAll,
  filter,
  onFilter,
}: {
  readonly runs: readonly Run[]
  readonly isAll: boolean
  readonly filter: string
  readonly onFilter: (filter: string) => void
}) {
  const to = usePaths()
  const [typed, setTyped] = useState(filter)
  const columns = useMemo(() => columnsOf(runs), [runs])
  if (runs.length === 0 && filter === '')
    return <Empty title="No run yet" command={'eval "$(twinloop env)" && python train.py'} />
  return (
    <Table
      rows={runs}
      columns={columns}
      rowKey={({ info }) => info.run_id}
      to={({ info }) => to.run(info.experiment_id, info.run_id)}
      label="runs"
      initial="-started"
      {...(isAll ? {} : { note: `the newest ${exact(mostRuns)}; filter to find older ones` })}
      tools={
        <form
          onSubmit={(event) => {
            event.preventDefault()
            onFilter(typed.trim())
          }}
        >
          <TextInput
            aria-label="MLflow filter"
            placeholder="metrics.roc_auc > 0.7 and params.max_iter = '150'"
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
            w={340}
            className="mono"
          />
        </form>
      }
    />
  )
}

function columnsOf(runs: readonly Run[]): readonly Column<Run>[] {
  const { metrics, params, sameParams } = loggedBy(runs)
  return [
    {
      id: 'name',
      header: 'Run',
      width: 'minmax(180px, 1.5fr)',
      cell: ({ info }) => <span title={info.run_id}>{info.run_name ?? info.run_id}</span>,
      sort: ({ info }) => info.run_name,
      text: ({ info }) => `${info.run_name ?? ''} ${info.run_id}`,
    },
    {
      id: 'status',
      header: 'Status',
      width: '120px',
      cell: ({ info }) => <Status kind="run" state={info.status} />,
      sort: ({ info }) => info.status,
      text: ({ info }) => info.status,
    },
    {
      id: 'started',
      header: 'Started',
      width: '120px',
      cell: ({ info }) => <Time at={iso(info.start_time)} />,
      sort: ({ info }) => info.start_time,
    },
    {
      id: 'took',
      header: 'Took',
      width: '100px',
      align: 'right',
      cell: ({ info }) => <Took from={iso(info.start_time)} to={iso(info.end_time)} />,
      sort: ({ info }) => (info.end_time ?? Date.now()) - (info.start_time ?? 0),
    },
    ...metrics.map((key, i): Column<Run> => ({
      id: `metric.${key}`,
      header: key,
      width: '120px',
      align: 'right',
      extra: i >= shownMetrics,
      cell: (run) => metric(metricOf(run, key)),
      sort: (run) => metricOf(run, key),
    })),
    ...[...params, ...sameParams].map((key, i): Column<Run> => ({
      id: `param.${key}`,
      header: key,
      width: '120px',
      extra: i >= Math.min(shownParams, params.length),
      cell: (run) => <span className="mono">{paramOf(run, key)}</span>,
      sort: (run) => paramOf(run, key),
      text: (run) => paramOf(run, key) ?? '',
    })),
  ]
}
