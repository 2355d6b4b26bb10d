import type { Job } from '../../api/jobs.ts'
import { usePaths } from '../../frame/workspace.ts'
import { Panel } from '../../parts/panel.tsx'
import { Status } from '../../parts/status.tsx'
import { Table, type Column } from '../../parts/table/table.tsx'
import { Time, Took, useNow } from '../../parts/time.tsx'
import { between } from '../../words/time.ts'
import style from './jobs.module.css'

/** The steps as a table, each with its place in the pipeline's time. */
export function Steps({ steps }: { readonly steps: readonly Job[] }) {
  const to = usePaths()
  const now = useNow(5000)
  const starts = steps.flatMap(({ properties: { startTime } }) =>
    startTime === undefined ? [] : [Date.parse(startTime)],
  )
  const ends = steps.map(({ properties: { startTime, endTime } }) =>
    startTime === undefined ? 0 : endTime === undefined ? now.getTime() : Date.parse(endTime),
  )
  const from = Math.min(...starts)
  const length = Math.max(1, Math.max(...ends) - from)
  const columns: readonly Column<Job>[] = [
    {
      id: 'step',
      header: 'Step',
      width: 'minmax(140px, 1fr)',
      cell: ({ name, properties }) => properties.stepName ?? name,
      sort: ({ properties }) => properties.stepName,
    },
    {
      id: 'status',
      header: 'Status',
      width: '180px',
      cell: ({ properties }) => (
        <Status
          kind="job"
          state={properties.status}
          {...(properties.reusedFrom === undefined ? {} : { note: 'reused' })}
        />
      ),
    },
    {
      id: 'time',
      header: 'When',
      width: 'minmax(200px, 3fr)',
      cell: ({ properties: { startTime, endTime, status } }) =>
        startTime === undefined ? null : (
          <span className={style.lane}>
            <span
              className={style.bar}
              data-status={status}
              style={{
                left: `${((Date.parse(startTime) - from) / length) * 100}%`,
                width: `max(3px, ${((between(startTime, endTime, now) ?? 0) / length) * 100}%)`,
              }}
            />
          </span>
        ),
    },
    {
      id: 'started',
      header: 'Started',
      width: '120px',
      cell: ({ properties }) => <Time at={properties.startTime} />,
      sort: ({ properties }) => properties.startTime,
    },
    {
      id: 'took',
      header: 'Took',
      width: '100px',
      align: 'right',
      cell: ({ properties }) => <Took from={properties.startTime} to={properties.endTime} />,
      sort: ({ properties }) => between(properties.startTime, properties.endTime, now),
    },
  ]
  return (
    <Panel title="Steps" flush>
      <Table
        rows={steps}
        columns={columns}
        rowKey={({ id }) => id}
        to={({ name }) => to.job(name)}
        label="steps"
        initial="started"
        prefix="steps."
        bare
      />
    </Panel>
  )
}
