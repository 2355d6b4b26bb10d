import { Tabs } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
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

const iso = (ms: number | undefined) =>
  ms === undefined || ms === 0 ? undefined : new Date(ms).toISOString()

/** A run of MLflow, whether it is a job or somebody's script. */
export function RunPage() {
  const { run: id = '' } = useParams({ strict: false })
  const query = useQuery(runQuery(useWorkspace(), id, true))
  return <Answer query={query}>{(run) => <Shown run={run} />}</Answer>
}

function Shown({ run }: { readonly run: Run }) {
  const [tab, setTab] = useSearchWord('tab', 'metrics')
  const workspace = useWorkspace()
  const to = usePaths()
  const { info, data } = run
  const isJob = data.tags?.some(({ key }) => key === 'azureml.jobType') === true
  return (
    <Page
      title={info.run_name ?? info.run_id}
      status={<Status kind="run" state={info.status} />}
      meta={
        <>
          <span>
            <span className="mono">{info.run_id}</span> <Copy text={info.run_id} what="id" />
          </span>
          {isJob ? <Go to={to.job(info.run_id)}>its job</Go> : <span>logged from elsewhere</span>}
          <span>
            <Time at={iso(info.start_time)} /> by {info.user_id ?? 'somebody'}
          </span>
          <span>
            took <Took from={iso(info.start_time)} to={iso(info.end_time)} />
          </span>
        </>
      }
      actions={
        <Equivalents
          cli={[{ what: 'By MLflow', command: `mlflow runs describe --run-id ${info.run_id}` }]}
          rest={[
            {
              method: 'GET',
              path: `${workspace.mlflow}/api/2.0/mlflow/runs/get`,
              query: { run_id: info.run_id },
            },
          ]}
        />
      }
    >
      <Tabs value={tab} onChange={(value) => setTab(value ?? 'metrics')} keepMounted={false}>
        <Tabs.List mb="md">
          <Tabs.Tab value="metrics">Metrics</Tabs.Tab>
          <Tabs.Tab value="files">Files</Tabs.Tab>
          <Tabs.Tab value="tags">Tags</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="metrics">
          <RunMetrics runId={info.run_id} isActive={info.status === 'RUNNING'} />
        </Tabs.Panel>
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
