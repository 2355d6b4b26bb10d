import { useQuery } from '@tanstack/react-query'
import { usingJobsQuery } from '../../api/shelf.ts'
import { usePaths, useWorkspace } from '../../frame/workspace.ts'
import { Panel } from '../../parts/panel.tsx'
import { Answer } from '../../parts/states.tsx'
import { Status } from '../../parts/status.tsx'
import { Table } from '../../parts/table/table.tsx'
import { Time } from '../../parts/time.tsx'

/** The newest jobs that run in an environment, or a component. */
export function UsingJobs({
  field,
  version,
}: {
  readonly field: 'environmentId' | 'componentId'
  readonly version: string
}) {
  const to = usePaths()
  const query = useQuery(usingJobsQuery(useWorkspace(), field, version))
  return (
    <Panel title="Jobs that use it" subtitle="the newest; steps of pipelines are not among them" flush>
      <Answer query={query}>
        {(jobs) =>
          jobs.length === 0 ? (
            <p className="muted" style={{ padding: 16 }}>
              None does by itself.
            </p>
          ) : (
            <Table
              rows={jobs}
              rowKey={({ id }) => id}
              to={({ name }) => to.job(name)}
              label="jobs"
              prefix="jobs."
              bare
              columns={[
                {
                  id: 'name',
                  header: 'Job',
                  cell: ({ name, properties }) => <span title={name}>{properties.displayName ?? name}</span>,
                },
                {
                  id: 'status',
                  header: 'Status',
                  width: '130px',
                  cell: ({ properties }) => <Status kind="job" state={properties.status} />,
                },
                {
                  id: 'made',
                  header: 'Started',
                  width: '120px',
                  cell: ({ systemData }) => <Time at={systemData.createdAt} />,
                },
              ]}
            />
          )
        }
      </Answer>
    </Panel>
  )
}
