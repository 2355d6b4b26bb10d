import { useQuery } from '@tanstack/react-query'
import { batchJobsQuery, type BatchEndpoint } from '../../../api/batch.ts'
import { labelOf } from '../../../api/resource.ts'
import { usePaths } from '../../../frame/workspace.ts'
import { Go } from '../../../parts/go.tsx'
import { Panel } from '../../../parts/panel.tsx'
import { Answer, Empty } from '../../../parts/states.tsx'
import { Status } from '../../../parts/status.tsx'
import { Table } from '../../../parts/table/table.tsx'
import { Time, Took } from '../../../parts/time.tsx'

/** Every invocation, as the job that does it. */
export function Jobs({ endpoint }: { readonly endpoint: BatchEndpoint }) {
  const to = usePaths()
  const query = useQuery(batchJobsQuery(endpoint.id))
  return (
    <Panel title="What was scored" flush>
      <Answer query={query}>
        {(jobs) =>
          jobs.length === 0 ? (
            <Empty
              title="Nothing was scored yet"
              command={`twinloop batch-endpoint invoke --name ${endpoint.name} --input azureml:my-data@latest --stream`}
            >
              Each invocation is a job: its progress, its log and what came out are on the job's page.
            </Empty>
          ) : (
            <Table
              rows={jobs}
              rowKey={({ name }) => name}
              to={({ name }) => to.job(name)}
              label="jobs"
              prefix="jobs."
              initial="-created"
              columns={[
                {
                  id: 'name',
                  header: 'Job',
                  width: 'minmax(180px, 1.5fr)',
                  cell: ({ name }) => name,
                  sort: ({ name }) => name,
                  text: ({ name }) => name,
                },
                {
                  id: 'state',
                  header: 'State',
                  width: '130px',
                  cell: ({ properties }) => <Status kind="job" state={properties.status} />,
                  sort: ({ properties }) => properties.status,
                  text: ({ properties }) => properties.status,
                },
                {
                  id: 'input',
                  header: 'Scored',
                  width: 'minmax(180px, 2fr)',
                  cell: ({ properties }) => inputOf(properties.inputData),
                  text: ({ properties }) => inputOf(properties.inputData),
                },
                {
                  id: 'deployment',
                  header: 'By',
                  width: '130px',
                  cell: ({ properties }) => properties.batchDeployment,
                },
                {
                  id: 'took',
                  header: 'Took',
                  width: '100px',
                  align: 'right',
                  cell: ({ properties }) => <Took from={properties.startTime} to={properties.endTime} />,
                },
                {
                  id: 'output',
                  header: 'What came out',
                  width: '140px',
                  cell: ({ name, properties }) =>
                    properties.status === 'Completed' ? (
                      <Go to={to.job(name)} search={{ tab: 'overview' }}>
                        output score
                      </Go>
                    ) : (
                      <span className="muted">–</span>
                    ),
                },
                {
                  id: 'created',
                  header: 'Asked',
                  width: '124px',
                  cell: ({ systemData }) => <Time at={systemData.createdAt} />,
                  sort: ({ systemData }) => systemData.createdAt,
                },
              ]}
            />
          )
        }
      </Answer>
    </Panel>
  )
}

/** What was scored; the model and its programs are inputs of the job, too, and are what scored it. */
const inputOf = (inputs: Readonly<Record<string, { readonly uri?: string; readonly value?: string }>> = {}) =>
  Object.entries(inputs)
    .filter(([name]) => name !== 'model' && name !== 'compiled' && name !== 'code')
    .map(([, { uri, value }]) => (uri === undefined ? (value ?? '') : labelOf(uri)))
    .join(', ')
