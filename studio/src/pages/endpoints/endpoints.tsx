import { useQuery } from '@tanstack/react-query'
import type { BatchEndpointProperties } from '../../api/batch.ts'
import type { Endpoint, EndpointProperties } from '../../api/endpoints.ts'
import { listQuery } from '../../api/queries.ts'
import { usePaths, useWorkspace } from '../../frame/workspace.ts'
import { Equivalents } from '../../parts/equivalents.tsx'
import { NewButton } from '../../parts/make.tsx'
import { Page } from '../../parts/page.tsx'
import { Panel } from '../../parts/panel.tsx'
import { Answer, Empty } from '../../parts/states.tsx'
import { Status } from '../../parts/status.tsx'
import { Table, type Column } from '../../parts/table/table.tsx'
import { Time } from '../../parts/time.tsx'
import { Spark } from './overview/spark.tsx'
import { TrafficBar } from './traffic/traffic-bar.tsx'

const columns: readonly Column<Endpoint>[] = [
  {
    id: 'name',
    header: 'Name',
    width: 'minmax(160px, 1.5fr)',
    cell: ({ name }) => name,
    sort: ({ name }) => name,
    text: ({ name }) => name,
  },
  {
    id: 'state',
    header: 'State',
    width: '120px',
    cell: ({ properties }) => <Status kind="provisioning" state={properties.provisioningState} />,
    sort: ({ properties }) => properties.provisioningState,
    text: ({ properties }) => properties.provisioningState,
  },
  {
    id: 'traffic',
    header: 'Traffic',
    width: 'minmax(180px, 1.5fr)',
    cell: ({ properties }) => <TrafficBar traffic={properties.traffic ?? {}} />,
  },
  {
    id: 'rate',
    header: 'Requests, 24 hours',
    width: 'minmax(220px, 2fr)',
    cell: (endpoint) => <Spark id={endpoint.id} />,
  },
  {
    id: 'auth',
    header: 'Sign-in',
    width: '110px',
    cell: ({ properties }) => properties.authMode,
    extra: true,
  },
  {
    id: 'changed',
    header: 'Changed',
    width: '124px',
    cell: ({ systemData }) => <Time at={systemData.lastModifiedAt} />,
    sort: ({ systemData }) => systemData.lastModifiedAt,
  },
]

/** The addresses at which models answer. */
export function Endpoints() {
  const workspace = useWorkspace()
  const to = usePaths()
  const path = `${workspace.id}/onlineEndpoints`
  const query = useQuery(listQuery<EndpointProperties>(path))
  return (
    <Page
      title="Endpoints"
      actions={
        <>
          <NewButton kind="online-endpoint" />
          <Equivalents
            cli={[
              { what: 'The same list', command: 'twinloop online-endpoint list -o table' },
              { what: 'Make one', command: 'twinloop online-endpoint create --file endpoint.yml' },
            ]}
            rest={[{ method: 'GET', path }]}
          />
        </>
      }
    >
      <Panel flush>
        <Answer query={query} rows={6}>
          {(endpoints) =>
            endpoints.length === 0 ? (
              <Empty title="No endpoint yet" command="twinloop online-endpoint create --name my-endpoint">
                An endpoint is an address; deployments behind it answer with models. A release makes both by
                itself.
              </Empty>
            ) : (
              <Table
                rows={endpoints}
                columns={columns}
                rowKey={({ id }) => id}
                to={({ name }) => to.endpoint(name)}
                label="endpoints"
              />
            )
          }
        </Answer>
      </Panel>
      <BatchEndpoints />
    </Page>
  )
}

/** Names under which data is scored in bulk. */
function BatchEndpoints() {
  const workspace = useWorkspace()
  const to = usePaths()
  const query = useQuery(listQuery<BatchEndpointProperties>(`${workspace.id}/batchEndpoints`))
  return (
    <Panel title="Batch endpoints" actions={<NewButton kind="batch-endpoint" variant="default" />} flush>
      <Answer query={query} rows={2}>
        {(endpoints) =>
          endpoints.length === 0 ? (
            <Empty title="No batch endpoint yet" command="twinloop batch-endpoint create --name my-batch">
              A name under which data is scored in bulk, by jobs.
            </Empty>
          ) : (
            <Table
              rows={endpoints}
              rowKey={({ id }) => id}
              to={({ name }) => to.batchEndpoint(name)}
              label="batch endpoints"
              prefix="batch."
              bare
              columns={[
                {
                  id: 'name',
                  header: 'Name',
                  width: 'minmax(160px, 1.5fr)',
                  cell: ({ name }) => name,
                  sort: ({ name }) => name,
                },
                {
                  id: 'state',
                  header: 'State',
                  width: '120px',
                  cell: ({ properties }) => (
                    <Status kind="provisioning" state={properties.provisioningState} />
                  ),
                },
                {
                  id: 'default',
                  header: 'Scores with',
                  width: 'minmax(180px, 3fr)',
                  cell: ({ properties }) =>
                    properties.defaults?.deploymentName ?? <span className="muted">no default yet</span>,
                },
                {
                  id: 'changed',
                  header: 'Changed',
                  width: '124px',
                  cell: ({ systemData }) => <Time at={systemData.lastModifiedAt} />,
                },
              ]}
            />
          )
        }
      </Answer>
    </Panel>
  )
}
