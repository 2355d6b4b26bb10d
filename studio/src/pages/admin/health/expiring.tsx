import { useQuery } from '@tanstack/react-query'
import { metricQuery } from '../../../api/metrics.ts'
import { Panel } from '../../../parts/panel.tsx'
import { Table, type Column } from '../../../parts/table/table.tsx'
import { Time } from '../../../parts/time.tsx'
import { useSubscription } from '../subscription.ts'

interface Ending {
  readonly kind: string
  readonly name: string
  readonly at: number
}

/** What is due within so many days is told first, in its colour. */
const soonMs = 30 * 86_400_000

const columns: readonly Column<Ending>[] = [
  {
    id: 'name',
    header: 'Of',
    width: 'minmax(160px, 2fr)',
    cell: ({ name }) => name,
    sort: ({ name }) => name,
  },
  {
    id: 'kind',
    header: 'What',
    width: '220px',
    cell: ({ kind }) => (kind === 'certificate' ? 'certificate of the server' : 'password of a program'),
  },
  {
    id: 'ends',
    header: 'Ends',
    width: '200px',
    cell: ({ at }) => (
      <span style={at - Date.now() < soonMs ? { color: 'var(--attention)', fontWeight: 600 } : {}}>
        <Time at={new Date(at).toISOString()} />
      </span>
    ),
    sort: ({ at }) => at,
  },
]

/** Certificates and passwords that somebody has to renew, the next one first. */
export function Expiring() {
  const subscription = useSubscription()
  const { data } = useQuery(
    metricQuery(subscription, {
      name: 'twinloop_expires_in_seconds',
      aggregations: ['average'],
      range: '1h',
      by: ['kind', 'name'],
    }),
  )
  const endings = (data?.series ?? []).flatMap(({ labels, points }): readonly Ending[] => {
    const last = points.at(-1)
    return last?.average === undefined
      ? []
      : [{ kind: labels['kind'] ?? '', name: labels['name'] ?? '', at: last.at + last.average * 1000 }]
  })
  if (endings.length === 0) return null
  return (
    <Panel title="What has to be renewed" subtitle="the next one first" flush>
      <Table
        rows={endings}
        columns={columns}
        rowKey={({ kind, name }) => `${kind} ${name}`}
        label="certificates and passwords"
        initial="ends"
        prefix="e"
        bare
      />
    </Panel>
  )
}
