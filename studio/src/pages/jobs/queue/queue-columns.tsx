import type { Job } from '../../../api/jobs.ts'
import { usePaths } from '../../../frame/workspace.ts'
import { Act } from '../../../parts/act.tsx'
import { Go } from '../../../parts/go.tsx'
import { Status } from '../../../parts/status.tsx'
import type { Column } from '../../../parts/table/table.tsx'
import { Took } from '../../../parts/time.tsx'

/** Columns of a queue. `placeOf` answers 0 for what does not wait any more. */
export const queueColumns = ({
  placeOf,
  mayCancel,
  onCancel,
}: {
  readonly placeOf: (job: Job) => number
  readonly mayCancel: boolean
  readonly onCancel: (job: Job) => void
}): readonly Column<Job>[] => [
  {
    id: 'place',
    header: '#',
    width: '64px',
    cell: (job) => placeOf(job) || <span className="muted">–</span>,
  },
  { id: 'job', header: 'Job', width: 'minmax(200px, 2fr)', cell: (job) => <Name job={job} /> },
  {
    id: 'status',
    header: 'Status',
    width: '140px',
    cell: ({ properties }) => <Status kind="job" state={properties.status} />,
  },
  {
    id: 'since',
    header: 'Waited',
    width: '110px',
    align: 'right',
    cell: ({ systemData, properties }) => <Took from={systemData.createdAt} to={properties.startTime} />,
  },
  { id: 'by', header: 'By', width: '140px', cell: ({ systemData }) => systemData.createdBy },
  {
    id: 'leave',
    header: '',
    width: '110px',
    cell: (job) => (
      <Act
        label="Cancel"
        variant="default"
        size="compact-xs"
        allowed={mayCancel}
        onClick={() => onCancel(job)}
      />
    ),
  },
]

function Name({ job: { name, properties } }: { readonly job: Job }) {
  const to = usePaths()
  return (
    <>
      <Go to={to.job(name)}>{properties.stepName ?? properties.displayName ?? name}</Go>
      {properties.parentJobName === undefined ? null : (
        <span className="muted"> step of {properties.parentJobName}</span>
      )}
    </>
  )
}
