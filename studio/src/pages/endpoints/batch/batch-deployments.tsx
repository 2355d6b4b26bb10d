import { useMutation, useQueryClient } from '@tanstack/react-query'
import { setDefaultDeployment, type BatchDeployment, type BatchEndpoint } from '../../../api/batch.ts'
import { labelOf } from '../../../api/resource.ts'
import { pathOf } from '../../../frame/paths.ts'
import { useCan, useWorkspace } from '../../../frame/workspace.ts'
import { Act, tell, tellFailure } from '../../../parts/act.tsx'
import { Go } from '../../../parts/go.tsx'
import { Empty } from '../../../parts/states.tsx'
import { Status } from '../../../parts/status.tsx'
import { Table } from '../../../parts/table/table.tsx'
import { Time } from '../../../parts/time.tsx'
import style from '../endpoints.module.css'

/** What scores, which of them by default, and why where one does not. */
export function Deployments({
  endpoint,
  deployments,
}: {
  readonly endpoint: BatchEndpoint
  readonly deployments: readonly BatchDeployment[]
}) {
  const workspace = useWorkspace()
  const main = endpoint.properties.defaults?.deploymentName
  if (deployments.length === 0)
    return (
      <Empty
        title="No deployment yet"
        command="twinloop batch-deployment create --file deployment.yml --set-default"
      >
        Without one nothing can be scored here. A release makes one by itself.
      </Empty>
    )
  const failed = deployments.filter(({ properties }) => properties.provisioningState === 'Failed')
  return (
    <>
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
            width: 'minmax(140px, 1fr)',
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
            id: 'default',
            header: 'Default',
            width: '130px',
            cell: (deployment) =>
              deployment.name === main ? (
                'default'
              ) : (
                <MakeDefault endpoint={endpoint} deployment={deployment} />
              ),
          },
          {
            id: 'model',
            header: 'Model',
            width: 'minmax(150px, 1fr)',
            cell: ({ properties: { model, deploymentConfiguration } }) => {
              const id = model?.assetId ?? deploymentConfiguration?.componentId?.assetId
              if (id === undefined) return null
              const path = pathOf(workspace.key, id)
              return path === undefined ? labelOf(id) : <Go to={path}>{labelOf(id)}</Go>
            },
          },
          {
            id: 'runtime',
            header: 'Scores by',
            width: 'minmax(200px, 2fr)',
            cell: ({ properties }) => <span title={properties.runtime}>{properties.runtime}</span>,
          },
          {
            id: 'output',
            header: 'Writes',
            width: 'minmax(130px, 1fr)',
            cell: ({ properties }) => properties.outputFileName,
          },
          {
            id: 'changed',
            header: 'Changed',
            width: '124px',
            cell: ({ systemData }) => <Time at={systemData.lastModifiedAt} />,
          },
        ]}
      />
      {failed.map(({ id, name, properties }) => (
        <div key={id} className={style.problem} role="note">
          <strong>{name} did not come up.</strong>{' '}
          {properties.error?.message ?? 'Nothing was said about why.'}
        </div>
      ))}
    </>
  )
}

/** The default scores what names no deployment; the one before stays, and can become it again. */
function MakeDefault({
  endpoint,
  deployment,
}: {
  readonly endpoint: BatchEndpoint
  readonly deployment: BatchDeployment
}) {
  const can = useCan(endpoint.id)
  const queries = useQueryClient()
  const isReady = deployment.properties.provisioningState === 'Succeeded'
  const change = useMutation({
    mutationFn: () => setDefaultDeployment(endpoint.id, deployment.name),
    onSuccess: async () => {
      tell(`${deployment.name} scores from now on`)
      await queries.invalidateQueries({ queryKey: ['arm'] })
    },
    onError: tellFailure,
  })
  return (
    <Act
      label="Make default"
      variant="subtle"
      size="compact-xs"
      allowed={can('batchEndpoints/write') && isReady}
      {...(isReady ? {} : { reason: 'It is not ready to score.' })}
      loading={change.isPending}
      onClick={() => change.mutate()}
    />
  )
}
