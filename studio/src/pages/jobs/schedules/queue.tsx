import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { cancel, type Job } from '../../../api/jobs.ts'
import { queueQuery, reasonOf, type ComputeQueue } from '../../../api/queue.ts'
import { useCan, usePaths, useWorkspace } from '../../../frame/workspace.ts'
import { Act, Confirm } from '../../../parts/act.tsx'
import { Equivalents } from '../../../parts/equivalents.tsx'
import { Go } from '../../../parts/go.tsx'
import { Page, Stack } from '../../../parts/page.tsx'
import { Panel } from '../../../parts/panel.tsx'
import { Answer } from '../../../parts/states.tsx'
import { Status } from '../../../parts/status.tsx'
import { Table, type Column } from '../../../parts/table/table.tsx'
import { Took } from '../../../parts/time.tsx'
import { JobPlaces } from '../list/job-places.tsx'

/** What waits for which compute, since when and why. */
export function Queue() {
  const workspace = useWorkspace()
  const query = useQuery(queueQuery(workspace.id))
  return (
    <Page
      title="Queue"
      actions={
        <Equivalents
          cli={[
            { what: 'What is queued', command: 'twinloop job list --query "[?status==\'Queued\']" -o table' },
          ]}
          rest={[
            {
              method: 'GET',
              path: `${workspace.id}/jobs`,
              query: { $filter: "status eq 'Queued'", $orderBy: 'createdtime asc', parentJobName: '' },
            },
          ]}
        />
      }
    >
      <JobPlaces />
      <Answer query={query}>
        {(queues) => (
          <Stack>
            {queues.map((queue) => (
              <OfCompute key={queue.compute} queue={queue} />
            ))}
          </Stack>
        )}
      </Answer>
    </Page>
  )
}

function OfCompute({ queue }: { readonly queue: ComputeQueue }) {
  const to = usePaths()
  const can = useCan()
  const [leaving, setLeaving] = useState<Job>()
  const { compute, places, running, waiting } = queue
  const columns: readonly Column<Job>[] = [
    {
      id: 'place',
      header: '#',
      width: '64px',
      cell: (job) => {
        const at = waiting.indexOf(job)
        return at < 0 ? <span className="muted">–</span> : at + 1
      },
    },
    {
      id: 'job',
      header: 'Job',
      width: 'minmax(200px, 2fr)',
      cell: ({ name, properties }) => (
        <>
          <Go to={to.job(name)}>{properties.stepName ?? properties.displayName ?? name}</Go>
          {properties.parentJobName === undefined ? null : (
            <span className="muted"> step of {properties.parentJobName}</span>
          )}
        </>
      ),
    },
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
          allowed={can('jobs/cancel/action')}
          onClick={() => setLeaving(job)}
        />
      ),
    },
  ]
  const all = [...waiting, ...running]
  return (
    <Panel
      title={compute === 'local' ? 'local, this machine' : compute}
      subtitle={`${running.length} at work, ${waiting.length} waiting; ${places === undefined ? 'a place for each core' : `${places} places`}`}
      flush
    >
      {waiting.length === 0 ? null : (
        <p style={{ padding: '10px 12px' }}>Why the first one waits: {reasonOf(queue)}</p>
      )}
      {all.length === 0 ? (
        <p className="muted" style={{ padding: '10px 12px' }}>
          Nothing waits, and nothing is at work.
        </p>
      ) : (
        <Table
          rows={all}
          columns={columns}
          rowKey={({ name }) => name}
          label={`jobs of ${compute}`}
          prefix={`${compute}.`}
          bare
        />
      )}
      {leaving === undefined ? null : (
        <Confirm
          title={`Cancel ${leaving.properties.displayName ?? leaving.name}?`}
          verb="Cancel job"
          danger
          onDone={() => cancel(leaving)}
          onClose={() => setLeaving(undefined)}
        >
          <p>
            {leaving.properties.parentJobName === undefined
              ? 'It leaves the queue, or is stopped if it runs.'
              : `It is a step of ${leaving.properties.parentJobName}: what follows it there will not run either.`}
          </p>
        </Confirm>
      )}
    </Panel>
  )
}
