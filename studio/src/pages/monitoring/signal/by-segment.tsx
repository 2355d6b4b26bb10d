import { Select } from '@mantine/core'
import { useMemo } from 'react'
import type { MonitorSeries } from '../../../api/monitors.ts'
import { Chart } from '../../../parts/chart/chart.tsx'
import type { Colours } from '../../../parts/chart/time-option.ts'
import { Panel } from '../../../parts/panel.tsx'
import { exact, metric as number } from '../../../words/numbers.ts'
import { inWords, limitInWords, writeSlice } from '../series.ts'
import { segmentOption } from './segment-option.ts'

/** The latest value of every part of the rows beside that of all rows; a bar leads to its part. */
export function BySegment({
  series,
  metric,
  feature,
  features,
  onFeature,
  slice,
  onSlice,
}: {
  readonly series: readonly MonitorSeries[]
  readonly metric: string
  readonly feature: string | undefined
  readonly features: readonly string[]
  readonly onFeature: (feature: string) => void
  readonly slice: string
  readonly onSlice: (slice: string) => void
}) {
  const parts = useMemo(() => {
    const own = series.filter((one) => one.metric === metric && one.feature === feature)
    const of = (one: MonitorSeries) => one.windows[0]?.value ?? Number.NEGATIVE_INFINITY
    return own.toSorted((a, b) =>
      a.segment === undefined ? -1 : b.segment === undefined ? 1 : of(b) - of(a),
    )
  }, [series, metric, feature])
  const option = useMemo(() => (colours: Colours) => segmentOption(parts, slice, colours), [parts, slice])
  const there = parts.filter(({ windows, segment }) => segment !== undefined && windows[0]?.value !== null)
  const [most] = there
  return (
    <Panel
      title="By part of the rows"
      subtitle="the latest window; whiskers: 95 % intervals where they are known; a click shows the part"
      {...(feature === undefined
        ? {}
        : {
            actions: (
              <Select
                aria-label="Feature"
                size="xs"
                data={features}
                value={feature}
                onChange={(value) => onFeature(value ?? '')}
                allowDeselect={false}
                searchable
                w={220}
              />
            ),
          })}
    >
      <Chart
        title={`${feature === undefined ? '' : `${feature} · `}${metric}`}
        subtitle={`${there.length} parts`}
        conclusion={
          most === undefined
            ? 'no part has a value'
            : `${inWords(most.segment)} has the greatest value, ${number(most.windows[0]?.value)}`
        }
        option={option}
        height={Math.max(160, 40 + parts.length * 24)}
        isEmpty={parts.length === 0}
        onClick={(_, index) => onSlice(writeSlice(parts[index]?.segment))}
        table={() => ({
          header: ['part', 'value', 'limit', 'rows', 'note'],
          rows: parts.map(({ segment, windows: [window] }) => [
            inWords(segment),
            number(window?.value),
            window === undefined ? '' : limitInWords(window),
            exact(window?.n),
            window?.reason ?? '',
          ]),
        })}
      />
    </Panel>
  )
}
