import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { cancel, type Job } from '../../../api/jobs.ts'
import { lineQuery, mostQueued, reasonOf, type QueuedCompute, type QueueLine } from '../../../api/queue.ts'
import { useCan, useWorkspace } from '../../../frame/workspace.ts'
import { Confirm } from '../../../parts/act.tsx'
import { Panel } from '../../../parts/panel.tsx'
import { Failure, Loading } from '../../../parts/states.tsx'
import { Table } from '../../../parts/table/table.tsx'
import { exact } from '../../../words/numbers.ts'
import { queueColumns } from './queue-columns.tsx'

/** As many are shown unasked. */
const fewQueued = 50

/** What waits for a compute and what is at work there: the first of them, and how many there are. */
export function OfCompute({ compute }: { readonly compute: QueuedCompute }) {
  const workspace = useWorkspace()
  const [top, setTop] = useState(fewQueued)
  const waiting = useQuery(lineQuery(workspace.id, 'waiting', compute.filter, top))
  const working = useQuery(lineQuery(workspace.id, 'working', compute.filter, top))
  const failed = waiting.error === null ? working : waiting
  if (waiting.data === undefined || working.data === undefined)
    return (
      <Panel title={titleOf(compute)}>
        {failed.error === null ? (
          <Loading rows={2} />
        ) : (
          <Failure error={failed.error} onRetry={() => void failed.refetch()} />
        )}
      </Panel>
    )
  return (
    <Lines
      title={titleOf(compute)}
      note={compute.places === undefined ? 'a place for each core' : `${compute.places} places`}
      why={reasonOf(compute, working.data)}
      waiting={waiting.data}
      working={working.data}
      onMore={top < mostQueued ? () => setTop(mostQueued) : undefined}
    />
  )
}

const titleOf = ({ name }: QueuedCompute) => (name === 'local' ? 'local, this machine' : name)

/** More computes than these cannot be left out of one list. */
const mostLeftOut = 24

/** What waits for computes that were deleted, which it would do for ever: shown where there is any. */
export function GoneComputes({ computes }: { readonly computes: readonly QueuedCompute[] }) {
  const workspace = useWorkspace()
  const [top, setTop] = useState(fewQueued)
  const isKnown = computes.length <= mostLeftOut
  const filter = computes.map((one) => one.filter.replace('target eq', 'target ne')).join(' and ')
  const { data: waiting } = useQuery({
    ...lineQuery(workspace.id, 'waiting', filter, top),
    enabled: isKnown,
  })
  if (waiting === undefined || waiting.total === 0) return null
  return (
    <Lines
      title="computes that have gone"
      note="no places"
      why="its compute was deleted: cancel it, and submit it to another one."
      waiting={waiting}
      working={{ total: 0, jobs: [] }}
      onMore={top < mostQueued ? () => setTop(mostQueued) : undefined}
    />
  )
}

function Lines({
  title,
  note,
  why,
  waiting,
  working,
  onMore,
}: {
  readonly title: string
  readonly note: string
  readonly why: string
  readonly waiting: QueueLine
  readonly working: QueueLine
  readonly onMore: (() => void) | undefined
}) {
  const can = useCan()
  const [leaving, setLeaving] = useState<Job>()
  const shown = [...waiting.jobs, ...working.jobs]
  const hidden = waiting.total + working.total - shown.length
  const columns = queueColumns({
    placeOf: (job) => waiting.jobs.indexOf(job) + 1,
    mayCancel: can('jobs/cancel/action'),
    onCancel: setLeaving,
  })
  return (
    <Panel
      title={title}
      subtitle={`${exact(working.total)} at work, ${exact(waiting.total)} waiting; ${note}`}
      flush
    >
      {waiting.total === 0 ? null : <p style={{ padding: '10px 12px' }}>Why the first one waits: {why}</p>}
      {shown.length === 0 ? (
        <p className="muted" style={{ padding: '10px 12px' }}>
          Nothing waits, and nothing is at work.
        </p>
      ) : (
        <Table
          rows={shown}
          columns={columns}
          rowKey={({ name }) => name}
          label={`jobs of ${title}`}
          prefix={`${title}.`}
          bare
        />
      )}
      {hidden === 0 ? null : (
        <p className="muted" style={{ display: 'flex', alignItems: 'center', gap: 12, padding: '8px 12px' }}>
          {exact(hidden)} more that came later.
          {onMore === undefined ? null : (
            <Button variant="default" size="compact-xs" onClick={onMore}>
              Show up to {exact(mostQueued)} of each
            </Button>
          )}
        </p>
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
