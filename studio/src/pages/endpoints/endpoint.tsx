import { Tabs } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import type { Deployment, DeploymentProperties, Endpoint, EndpointProperties } from '../../api/endpoints.ts'
import { listQuery, resourceQuery } from '../../api/queries.ts'
import { useSearchWord } from '../../frame/search.ts'
import { useWorkspace } from '../../frame/workspace.ts'
import { Copy } from '../../parts/copy.tsx'
import { Equivalents } from '../../parts/equivalents.tsx'
import { Lineage } from '../../parts/lineage.tsx'
import { EditButton } from '../../parts/make.tsx'
import { Page, Stack } from '../../parts/page.tsx'
import { Answer, Loading } from '../../parts/states.tsx'
import { Status } from '../../parts/status.tsx'
import { EndpointOverview } from './overview/endpoint-overview.tsx'
import { Keys } from './use/keys.tsx'
import { Snippets } from './use/snippets.tsx'
import { Afterwards } from './traffic/afterwards.tsx'
import { ChangeTraffic } from './traffic/change-traffic.tsx'

// Tabs that not everybody opens.
const TestConsole = lazy(async () => ({ default: (await import('./test/test-console.tsx')).TestConsole }))
const Collected = lazy(async () => ({ default: (await import('./collected/collected.tsx')).Collected }))
const EndpointLogs = lazy(async () => ({ default: (await import('./endpoint-logs.tsx')).EndpointLogs }))

/** An endpoint: how it does, what answers, and a place to try it. */
export function EndpointPage() {
  const { endpoint: name = '' } = useParams({ strict: false })
  const workspace = useWorkspace()
  const query = useQuery(resourceQuery<EndpointProperties>(`${workspace.id}/onlineEndpoints/${name}`))
  const deployments = useQuery(
    listQuery<DeploymentProperties>(`${workspace.id}/onlineEndpoints/${name}/deployments`),
  )
  return (
    <Answer query={query}>
      {(endpoint) => (
        <Answer query={deployments}>{(all) => <Shown endpoint={endpoint} deployments={all} />}</Answer>
      )}
    </Answer>
  )
}

function Shown({
  endpoint,
  deployments,
}: {
  readonly endpoint: Endpoint
  readonly deployments: readonly Deployment[]
}) {
  const { properties, name, id } = endpoint
  const [tab, setTab] = useSearchWord('tab', 'overview')
  return (
    <Page
      title={name}
      status={<Status kind="provisioning" state={properties.provisioningState} />}
      meta={
        <>
          {properties.scoringUri === undefined ? null : (
            <span>
              <code>{properties.scoringUri}</code> <Copy text={properties.scoringUri} what="address" />
            </span>
          )}
          <span>signs in by {properties.authMode === 'Key' ? 'key' : 'token'}</span>
          {properties.description === undefined ? null : <span>{properties.description}</span>}
        </>
      }
      actions={
        <>
          <EditButton kind="online-endpoint" id={id} />
          <ChangeTraffic endpoint={endpoint} deployments={deployments} />
          <Equivalents
            cli={[
              { what: 'Show it', command: `twinloop online-endpoint show --name ${name}` },
              {
                what: 'Try it',
                command: `twinloop online-endpoint invoke --name ${name} --request-file request.json`,
              },
              {
                what: 'Move traffic',
                command: `twinloop online-endpoint update --name ${name} --traffic "${Object.entries(
                  properties.traffic ?? {},
                )
                  .map(([one, share]) => `${one}=${share}`)
                  .join(' ')}"`,
              },
              {
                what: 'Its logs',
                command: `twinloop online-deployment get-logs --endpoint-name ${name} --name ${deployments[0]?.name ?? 'blue'}`,
              },
            ]}
            rest={[
              { method: 'GET', path: id },
              { method: 'GET', path: `${id}/deployments` },
            ]}
            resource={endpoint}
            kind="endpoint"
          />
        </>
      }
    >
      <Tabs value={tab} onChange={(value) => setTab(value ?? 'overview')} keepMounted={false}>
        <Tabs.List mb="md">
          <Tabs.Tab value="overview">Overview</Tabs.Tab>
          <Tabs.Tab value="test">Test</Tabs.Tab>
          <Tabs.Tab value="use">Use</Tabs.Tab>
          <Tabs.Tab value="collected">Collected data</Tabs.Tab>
          <Tabs.Tab value="logs">Logs</Tabs.Tab>
          <Tabs.Tab value="lineage">Lineage</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="overview">
          <Stack>
            <Afterwards endpoint={endpoint} deployments={deployments} />
            <EndpointOverview endpoint={endpoint} deployments={deployments} />
          </Stack>
        </Tabs.Panel>
        <Tabs.Panel value="test">
          <Suspense fallback={<Loading rows={8} />}>
            <TestConsole endpoint={endpoint} deployments={deployments} />
          </Suspense>
        </Tabs.Panel>
        <Tabs.Panel value="use">
          <Stack>
            <Keys endpoint={endpoint} />
            <Snippets endpoint={endpoint} />
          </Stack>
        </Tabs.Panel>
        <Tabs.Panel value="collected">
          <Suspense fallback={<Loading rows={8} />}>
            <Collected endpoint={endpoint} deployments={deployments} />
          </Suspense>
        </Tabs.Panel>
        <Tabs.Panel value="logs">
          <Suspense fallback={<Loading rows={8} />}>
            <EndpointLogs deployments={deployments} />
          </Suspense>
        </Tabs.Panel>
        <Tabs.Panel value="lineage">
          <Lineage id={id} />
        </Tabs.Panel>
      </Tabs>
    </Page>
  )
}
