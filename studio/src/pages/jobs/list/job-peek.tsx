import { useQuery } from '@tanstack/react-query'
import { hasEnded, stepsQuery, type Job, type JobProperties } from '../../../api/jobs.ts'
import { resourceQuery } from '../../../api/queries.ts'
import { runQuery } from '../../../api/runs.ts'
import { usePaths, useWorkspace } from '../../../frame/workspace.ts'
import { Go } from '../../../parts/go.tsx'
import { Stack } from '../../../parts/page.tsx'
import { Facts } from '../../../parts/panel.tsx'
import { Answer } from '../../../parts/states.tsx'
import { Status } from '../../../parts/status.tsx'
import { Time, Took } from '../../../parts/time.tsx'
import { metric } from '../../../words/numbers.ts'
import { FailureCard } from '../failure-card.tsx'
import { InputsAndOutputs } from '../job-overview.tsx'

/** More numbers than this are looked at on the job's own page. */
const mostMetrics = 12

/** A job in short: how it went, why, what it was given and what it measured. */
export function JobPeek({ name }: { readonly name: string }) {
  const workspace = useWorkspace()
  const query = useQuery(resourceQuery<JobProperties>(`${workspace.id}/jobs/${name}`))
  return <Answer query={query}>{(job) => <Shown job={job} />}</Answer>
}

function Shown({ job }: { readonly job: Job }) {
  const workspace = useWorkspace()
  const to = usePaths()
  const { properties, systemData } = job
  const isPipeline = properties.jobType === 'Pipeline'
  const { data: steps = [] } = useQuery({ ...stepsQuery(workspace.id, job.name), enabled: isPipeline })
  const { data: run } = useQuery({
    ...runQuery(workspace, job.name, !hasEnded(properties.status)),
    enabled: !isPipeline,
    retry: false,
  })
  const metrics = run?.data.metrics ?? []
  return (
    <Stack>
      <h2 style={{ overflowWrap: 'anywhere' }}>{properties.displayName ?? job.name}</h2>
      <div>
        <Status kind="job" state={properties.status} />
      </div>
      <FailureCard job={job} steps={steps} />
      <Facts
        facts={[
          { name: 'Name', value: <span className="mono">{job.name}</span> },
          {
            name: 'Created',
            value: (
              <>
                <Time at={systemData.createdAt} /> by {systemData.createdBy}
              </>
            ),
          },
          { name: 'Took', value: <Took from={properties.startTime} to={properties.endTime} /> },
          { name: 'Experiment', value: properties.experimentName },
          ...metrics.slice(0, mostMetrics).map(({ key, value }) => ({ name: key, value: metric(value) })),
        ]}
      />
      {steps.length === 0 ? null : (
        <Facts
          facts={steps.map((step) => ({
            name: step.properties.stepName ?? step.name,
            value: (
              <Go to={to.job(step.name)}>
                <Status kind="job" state={step.properties.status} />
              </Go>
            ),
          }))}
        />
      )}
      {properties.command === undefined ? null : (
        <code style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>{properties.command}</code>
      )}
      <InputsAndOutputs values={properties.inputs ?? {}} none="It takes no inputs." />
    </Stack>
  )
}
