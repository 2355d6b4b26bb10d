import { SegmentedControl } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { Deployment, Endpoint } from '../../../api/endpoints.ts'
import { isOver, isRange, metricQuery, ranges, type Measured, type Range } from '../../../api/metrics.ts'
import { labelOf } from '../../../api/resource.ts'
import { pathOf } from '../../../frame/paths.ts'
import { useSearchWord } from '../../../frame/search.ts'
import { useWorkspace } from '../../../frame/workspace.ts'
import { TimeChart } from '../../../parts/chart/time-chart.tsx'
import { Go } from '../../../parts/go.tsx'
import { Columns, Stack } from '../../../parts/page.tsx'
import { Figure, Figures, Panel } from '../../../parts/panel.tsx'
import { Status } from '../../../parts/status.tsx'
import { Table } from '../../../parts/table/table.tsx'
import { Time } from '../../../parts/time.tsx'
import { count, percent, rate } from '../../../words/numbers.ts'
import { duration } from '../../../words/time.ts'
import { red } from './red.ts'
import { TrafficBar } from '../traffic/traffic-bar.tsx'

const seconds = (value: number) => duration(value * 1000)
const share = (value: number) => percent(value, 1)

/** Rate, errors and duration; then what answers. */
export function EndpointOverview({
  endpoint,
  deployments,
}: {
  readonly endpoint: Endpoint
  readonly deployments: readonly Deployment[]
}) {
  const [chosen, setRange] = useSearchWord('t', '1h')
  const range: Range = isRange(chosen) ? chosen : '1h'
  const name = 'http_server_request_duration_seconds'
  const byStatus = useQuery(
    metricQuery(endpoint.id, { name, aggregations: ['count'], range, by: ['status'] }),
  )
  const durations = useQuery(
    metricQuery(endpoint.id, { name, aggregations: ['p50', 'p95', 'p99', 'count'], range }),
  )
  const byDeployment = useQuery(
    metricQuery(endpoint.id, { name, aggregations: ['count'], range, by: ['deployment'] }),
  )
  return (
    <Stack>
      <div
        style={{
          display: 'flex',
          flexWrap: 'wrap',
          justifyContent: 'space-between',
          gap: 12,
          alignItems: 'center',
        }}
      >
        <TrafficBar
          traffic={endpoint.properties.traffic ?? {}}
          mirror={endpoint.properties.mirrorTraffic ?? {}}
        />
        <SegmentedControl
          aria-label="How far back"
          value={range}
          onChange={setRange}
          data={Object.entries(ranges).map(([value, { label }]) => ({ value, label }))}
        />
      </div>
      {byStatus.data === undefined || durations.data === undefined ? null : (
        <Golden
          byStatus={byStatus.data}
          durations={durations.data}
          byDeployment={byDeployment.data}
          range={range}
        />
      )}
      <Deployments endpoint={endpoint} deployments={deployments} />
    </Stack>
  )
}

