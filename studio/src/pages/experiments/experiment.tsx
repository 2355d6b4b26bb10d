import { Tabs } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { experimentsQuery } from '../../api/experiments.ts'
import { chartedQuery, runFilter, type RunFilter } from '../../api/runs-list.ts'
import { useSearchWord } from '../../frame/search.ts'
import { useWorkspace } from '../../frame/workspace.ts'
import { Equivalents } from '../../parts/equivalents.tsx'
import { Page } from '../../parts/page.tsx'
import { Panel } from '../../parts/panel.tsx'
import { Answer } from '../../parts/states.tsx'
import { RunCharts } from './charts/run-charts.tsx'
import { Runs } from './runs.tsx'

/** The runs of an experiment, with any of what they logged as columns, and against each other. */
export function ExperimentPage() {
  const { experiment: id = '' } = useParams({ strict: false })
  const workspace = useWorkspace()
  const [tab, setTab] = useSearchWord('tab', 'runs')
  const [filter] = useSearchWord('filter')
  const [parent] = useSearchWord('parent')
  const [nested] = useSearchWord('nested', 'tree')
  const { data: experiments = [] } = useQuery(experimentsQuery(workspace))
  const name = experiments.find((one) => one.experiment_id === id)?.name ?? id
  const asked = { experiments: [id], filter, parent, isTop: nested === 'top' }
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
              command: `python -c "import mlflow; print(mlflow.search_runs(['${id}'], filter_string=${JSON.stringify(runFilter({ ...asked, words: '' })).replaceAll('"', "'''")}))"`,
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
            <Runs key={id} experiment={id} />
          </Panel>
        </Tabs.Panel>
        <Tabs.Panel value="charts">
          <Charts filter={{ ...asked, words: '' }} />
        </Tabs.Panel>
      </Tabs>
    </Page>
  )
}

function Charts({ filter }: { readonly filter: RunFilter }) {
  const workspace = useWorkspace()
  const [q] = useSearchWord('q')
  const query = useQuery(chartedQuery(workspace, { ...filter, words: q.trim() }))
  return <Answer query={query}>{({ runs, count }) => <RunCharts runs={runs} count={count} />}</Answer>
}
