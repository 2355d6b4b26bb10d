import { Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { listQuery } from '../../api/queries.ts'
import type { Job, JobProperties } from '../../api/jobs.ts'
import { useSearchWord } from '../../frame/search.ts'
import { usePaths, useWorkspace } from '../../frame/workspace.ts'
import { Equivalents } from '../../parts/equivalents.tsx'
import { Page } from '../../parts/page.tsx'
import { Panel } from '../../parts/panel.tsx'
import { Answer, Empty } from '../../parts/states.tsx'
import { Status } from '../../parts/status.tsx'
import { Table, type Column } from '../../parts/table/table.tsx'
import { Time, Took } from '../../parts/time.tsx'
import { jobLooks } from '../../words/status.ts'
import { between } from '../../words/time.ts'
import { JobName } from './job-name.tsx'

const took = ({ properties }: Job) => between(properties.startTime, properties.endTime, new Date())

const columns: readonly Column<Job>[] = [
  {
    id: 'name',
    header: 'Name',
    width: 'minmax(240px, 3fr)',
    cell: (job) => <JobName job={job} />,
    sort: (job) => job.properties.displayName ?? job.name,
    text: (job) => `${job.name} ${job.properties.displayName ?? ''}`,
  },
  {
    id: 'status',
    header: 'Status',
    width: '132px',
    cell: ({ properties }) => <Status kind="job" state={properties.status} />,
    sort: ({ properties }) => properties.status,
    text: ({ properties }) => properties.status,
  },
  {
    id: 'type',
    header: 'Kind',
    width: '96px',
    cell: ({ properties }) => properties.jobType,
    sort: ({ properties }) => properties.jobType,
    text: ({ properties }) => properties.jobType,
  },
  {
    id: 'experiment',
    header: 'Experiment',
    cell: ({ properties }) => properties.experimentName,
    sort: ({ properties }) => properties.experimentName,
    text: ({ properties }) => properties.experimentName ?? '',
  },
  {
    id: 'started',
    header: 'Created',
    width: '124px',
    cell: ({ systemData }) => <Time at={systemData.createdAt} />,
    sort: ({ systemData }) => Date.parse(systemData.createdAt),
  },
  {
    id: 'took',
    header: 'Took',
    width: '104px',
    align: 'right',
    cell: ({ properties }) => <Took from={properties.startTime} to={properties.endTime} />,
    sort: took,
  },
  {
    id: 'by',
    header: 'By',
    width: '140px',
    cell: ({ systemData }) => systemData.createdBy,
    sort: ({ systemData }) => systemData.createdBy,
    text: ({ systemData }) => systemData.createdBy,
  },
  {
    id: 'compute',
    header: 'Compute',
    extra: true,
    cell: ({ properties }) => properties.computeId?.split('/').at(-1) ?? 'local',
    sort: ({ properties }) => properties.computeId ?? '',
  },
]

/** What runs and ran: jobs and pipelines, without the steps of pipelines. */
export function Jobs() {
  const workspace = useWorkspace()
  const to = usePaths()
  const [status, setStatus] = useSearchWord('status')
  const path = `${workspace.id}/jobs`
  const filter = status === '' ? {} : { status }
  const query = useQuery(listQuery<JobProperties>(path, filter))
  return (
    <Page
      title="Jobs"
      actions={
        <Equivalents
          cli={[
            { what: 'The same list', command: 'twinloop job list -o table' },
            { what: 'Run one', command: 'twinloop job create --file job.yml --stream' },
          ]}
          rest={[{ method: 'GET', path, query: filter }]}
        />
      }
    >
      <Panel flush>
        <Answer query={query} rows={12}>
          {(jobs) =>
            jobs.length === 0 && status === '' ? (
              <Empty
                title="No job has run here yet"
                command="twinloop job create --file pipeline.yml --stream"
              >
                A job is a command or a pipeline in Azure ML's YAML; each is an MLflow run as well.
              </Empty>
            ) : (
              <Table
                rows={jobs}
                columns={columns}
                rowKey={({ id }) => id}
                to={({ name }) => to.job(name)}
                label="jobs"
                tools={
                  <Select
                    aria-label="Status"
                    placeholder="Any status"
                    clearable
                    clearButtonProps={{ 'aria-label': 'Any status' }}
                    data={Object.entries(jobLooks).map(([value, { word }]) => ({ value, label: word }))}
                    value={status === '' ? null : status}
                    onChange={(value) => setStatus(value ?? '')}
                    w={150}
                  />
                }
              />
            )
          }
        </Answer>
      </Panel>
    </Page>
  )
}
