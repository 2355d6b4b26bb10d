import { Tabs } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { nestedQuery } from '../../api/runs-list.ts'
import { runQuery, type Run } from '../../api/runs.ts'
import { useSearchWord } from '../../frame/search.ts'
import { usePaths, useWorkspace } from '../../frame/workspace.ts'
import { Copy } from '../../parts/copy.tsx'
import { Equivalents } from '../../parts/equivalents.tsx'
import { Go } from '../../parts/go.tsx'
import { Page } from '../../parts/page.tsx'
import { Facts, Panel } from '../../parts/panel.tsx'
import { RunFiles } from '../../parts/run-files.tsx'
import { RunMetrics } from '../../parts/run-metrics.tsx'
import { Answer } from '../../parts/states.tsx'
import { Status } from '../../parts/status.tsx'
import { Time, Took } from '../../parts/time.tsx'
import { exact } from '../../words/numbers.ts'
import { Leaderboard } from './leaderboard/leaderboard.tsx'
import { ParentLink } from './parent-link.tsx'
import { isoTime, parentOf, tagOf } from './run-values.ts'
import { Runs } from './runs.tsx'

/** A run of MLflow, whether it is a job or somebody's script. */
export function RunPage() {
  const { run: id = '' } = useParams({ strict: false })
  const query = useQuery(runQuery(useWorkspace(), id, true))
  return <Answer query={query}>{(run) => <Shown key={id} run={run} />}</Answer>
}

function Shown({ run }: { readonly run: Run }) {
  const [tab, setTab] = useSearchWord('tab', 'metrics')
  const workspace = useWorkspace()
  const to = usePaths()
  const { info, data } = run
  const isJob = tagOf(run, 'azureml.jobType') !== undefined
  const { data: nested } = useQuery(nestedQuery(workspace, info.experiment_id, info.run_id))
  const below = nested?.runs ?? 0
  return (
    <Page
      title={info.run_name ?? info.run_id}
      status={<Status kind="run" state={info.status} />}
      meta={
        <>
          <span>
            <span className="mono">{info.run_id}</span> <Copy text={info.run_id} what="id" />
          </span>
          {parentOf(run) === undefined ? null : (
            <span>
              nested below <ParentLink run={run} />
            </span>
          )}
          {isJob ? <Go to={to.job(info.run_id)}>its job</Go> : <span>logged from elsewhere</span>}
          <span>
            <Time at={isoTime(info.start_time)} /> by {info.user_id ?? 'somebody'}
          </span>
          <span>
            took <Took from={isoTime(info.start_time)} to={isoTime(info.end_time)} />
          </span>
        </>
      }
      actions={
        <Equivalents
          cli={[
            { what: 'By MLflow', command: `mlflow runs describe --run-id ${info.run_id}` },
            ...(below === 0
              ? []
              : [
                  {
                    what: 'What is nested below it, as a data frame',
                    command: `python -c "import mlflow; print(mlflow.search_runs(['${info.experiment_id}'], filter_string='''tags.mlflow.parentRunId = '${info.run_id}' '''))"`,
                  },
                ]),
          ]}
          rest={[
            {
              method: 'GET',
              path: `${workspace.mlflow}/api/2.0/mlflow/runs/get`,
              query: { run_id: info.run_id },
            },
            ...(below === 0 ? [] : [{ method: 'POST', path: `${workspace.id}/summarizeTrials` }]),
          ]}
        />
      }
    >
      <Tabs value={tab} onChange={(value) => setTab(value ?? 'metrics')} keepMounted={false}>
        <Tabs.List mb="md">
          <Tabs.Tab value="metrics">Metrics</Tabs.Tab>
          {below === 0 ? null : (
            <>
              <Tabs.Tab value="leaderboard">Leaderboard</Tabs.Tab>
              <Tabs.Tab value="nested">Nested runs ({exact(below)})</Tabs.Tab>
            </>
          )}
          <Tabs.Tab value="files">Files</Tabs.Tab>
          <Tabs.Tab value="tags">Tags</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="metrics">
          <RunMetrics runId={info.run_id} isActive={info.status === 'RUNNING'} />
        </Tabs.Panel>
        {below === 0 ? null : (
          <>
            <Tabs.Panel value="leaderboard">
              <Leaderboard run={run} />
            </Tabs.Panel>
            <Tabs.Panel value="nested">
              <Panel flush>
                <Runs experiment={info.experiment_id} below={info.run_id} />
              </Panel>
            </Tabs.Panel>
          </>
        )}
        <Tabs.Panel value="files">
          <RunFiles runId={info.run_id} />
        </Tabs.Panel>
        <Tabs.Panel value="tags">
          <Panel title="Tags">
            <Facts columns={2} facts={(data.tags ?? []).map(({ key, value }) => ({ name: key, value }))} />
          </Panel>
        </Tabs.Panel>
      </Tabs>
    </Page>
  )
}
