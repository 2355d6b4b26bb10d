import { Drawer } from '@mantine/core'
import { useMemo } from 'react'
import type { DataVersion, Profile, ProfiledColumn } from '../../../api/data.ts'
import { barOption } from '../../../parts/chart/bar-option.ts'
import { Chart } from '../../../parts/chart/chart.tsx'
import type { Colours } from '../../../parts/chart/time-option.ts'
import { Facts } from '../../../parts/panel.tsx'
import { shortened } from '../../../words/names.ts'
import { count, exact, metric, percent } from '../../../words/numbers.ts'
import { OverVersions } from './over-versions.tsx'
import style from '../data.module.css'

/** Values that are named. */
const mostValues = 20

/** All that is known of a column: how its values lie, which come most, and what became of it from version to version. */
export function ColumnDrawer({
  column,
  profile,
  version,
  onClose,
}: {
  readonly column: ProfiledColumn | undefined
  readonly profile: Profile
  readonly version: DataVersion
  readonly onClose: () => void
}) {
  return (
    <Drawer
      opened={column !== undefined}
      onClose={onClose}
      position="right"
      size="xl"
      title={<span className="mono">{column?.name}</span>}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {column === undefined ? null : <Shown column={column} profile={profile} version={version} />}
    </Drawer>
  )
}

function Shown({
  column,
  profile,
  version,
}: {
  readonly column: ProfiledColumn
  readonly profile: Profile
  readonly version: DataVersion
}) {
  const { numeric, datetime, missing, distinct, storageType, semanticType } = column
  const own = profile.warnings.filter((warning) => warning.column === column.name)
  return (
    <div className={style.drawer}>
      {own.map(({ code, message }) => (
        <p key={code} className={style.warnings} style={{ margin: 0 }}>
          {message}
        </p>
      ))}
      <Facts
        columns={2}
        facts={[
          { name: 'Kind', value: semanticType },
          { name: 'Type', value: <span className="mono">{storageType}</span> },
          { name: 'Missing', value: `${percent(missing.fraction, 2)} (${exact(missing.count)} rows)` },
          { name: 'Distinct', value: `${distinct.exact ? '' : '≈ '}${exact(distinct.count)}` },
          { name: 'Least', value: numeric === undefined ? datetime?.min : metric(numeric.min) },
          { name: 'Most', value: numeric === undefined ? datetime?.max : metric(numeric.max) },
          { name: 'Mean', value: numeric === undefined ? undefined : metric(numeric.mean) },
          { name: 'Deviation', value: numeric === undefined ? undefined : metric(numeric.std) },
          ...Object.entries(numeric?.quantiles ?? {})
            .filter(([name]) => /^p\d/.test(name))
            .map(([name, value]) => ({ name: `Quantile ${name.slice(1)} %`, value: metric(value) })),
        ]}
      />
      <Distribution column={column} rows={profile.rows} />
      <OverVersions column={column.name} isNumber={numeric !== undefined} version={version} />
    </div>
  )
}

function Distribution({ column, rows }: { readonly column: ProfiledColumn; readonly rows: number }) {
  const { histogram, top = [], semanticType } = column
  const bars = useMemo(
    () =>
      histogram === undefined || histogram.counts.length === 0
        ? top
            .slice(0, mostValues)
            .map(({ value, count: n }) => ({ name: shortened(String(value), 24), value: n }))
        : histogram.counts.map((value, i) => ({
            name: `${worded(histogram.edges[i], semanticType)} … ${worded(histogram.edges[i + 1], semanticType)}`,
            value,
          })),
    [histogram, top, semanticType],
  )
  const option = useMemo(() => (colours: Colours) => barOption(bars, count, colours), [bars])
  if (bars.length === 0) return null
  const isOfBins = histogram !== undefined && histogram.counts.length > 0
  return (
    <Chart
      title="Rows"
      subtitle={`by ${isOfBins ? 'value' : `value, the ${bars.length} most frequent`}; n ${exact(rows - column.missing.count)}`}
      conclusion={
        isOfBins ? `${bars.length} bins` : `most often ${bars[0]?.name ?? ''}, ${exact(bars[0]?.value)} times`
      }
      option={option}
      height={200}
      table={() => ({ header: ['value', 'rows'], rows: bars.map(({ name, value }) => [name, exact(value)]) })}
    />
  )
}

const worded = (edge: number | undefined, kind: string): string =>
  edge === undefined
    ? ''
    : kind === 'datetime'
      ? new Date(edge * 1000).toISOString().slice(0, 16).replace('T', ' ')
      : metric(edge)
