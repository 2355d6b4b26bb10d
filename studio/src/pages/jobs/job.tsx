import { Tabs } from '@mantine/core'
import { IconPlayerStop, IconRefresh } from '../../parts/icons.ts'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { cancel, hasEnded, rerun, type Job, type JobProperties } from '../../api/jobs.ts'
import { resourceQuery } from '../../api/queries.ts'
import { useSearchWord } from '../../frame/search.ts'
import { useCan, usePaths, useWorkspace } from '../../frame/workspace.ts'
import { Act, Confirm, tell, tellFailure } from '../../parts/act.tsx'
import { Copy } from '../../parts/copy.tsx'
import { Equivalents } from '../../parts/equivalents.tsx'
import { Go } from '../../parts/go.tsx'
import { Lineage } from '../../parts/lineage.tsx'
import { Page } from '../../parts/page.tsx'
import { Answer } from '../../parts/states.tsx'
import { Status } from '../../parts/status.tsx'
import { Time, Took } from '../../parts/time.tsx'
import { RunFiles } from '../../parts/run-files.tsx'
import { JobLogs } from './job-logs.tsx'
import { RunMetrics } from '../../parts/run-metrics.tsx'
import { JobOverview } from './job-overview.tsx'

/** A job, a pipeline or a step of one: how it went, and why. */
export function JobPage() {
  const { job: name = '' } = useParams({ strict: false })
  const workspace = useWorkspace()
  const query = useQuery(resourceQuery<JobProperties>(`${workspace.id}/jobs/${name}`))
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
          <span>{properties.experimentName}</span>
          <span>
            <Time at={job.systemData.createdAt} /> by {job.systemData.createdBy}
          </span>
          <span>
            took <Took from={properties.startTime} to={properties.endTime} />
          </span>
        </>
      }
      actions={<Actions job={job} />}
    >
      <Tabs value={tab} onChange={(value) => setTab(value ?? 'overview')} keepMounted={false}>
        <Tabs.List mb="md">
          <Tabs.Tab value="overview">{isPipeline ? 'Pipeline' : 'Overview'}</Tabs.Tab>
          {isPipeline ? null : <Tabs.Tab value="metrics">Metrics</Tabs.Tab>}
          <Tabs.Tab value="logs">Logs</Tabs.Tab>
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

function Actions({ job }: { readonly job: Job }) {
  const can = useCan(job.id)
  const workspace = useWorkspace()
  const navigate = useNavigate()
  const to = usePaths()
  const [isCancelling, setCancelling] = useState(false)
  const [isRerunning, setRerunning] = useState(false)
  const { properties, name } = job
  const isStep = properties.parentJobName !== undefined
  const runAgain = async () => {
    setRerunning(true)
    try {
      const made = await rerun(workspace, job)
      tell(`Started ${made}`)
      await navigate({ to: to.job(made) as '/' })
    } catch (error) {
      tellFailure(error as Error)
    } finally {
      setRerunning(false)
    }
  }
  return (
    <>
      {hasEnded(properties.status) ? (
        isStep ? null : (
          <Act
            label="Run again"
            icon={<IconRefresh size={14} />}
            loading={isRerunning}
            allowed={can('jobs/write')}
            onClick={() => void runAgain()}
          />
        )
      ) : (
        <Act
          label="Cancel job"
          color="red"
          icon={<IconPlayerStop size={14} />}
          allowed={can('jobs/cancel/action')}
          onClick={() => setCancelling(true)}
        />
      )}
      <Equivalents
        cli={[
          { what: 'Show it', command: `twinloop job show --name ${name}` },
          { what: 'Follow its log', command: `twinloop job stream --name ${name}` },
          { what: 'Fetch what it made', command: `twinloop job download --name ${name} --all` },
          { what: 'Cancel it', command: `twinloop job cancel --name ${name}` },
        ]}
        rest={[{ method: 'GET', path: job.id }]}
        resource={job}
        kind="job"
      />
      {isCancelling ? (
        <Confirm
          title={`Cancel ${properties.displayName ?? name}?`}
          verb="Cancel job"
          danger
          onDone={() => cancel(job)}
          onClose={() => setCancelling(false)}
        >
          <p>
            What runs is stopped, and what has not started will not. Steps that are done stay as they are.
          </p>
        </Confirm>
      ) : null}
    </>
  )
}
