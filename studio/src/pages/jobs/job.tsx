import { Tabs } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Navigate, useParams } from '@tanstack/react-router'
import { ApiError } from '../../api/call.ts'
import { hasEnded, type Job, type JobProperties } from '../../api/jobs.ts'
import { resourceQuery } from '../../api/queries.ts'
import { useSearchWord } from '../../frame/search.ts'
import { usePaths, useWorkspace } from '../../frame/workspace.ts'
import { Copy } from '../../parts/copy.tsx'
import { Go } from '../../parts/go.tsx'
import { Lineage } from '../../parts/lineage.tsx'
import { Page } from '../../parts/page.tsx'
import { Answer } from '../../parts/states.tsx'
import { Status } from '../../parts/status.tsx'
import { Time, Took } from '../../parts/time.tsx'
import { RunFiles } from '../../parts/run-files.tsx'
import { JobActions } from './actions/job-actions.tsx'
import { JobCode } from './code/job-code.tsx'
import { JobLogs } from './job-logs.tsx'
import { RunMetrics } from '../../parts/run-metrics.tsx'
import { JobOverview } from './job-overview.tsx'
import { JobSystem } from './usage/job-system.tsx'

/** A job, a pipeline or a step of one: how it went, and why. */
export function JobPage() {
  const { job: name = '' } = useParams({ strict: false })
  const workspace = useWorkspace()
  const query = useQuery(resourceQuery<JobProperties>(`${workspace.id}/jobs/${name}`))
  const to = usePaths()
  // Links of earlier days, where there is no job of that name.
  const former = new Map([
    ['schedules', to.schedules],
    ['queue', to.queue],
    ['compare', to.compareJobs],
  ]).get(name)
  if (former !== undefined && query.error instanceof ApiError && query.error.status === 404)
    return <Navigate to={former as '/'} search={(before) => before} replace />
  return <Answer query={query}>{(job) => <Shown job={job} />}</Answer>
}

function Shown({ job }: { readonly job: Job }) {
  const { properties } = job
  const isPipeline = properties.jobType === 'Pipeline'
  const [tab, setTab] = useSearchWord('tab', 'overview')
  const to = usePaths()
  return (
    <Page
      title={properties.displayName ?? job.name}
      status={<Status kind="job" state={properties.status} />}
      meta={
        <>
          <span>
            <span className="mono">{job.name}</span> <Copy text={job.name} what="name" />
          </span>
          {properties.parentJobName === undefined ? null : (
            <span>
              step of <Go to={to.job(properties.parentJobName)}>{properties.parentJobName}</Go>
            </span>
          )}
          {properties.resumedFrom === undefined || properties.parentJobName !== undefined ? null : (
            <span>
              goes on from <Go to={to.job(properties.resumedFrom)}>{properties.resumedFrom}</Go>
            </span>
          )}
          <span>{properties.experimentName}</span>
          <span>
            <Time at={job.systemData.createdAt} /> by {job.systemData.createdBy}
          </span>
          <span>
            took <Took from={properties.startTime} to={properties.endTime} />
          </span>
        </>
      }
      actions={<JobActions job={job} />}
    >
      <Tabs value={tab} onChange={(value) => setTab(value ?? 'overview')} keepMounted={false}>
        <Tabs.List mb="md">
          <Tabs.Tab value="overview">{isPipeline ? 'Pipeline' : 'Overview'}</Tabs.Tab>
          {isPipeline ? null : <Tabs.Tab value="metrics">Metrics</Tabs.Tab>}
          <Tabs.Tab value="logs">Logs</Tabs.Tab>
          {isPipeline ? null : <Tabs.Tab value="code">Code</Tabs.Tab>}
          {isPipeline ? null : <Tabs.Tab value="system">System</Tabs.Tab>}
          <Tabs.Tab value="files">Files</Tabs.Tab>
          <Tabs.Tab value="lineage">Lineage</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="overview">
          <JobOverview job={job} />
        </Tabs.Panel>
        <Tabs.Panel value="metrics">
          <RunMetrics runId={job.name} isActive={!hasEnded(properties.status)} />
        </Tabs.Panel>
        <Tabs.Panel value="logs">
          <JobLogs job={job} />
        </Tabs.Panel>
        <Tabs.Panel value="system">
          <JobSystem job={job} />
        </Tabs.Panel>
        <Tabs.Panel value="code">
          <JobCode job={job} />
        </Tabs.Panel>
        <Tabs.Panel value="files">
          <RunFiles runId={job.name} />
        </Tabs.Panel>
        <Tabs.Panel value="lineage">
          <Lineage id={job.id} />
        </Tabs.Panel>
      </Tabs>
    </Page>
  )
}
