import { useQuery } from '@tanstack/react-query'
import { experimentsQuery, type Experiment } from '../../api/experiments.ts'
import { usePaths, useWorkspace } from '../../frame/workspace.ts'
import { Equivalents } from '../../parts/equivalents.tsx'
import { Page } from '../../parts/page.tsx'
import { Panel } from '../../parts/panel.tsx'
import { Answer, Empty } from '../../parts/states.tsx'
import { Table, type Column } from '../../parts/table/table.tsx'
import { Time } from '../../parts/time.tsx'

const iso = (ms: number | undefined) => (ms === undefined ? undefined : new Date(ms).toISOString())

const columns: readonly Column<Experiment>[] = [
  {
    id: 'name',
    header: 'Name',
    width: 'minmax(240px, 3fr)',
    cell: ({ name }) => name,
    sort: ({ name }) => name,
    text: ({ name }) => name,
  },
  {
    id: 'made',
    header: 'Made',
    width: '140px',
    cell: (one) => <Time at={iso(one.creation_time)} />,
    sort: (one) => one.creation_time,
  },
  {
    id: 'id',
    header: 'Id',
    width: '120px',
    cell: (one) => <span className="mono">{one.experiment_id}</span>,
    text: (one) => one.experiment_id,
  },
]

/** Where runs are grouped: those of jobs and those of anybody's MLflow code. */
export function Experiments() {
  const workspace = useWorkspace()
  const to = usePaths()
  const query = useQuery(experimentsQuery(workspace))
  return (
    <Page
      title="Experiments"
      actions={
        <Equivalents
          cli={[
            { what: 'Point MLflow here', command: 'eval "$(twinloop env)"' },
            { what: 'The same list, by MLflow', command: 'mlflow experiments search' },
          ]}
          rest={[
            {
              method: 'GET',
              path: `${workspace.mlflow}/api/2.0/mlflow/experiments/search`,
              query: { max_results: '100' },
            },
          ]}
        />
      }
    >
      <Panel flush>
        <Answer query={query} rows={8}>
          {(experiments) =>
            experiments.length === 0 ? (
              <Empty title="No experiment yet" command={'eval "$(twinloop env)" && python train.py'}>
                Whatever logs by MLflow makes one, and so does every job.
              </Empty>
            ) : (
              <Table
                rows={experiments}
                columns={columns}
                rowKey={(one) => one.experiment_id}
                to={(one) => to.experiment(one.experiment_id)}
                label="experiments"
              />
            )
          }
        </Answer>
      </Panel>
    </Page>
  )
}
