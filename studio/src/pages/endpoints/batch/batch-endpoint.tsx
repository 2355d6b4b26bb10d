import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useState } from 'react'
import type { BatchDeploymentProperties, BatchEndpoint, BatchEndpointProperties } from '../../../api/batch.ts'
import { listQuery, resourceQuery } from '../../../api/queries.ts'
import { useCan, useWorkspace } from '../../../frame/workspace.ts'
import { Act } from '../../../parts/act.tsx'
import { Equivalents } from '../../../parts/equivalents.tsx'
import { IconPlayerPlay } from '../../../parts/icons.ts'
import { NewButton } from '../../../parts/make.tsx'
import { Page, Stack } from '../../../parts/page.tsx'
import { Panel } from '../../../parts/panel.tsx'
import { Answer } from '../../../parts/states.tsx'
import { Status } from '../../../parts/status.tsx'
import { Deployments } from './batch-deployments.tsx'
import { Jobs } from './batch-jobs.tsx'
import { Invoke } from './invoke.tsx'

/** A name under which data is scored in bulk: what scores it, and what was scored. */
export function BatchEndpointPage() {
  const { endpoint: name = '' } = useParams({ strict: false })
  const workspace = useWorkspace()
  const query = useQuery(resourceQuery<BatchEndpointProperties>(`${workspace.id}/batchEndpoints/${name}`))
  return <Answer query={query}>{(endpoint) => <Shown endpoint={endpoint} />}</Answer>
}

function Shown({ endpoint }: { readonly endpoint: BatchEndpoint }) {
  const { id, name, properties } = endpoint
  const can = useCan(id)
  const [isAsking, setAsking] = useState(false)
  const deployments = useQuery(listQuery<BatchDeploymentProperties>(`${id}/deployments`))
  const ready = (deployments.data ?? []).filter((one) => one.properties.provisioningState === 'Succeeded')
  return (
    <Page
      title={name}
      status={<Status kind="provisioning" state={properties.provisioningState} />}
      meta={
        <>
          <span>batch endpoint</span>
          {properties.defaults?.deploymentName === undefined ? (
            <span>without a default deployment</span>
          ) : (
            <span>scores with {properties.defaults.deploymentName}</span>
          )}
          {properties.description === undefined ? null : <span>{properties.description}</span>}
        </>
      }
      actions={
        <>
          <Act
            label="Score data"
            icon={<IconPlayerPlay size={14} />}
            allowed={can('batchEndpoints/invoke/action') && ready.length > 0}
            {...(ready.length > 0 ? {} : { reason: 'There is no deployment that is ready to score.' })}
            onClick={() => setAsking(true)}
          />
          <Equivalents
            cli={[
              { what: 'Show it', command: `twinloop batch-endpoint show --name ${name}` },
              {
                what: 'Score data',
                command: `twinloop batch-endpoint invoke --name ${name} --input azureml:my-data@latest --stream`,
              },
              { what: 'Its jobs', command: `twinloop batch-endpoint list-jobs --name ${name} -o table` },
              { what: 'What came out', command: 'twinloop job download --name JOB --output-name score' },
            ]}
            rest={[
              { method: 'GET', path: id },
              { method: 'POST', path: `${id}/invoke` },
            ]}
            resource={endpoint}
          />
        </>
      }
    >
      <Stack>
        <Panel
          title="Deployments"
          actions={<NewButton kind="batch-deployment" label="New deployment" variant="default" />}
          flush
        >
          <Answer query={deployments}>
            {(all) => <Deployments endpoint={endpoint} deployments={all} />}
          </Answer>
        </Panel>
        <Jobs endpoint={endpoint} />
      </Stack>
      {isAsking ? <Invoke endpoint={endpoint} deployments={ready} onClose={() => setAsking(false)} /> : null}
    </Page>
  )
}
