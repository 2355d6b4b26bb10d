import { SegmentedControl } from '@mantine/core'
import { useMemo } from 'react'
import type { MonitorSeries } from '../../../api/monitors.ts'
import { useSearchWord } from '../../../frame/search.ts'
import { usePaths } from '../../../frame/workspace.ts'
import { Panel } from '../../../parts/panel.tsx'
import { Empty } from '../../../parts/states.tsx'
import { Status } from '../../../parts/status.tsx'
import { Table, type Column } from '../../../parts/table/table.tsx'
import { plural } from '../../../words/names.ts'
import { exact, metric, percent } from '../../../words/numbers.ts'
import { Sparkline } from '../charts/sparkline.tsx'
import { limitInWords, standing } from '../series.ts'
import { rankFeatures, type Ranked } from './rank.ts'

/** Features by how much they matter: the farthest beyond their thresholds, weighed by the model's importances where these are known. */
export function Moved({
  monitor,
  series,
  importances,
}: {
  readonly monitor: string
  readonly series: readonly MonitorSeries[]
  /** The share of each feature; none where no signal tells. */
  readonly importances: ReadonlyMap<string, number>
}) {
  const to = usePaths()
  const [which, setWhich] = useSearchWord('features', 'beyond')
  const ranked = useMemo(() => rankFeatures(series, importances), [series, importances])
  const shown = which === 'all' ? ranked : ranked.filter(({ window }) => window?.breached === true)
  const isWeighed = importances.size > 0
  const beyond = new Set(
    ranked.filter(({ window }) => window?.breached === true).map(({ feature }) => feature),
  ).size
  const features = new Set(ranked.map(({ feature }) => feature)).size
  const columns: readonly Column<Ranked>[] = [
    {
      id: 'feature',
      header: 'Feature',
      width: 'minmax(140px, 1fr)',
      cell: ({ feature }) => <span className="mono">{feature}</span>,
      sort: ({ feature }) => feature,
      text: ({ feature, metric: name, signal }) => `${feature} ${name} ${signal}`,
    },
    {
      id: 'signal',
      header: 'Signal',
      width: 'minmax(90px, 0.6fr)',
      cell: ({ signal }) => signal,
      sort: ({ signal }) => signal,
    },
    {
      id: 'metric',
      header: 'Metric',
      width: 'minmax(150px, 1.2fr)',
      cell: ({ metric: name }) => <span title={name}>{name}</span>,
      sort: ({ metric: name }) => name,
    },
    {
      id: 'verdict',
      header: 'Verdict',
      width: '130px',
      cell: ({ window }) => <Status kind="monitor" state={standing(window)} />,
      sort: ({ window }) => standing(window),
    },
    {
      id: 'value',
      header: 'Value',
      width: '90px',
      align: 'right',
      cell: ({ window }) => metric(window?.value),
      sort: ({ window }) => window?.value ?? undefined,
    },
    {
      id: 'limit',
      header: 'Limit',
      width: '90px',
      align: 'right',
      cell: ({ window }) => (window === undefined ? '' : limitInWords(window)),
    },
    {
      id: 'ratio',
      header: '÷ limit',
      width: '84px',
      align: 'right',
      cell: ({ ratio }) => (ratio === undefined ? '–' : `${ratio.toFixed(ratio < 10 ? 1 : 0)} ×`),
      sort: ({ ratio }) => ratio,
    },
    ...(isWeighed
      ? [
          {
            id: 'importance',
            header: 'Importance',
            width: '104px',
            align: 'right' as const,
            cell: ({ importance }: Ranked) => percent(importance),
            sort: ({ importance }: Ranked) => importance,
          },
        ]
      : []),
    {
      id: 'n',
      header: 'Rows',
      width: '84px',
      align: 'right',
      cell: ({ window }) => exact(window?.n),
      sort: ({ window }) => window?.n,
      extra: true,
    },
    {
      id: 'over',
      header: 'Over time',
      width: '164px',
      cell: ({ windows }) => <Sparkline windows={windows} />,
    },
  ]
  if (ranked.length === 0) return null
  return (
    <Panel
      title={`${beyond} of ${plural(features, 'feature')} beyond`}
      subtitle={
        isWeighed
          ? 'by distance ÷ threshold × importance of the feature'
          : 'by distance ÷ threshold; a feature_attribution_drift signal would weigh them by importance'
      }
      flush
      actions={
        <SegmentedControl
          size="xs"
          aria-label="Which features"
          data={[
            { value: 'beyond', label: 'Beyond' },
            { value: 'all', label: 'All judged' },
          ]}
          value={which}
          onChange={(value) => setWhich(value)}
        />
      }
    >
      {shown.length === 0 ? (
        <Empty title="No feature is beyond its limit in the latest window" />
      ) : (
        <Table
          rows={shown}
          columns={columns}
          rowKey={({ key }) => key}
          to={({ signal, feature, metric: name }) =>
            `${to.feature(monitor, signal, feature)}?metric=${encodeURIComponent(name)}`
          }
          label="features"
          prefix="features."
        />
      )}
    </Panel>
  )
}
