import { useQuery } from '@tanstack/react-query'
import type { Endpoint } from '../../../api/endpoints.ts'
import { releasesQuery, type Delivery, type Release } from '../../../api/releases.ts'
import { namesIn } from '../../../api/resource.ts'
import { usePaths, useWorkspace } from '../../../frame/workspace.ts'
import { Panel } from '../../../parts/panel.tsx'
import { Status } from '../../../parts/status.tsx'
import { Table, type Column } from '../../../parts/table/table.tsx'
import { Time } from '../../../parts/time.tsx'
import { GoBackTo } from '../../releases/decide/rollback.tsx'

/** So many are looked back at. */
const most = 10

interface Here {
  readonly release: Release
  readonly delivery: Delivery
}

/** What releases brought here, the newest first, each of the former ones a click away from having all traffic again. */
export function Deliveries({ endpoint }: { readonly endpoint: Endpoint }) {
  const workspace = useWorkspace()
  const to = usePaths()
  const { data = [] } = useQuery(releasesQuery(workspace))
  const here = data.flatMap((release): readonly Here[] => {
    const delivery = deliveryTo(release, endpoint.name)
    return delivery === undefined ? [] : [{ release, delivery }]
  })
  if (here.length === 0) return null
  const { traffic = {} } = endpoint.properties
  const isMoving = here.some(({ delivery }) => ['running', 'paused'].includes(delivery.state))
  const back: Column<Here> = {
    id: 'back',
    header: 'Back to it',
    width: '150px',
    cell: ({ release, delivery }) => {
      if (delivery.state !== 'succeeded' || isMoving) return null
      if (traffic[delivery.working?.candidate ?? ''] === 100)
        return <span className="muted">has all traffic</span>
      return (
        <GoBackTo
          plan={release.id.replace(/\/releases\/[^/]+$/, '')}
          number={release.name}
          label="Roll back to it"
          size="compact-xs"
        />
      )
    },
  }
  return (
    <Panel title="Deliveries" subtitle="by releases, the newest first" flush>
      <Table
        rows={here.slice(0, most)}
        rowKey={({ release }) => release.id}
        to={({ release }) => to.release(namesIn(release.id)[1] ?? '', release.name)}
        label="deliveries"
        prefix="deliveries."
        bare
        columns={[...columns, back]}
      />
    </Panel>
  )
}

const columns: readonly Column<Here>[] = [
  {
    id: 'name',
    header: 'Release',
    width: 'minmax(140px, 1fr)',
    cell: ({ release }) => `${namesIn(release.id)[1] ?? ''}/${release.name}`,
  },
  {
    id: 'candidate',
    header: 'Version',
    width: 'minmax(130px, 1fr)',
    cell: ({ release: { properties } }) => `${properties.candidate?.name ?? ''}:${properties.version}`,
  },
  {
    id: 'state',
    header: 'Delivery',
    width: '130px',
    cell: ({ delivery }) => <Status kind="stage" state={delivery.state} />,
  },
  {
    id: 'what',
    header: 'What came of it',
    width: 'minmax(200px, 3fr)',
    cell: ({ delivery }) => (
      <span title={delivery.verdict ?? delivery.doing}>{delivery.verdict ?? delivery.doing}</span>
    ),
  },
  {
    id: 'ended',
    header: 'When',
    width: '124px',
    cell: ({ release, delivery: { working } }) => (
      <Time
        at={
          working?.end === undefined ? release.properties.startedAt : new Date(working.end.at).toISOString()
        }
      />
    ),
  },
]

const deliveryTo = ({ properties: { stages, plan } }: Release, endpoint: string) =>
  stages.find(
    ({ name, delivery }) =>
      delivery !== undefined && plan?.stages.find((one) => one.name === name)?.deliver?.online === endpoint,
  )?.delivery
