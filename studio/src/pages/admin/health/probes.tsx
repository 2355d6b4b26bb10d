import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { metricQuery, ranges, type Measured, type Range } from '../../../api/metrics.ts'
import { usePaths, useWorkspace } from '../../../frame/workspace.ts'
import { Panel } from '../../../parts/panel.tsx'
import { Status } from '../../../parts/status.tsx'
import { Table, type Column } from '../../../parts/table/table.tsx'
import { exact, percent } from '../../../words/numbers.ts'
import { duration } from '../../../words/time.ts'

interface Probe {
  readonly endpoint: string
  readonly up: number | undefined
  /** Share of the measured intervals' means. */
  readonly availability: number
  readonly n: number
  readonly seconds: number | undefined
}

const columns: readonly Column<Probe>[] = [
  { id: 'endpoint', header: 'Endpoint', width: 'minmax(160px, 2fr)', cell: ({ endpoint }) => endpoint },
  {
    id: 'now',
    header: 'Now',
    width: '130px',
    cell: ({ up }) => <Status kind="probe" state={up === undefined ? null : up > 0.99 ? 'up' : 'down'} />,
  },
  {
    id: 'availability',
    header: 'Answered',
    width: '110px',
    align: 'right',
    cell: ({ availability }) => percent(availability, 2),
    sort: ({ availability }) => availability,
  },
  { id: 'n', header: 'Intervals', width: '100px', align: 'right', cell: ({ n }) => exact(n) },
  {
    id: 'seconds',
    header: 'Probe took',
    width: '110px',
    align: 'right',
    cell: ({ seconds }) => (seconds === undefined ? '–' : duration(seconds * 1000)),
    sort: ({ seconds }) => seconds,
  },
]

/** Whether the workspace's endpoints answer somebody who asks them from outside. */
export function Probes({ range }: { readonly range: Range }) {
  const workspace = useWorkspace()
  const to = usePaths()
  const asked = { aggregations: ['average'], range, by: ['endpoint'] } as const
  const up = useQuery(metricQuery(workspace.id, { name: 'twinloop_endpoint_up', ...asked }))
  const took = useQuery(
    metricQuery(workspace.id, { name: 'twinloop_endpoint_probe_duration_seconds', ...asked }),
  )
  const probes = useMemo(() => probesOf(up.data, took.data), [up.data, took.data])
  if (probes.length === 0) return null
  return (
    <Panel
      title="Endpoints asked from outside"
      subtitle={`in ${workspace.key}, every 15 s, last ${ranges[range].label}`}
      flush
    >
      <Table
        rows={probes}
        columns={columns}
        rowKey={({ endpoint }) => endpoint}
        to={({ endpoint }) => to.endpoint(endpoint)}
        label="endpoints that are probed"
        bare
      />
    </Panel>
  )
}

function probesOf(up: Measured | undefined, took: Measured | undefined): readonly Probe[] {
  return (up?.series ?? []).map(({ labels, points }) => {
    const values = points.flatMap(({ average }) => (average === undefined ? [] : [average]))
    const endpoint = labels['endpoint'] ?? ''
    return {
      endpoint,
      up: values.at(-1),
      availability: values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length),
      n: values.length,
      seconds: took?.series.find((one) => one.labels['endpoint'] === endpoint)?.points.at(-1)?.average,
    }
  })
}
