import type { Deployment, Endpoint } from '../../../api/endpoints.ts'
import { labelOf } from '../../../api/resource.ts'
import { pathOf } from '../../../frame/paths.ts'
import { usePaths, useWorkspace } from '../../../frame/workspace.ts'
import { Go } from '../../../parts/go.tsx'
import { NewButton } from '../../../parts/make.tsx'
import { Panel } from '../../../parts/panel.tsx'
import { Empty } from '../../../parts/states.tsx'
import { Status } from '../../../parts/status.tsx'
import { Table } from '../../../parts/table/table.tsx'
import { Time } from '../../../parts/time.tsx'
import { Scale } from '../traffic/scale.tsx'
import style from '../endpoints.module.css'

/** What answers: each deployment with how it stands, and why where it does not. */
export function Deployments({
  endpoint,
  deployments,
}: {
  readonly endpoint: Endpoint
  readonly deployments: readonly Deployment[]
}) {
  const workspace = useWorkspace()
  const to = usePaths()
  const { traffic = {}, mirrorTraffic = {} } = endpoint.properties
  const failed = deployments.filter(
    ({ properties }) => properties.provisioningState === 'Failed' || properties.error?.message !== undefined,
  )
  return (
    <Panel
      title="Deployments"
      actions={<NewButton kind="online-deployment" label="New deployment" variant="default" />}
      flush
    >
      {deployments.length === 0 ? (
        <Empty
          title="No deployment yet"
          command={`twinloop online-deployment create --name blue --endpoint-name ${endpoint.name} --file deployment.yml --all-traffic`}
        >
          Without one nothing answers here. A release makes one by itself.
        </Empty>
      ) : (
        <Table
          rows={deployments}
          rowKey={({ id }) => id}
          label="deployments"
          prefix="deployments."
          bare
          columns={[
            {
              id: 'name',
              header: 'Name',
              width: '140px',
              cell: ({ name }) => <strong>{name}</strong>,
              sort: ({ name }) => name,
            },
            {
              id: 'state',
              header: 'State',
              width: '120px',
              cell: ({ properties }) => <Status kind="provisioning" state={properties.provisioningState} />,
            },
            {
              id: 'traffic',
              header: 'Traffic',
              width: '110px',
              align: 'right',
              cell: ({ name }) =>
                `${traffic[name] ?? 0} %${(mirrorTraffic[name] ?? 0) === 0 ? '' : `, mirror ${mirrorTraffic[name]} %`}`,
              sort: ({ name }) => traffic[name] ?? 0,
            },
            {
              id: 'model',
              header: 'Model',
              width: 'minmax(150px, 1fr)',
              cell: ({ properties: { model } }) => {
                if (model === undefined) return null
                const path = pathOf(workspace.key, model)
                return path === undefined ? labelOf(model) : <Go to={path}>{labelOf(model)}</Go>
              },
            },
            {
              id: 'instances',
              header: 'Instances',
              width: '130px',
              align: 'right',
              cell: (deployment) => <Scale deployment={deployment} />,
            },
            {
              id: 'runtime',
              header: 'Answers by',
              width: 'minmax(200px, 2fr)',
              cell: ({ properties }) => <span title={properties.runtime}>{properties.runtime}</span>,
            },
            {
              id: 'changed',
              header: 'Changed',
              width: '124px',
              cell: ({ systemData }) => <Time at={systemData.lastModifiedAt} />,
            },
          ]}
        />
      )}
      {failed.map(({ id, name, properties }) => (
        <div key={id} className={style.problem} role="note">
          <strong>{name} did not come up.</strong>{' '}
          {properties.error?.message ?? 'Nothing was said about why.'}{' '}
          <Go to={to.endpoint(endpoint.name)} search={{ tab: 'logs', deployment: name }}>
            Its log
          </Go>
        </div>
      ))}
    </Panel>
  )
}
