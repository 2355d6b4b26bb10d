import type { Job } from '../../../api/jobs.ts'
import { Status } from '../../../parts/status.tsx'
import type { Column } from '../../../parts/table/column.ts'
import { Time, Took } from '../../../parts/time.tsx'
import { JobName } from '../job-name.tsx'

/** Columns of lists of jobs; the server can order by those that say so. */
export const jobColumns: readonly Column<Job>[] = [
  {
    id: 'name',
    header: 'Name',
    width: 'minmax(240px, 3fr)',
    isOrdered: true,
    cell: (job) => <JobName job={job} />,
  },
  {
    id: 'status',
    header: 'Status',
    width: '132px',
    isOrdered: true,
    cell: ({ properties }) => <Status kind="job" state={properties.status} />,
  },
  {
    id: 'type',
    header: 'Kind',
    width: '96px',
    isOrdered: true,
    cell: ({ properties }) => properties.jobType,
  },
  {
    id: 'experiment',
    header: 'Experiment',
    isOrdered: true,
    cell: ({ properties }) => properties.experimentName,
  },
  {
    id: 'started',
    header: 'Created',
    width: '124px',
    isOrdered: true,
    cell: ({ systemData }) => <Time at={systemData.createdAt} />,
  },
  {
    id: 'took',
    header: 'Took',
    width: '104px',
    align: 'right',
    cell: ({ properties }) => <Took from={properties.startTime} to={properties.endTime} />,
  },
  {
    id: 'by',
    header: 'By',
    width: '140px',
    isOrdered: true,
    cell: ({ systemData }) => systemData.createdBy,
  },
  {
    id: 'compute',
    header: 'Compute',
    extra: true,
    cell: ({ properties }) => properties.computeId?.split('/').at(-1) ?? 'local',
  },
  {
    id: 'waited',
    header: 'Waited',
    width: '104px',
    align: 'right',
    extra: true,
    cell: ({ systemData, properties }) => (
      <Took from={systemData.createdAt} to={properties.startTime ?? properties.endTime} />
    ),
  },
  {
    id: 'tags',
    header: 'Tags',
    width: 'minmax(160px, 1fr)',
    extra: true,
    cell: ({ properties }) =>
      Object.entries(properties.tags ?? {})
        .map(([name, value]) => `${name}=${value}`)
        .join(', '),
  },
]