function Golden({
  byStatus,
  durations,
  byDeployment,
  range,
}: {
  readonly byStatus: Measured
  readonly durations: Measured
  readonly byDeployment: Measured | undefined
  readonly range: Range
}) {
  const { requests, errors, errorShares } = useMemo(() => red(byStatus), [byStatus])
  const { from, to, grainMs } = durations
  const last = durations.series[0]?.points.at(-1)
  const rates = useMemo(
    () =>
      (byDeployment?.series ?? [])
        .filter(({ labels }) => labels['deployment'] !== '')
        .map(({ labels, points }, i) => ({
          name: labels['deployment'] ?? '',
          colour: (i % 6) + 1,
          points: points
            .filter(({ at }) => isOver(at, durations))
            .map(({ at, count: n = 0 }) => ({ at, value: n / ((byDeployment?.grainMs ?? 1) / 1000) })),
        })),
    [byDeployment, durations],
  )
  const quantiles = useMemo(
    () =>
      (['p50', 'p95', 'p99'] as const).map((quantile, i) => ({
        name: quantile,
        colour: i + 1,
        points: (durations.series[0]?.points ?? [])
          .filter(({ at }) => isOver(at, durations))
          .map((point) => ({ at: point.at, value: point[quantile] ?? null })),
      })),
    [durations],
  )
  const shares = useMemo(() => [{ name: 'errors', colour: 2, points: errorShares }], [errorShares])
  const window = `last ${ranges[range].label}`
  return (
    <>
      <Figures>
        <Figure
          name="Requests"
          value={count(requests)}
          note={`${rate(requests / (ranges[range].ms / 1000))} on average, ${window}`}
        />
        <Figure
          name="Errors"
          value={requests === 0 ? '–' : percent(errors / requests, 2)}
          note={`${count(errors)} of ${count(requests)} answers were 5xx or 424`}
          {...(errors > 0 ? { family: 'bad' as const } : {})}
        />
        <Figure
          name="p50 now"
          value={last?.p50 === undefined ? '–' : seconds(last.p50)}
          note="half are faster"
        />
        <Figure
          name="p99 now"
          value={last?.p99 === undefined ? '–' : seconds(last.p99)}
          note="one in a hundred is slower"
        />
      </Figures>
      <Columns>
        <Panel>
          <TimeChart
            title="Requests per second"
            subtitle={`by deployment, ${window}`}
            conclusion={`${count(requests)} requests`}
            lines={rates}
            from={from}
            to={to}
            stepMs={grainMs}
            format={rate}
            emptyReason="Nobody has asked in this time."
          />
        </Panel>
        <Panel>
          <TimeChart
            title="Duration"
            subtitle={`of all requests, ${window}, log scale`}
            conclusion={last?.p99 === undefined ? 'no requests' : `p99 is ${seconds(last.p99)} now`}
            lines={quantiles}
            from={from}
            to={to}
            stepMs={grainMs}
            format={seconds}
            logarithmic
            emptyReason="Nobody has asked in this time."
          />
        </Panel>
        <Panel>
          <TimeChart
            title="Error rate"
            subtitle={`share of answers that are 5xx or 424, ${window}`}
            conclusion={`${count(errors)} errors`}
            lines={shares}
            from={from}
            to={to}
            stepMs={grainMs}
            format={share}
            atLeast={0.01}
            emptyReason="Nobody has asked in this time."
          />
        </Panel>
      </Columns>
    </>
  )
}

function Deployments({
  endpoint,
  deployments,
}: {
  readonly endpoint: Endpoint
  readonly deployments: readonly Deployment[]
}) {
  const workspace = useWorkspace()
  const { traffic = {}, mirrorTraffic = {} } = endpoint.properties
  return (
    <Panel title="Deployments" flush>
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
              `${traffic[name] ?? 0} %${mirrorTraffic[name] === undefined ? '' : `, mirror ${mirrorTraffic[name]} %`}`,
            sort: ({ name }) => traffic[name] ?? 0,
          },
          {
            id: 'model',
            header: 'Model',
            width: 'minmax(150px, 1fr)',
            cell: ({ properties: { model } }) => {
              if (model === undefined) return null
              const to = pathOf(workspace.key, model)
              return to === undefined ? labelOf(model) : <Go to={to}>{labelOf(model)}</Go>
            },
          },
          {
            id: 'instances',
            header: 'Instances',
            width: '90px',
            align: 'right',
            cell: ({ sku }) => sku?.capacity ?? 1,
          },
          {
            id: 'runtime',
            header: 'Answers by',
            width: 'minmax(200px, 2fr)',
            cell: ({ properties }) => (
              <span title={properties.runtime}>{properties.error?.message ?? properties.runtime}</span>
            ),
          },
          {
            id: 'changed',
            header: 'Changed',
            width: '124px',
            cell: ({ systemData }) => <Time at={systemData.lastModifiedAt} />,
          },
        ]}
      />
    </Panel>
  )
}
