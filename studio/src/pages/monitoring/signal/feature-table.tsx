import { useMemo } from 'react'
import type { MonitorSeries } from '../../../api/monitors.ts'
import { usePaths } from '../../../frame/workspace.ts'
import { Panel } from '../../../parts/panel.tsx'
import { Status } from '../../../parts/status.tsx'
import { Table, type Column } from '../../../parts/table/table.tsx'
import { exact, metric as number, percent } from '../../../words/numbers.ts'
import { Sparkline } from '../charts/sparkline.tsx'
import { rankFeatures, type Ranked } from '../overview/rank.ts'
import { beyond, inWords, limitInWords, readSlice, standing } from '../series.ts'

const columns: readonly Column<MonitorSeries>[] = [
  {
    id: 'feature',
    header: 'Feature',
    width: 'minmax(160px, 1.5fr)',
    cell: ({ feature }) => <span className="mono">{feature ?? 'all of them'}</span>,
    sort: ({ feature }) => feature,
    text: ({ feature }) => feature ?? '',
  },
  {
    id: 'verdict',
    header: 'Verdict',
    width: '140px',
    cell: ({ windows }) => <Status kind="monitor" state={standing(windows[0])} />,
    sort: (one) => beyond(one),
    text: ({ windows }) => standing(windows[0]),
  },
  {
    id: 'value',
    header: 'Value',
    width: '100px',
    align: 'right',
    cell: ({ windows }) => number(windows[0]?.value),
    sort: ({ windows }) => windows[0]?.value ?? undefined,
  },
  {
    id: 'limit',
    header: 'Limit',
    width: 'minmax(110px, 0.7fr)',
    align: 'right',
    cell: ({ windows }) => (windows[0] === undefined ? '' : limitInWords(windows[0])),
  },
  {
    id: 'interval',
    header: '95 % interval',
    width: '150px',
    align: 'right',
    cell: ({ windows }) => {
      const interval = windows[0]?.interval
      return interval === undefined ? (
        <span className="muted">–</span>
      ) : (
        `${number(interval.lower)} to ${number(interval.upper)}`
      )
    },
    extra: true,
  },
  {
    id: 'n',
    header: 'Rows',
    width: '90px',
    align: 'right',
    cell: ({ windows }) => exact(windows[0]?.n),
    sort: ({ windows }) => windows[0]?.n,
  },
  {
    id: 'over',
    header: 'Over time',
    width: '164px',
    cell: ({ windows }) => <Sparkline windows={windows} />,
  },
  {
    id: 'note',
    header: 'Note',
    width: 'minmax(160px, 1.6fr)',
    cell: ({ windows }) => <span title={windows[0]?.reason}>{windows[0]?.reason}</span>,
    text: ({ windows }) => windows[0]?.reason ?? '',
  },
]

/** How much a feature matters, and what its distance comes to with that. */
const weightColumns = (
  weighed: ReadonlyMap<string, Ranked & { readonly place: number }>,
): readonly Column<MonitorSeries>[] => [
  {
    id: 'importance',
    header: 'Importance',
    width: '100px',
    align: 'right',
    cell: ({ feature }) => percent(weighed.get(feature ?? '')?.importance, 1),
    sort: ({ feature }) => weighed.get(feature ?? '')?.importance,
  },
  {
    id: 'weight',
    header: '÷ limit × importance',
    width: '150px',
    align: 'right',
    cell: ({ feature }) => number(weighed.get(feature ?? '')?.score),
    // As they are ranked: what is beyond its limit comes before all that is not.
    sort: ({ feature }) => -(weighed.get(feature ?? '')?.place ?? Number.MAX_SAFE_INTEGER),
  },
]

/** One metric of every feature: value, limit and how it went. */
export function FeatureTable({
  monitor,
  signal,
  series,
  slice,
  metric,
  importances,
}: {
  readonly monitor: string
  readonly signal: string
  readonly series: readonly MonitorSeries[]
  readonly slice: string
  readonly metric: string
  /** The share of each feature; none where no signal tells. */
  readonly importances: ReadonlyMap<string, number>
}) {
  const to = usePaths()
  const query = (of: string) =>
    new URLSearchParams({ metric: of, ...(slice === '' ? {} : { slice }) }).toString()
  const isWeighed = importances.size > 0
  const weighed = useMemo(
    () => new Map(rankFeatures(series, importances).map((one, i) => [one.feature, { ...one, place: i }])),
    [series, importances],
  )
  const all: readonly Column<MonitorSeries>[] = isWeighed
    ? columns.flatMap((column) => (column.id === 'limit' ? [column, ...weightColumns(weighed)] : [column]))
    : columns
  return (
    <Panel
      title={metric}
      subtitle={`of ${inWords(readSlice(slice))}, ${isWeighed ? 'by distance ÷ threshold × importance, what is beyond first' : 'the farthest beyond first'}`}
      flush
    >
      <Table
        rows={series}
        columns={all}
        rowKey={({ feature, metric: name }) => `${name} ${feature ?? ''}`}
        to={({ feature, metric: name }) =>
          feature === undefined ? undefined : `${to.feature(monitor, signal, feature)}?${query(name)}`
        }
        label="features"
        initial={isWeighed ? '-weight' : '-verdict'}
      />
    </Panel>
  )
}
