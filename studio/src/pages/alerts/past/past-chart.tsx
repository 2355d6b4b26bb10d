import { useMemo } from 'react'
import type { Past } from '../../../api/alerts/rules.ts'
import { Chart } from '../../../parts/chart/chart.tsx'
import type { Colours } from '../../../parts/chart/time-option.ts'
import { plural } from '../../../words/names.ts'
import { inUnit } from '../words.ts'
import { conclusionOf, firingIn, linesOf, pastOption, type Shade } from './past-option.ts'

/** What a rule looked at over time, against its limit; shaded is when it fired (default: when it would have). */
export function PastChart({
  past,
  shades,
  height = 260,
}: {
  readonly past: Past
  readonly shades?: readonly Shade[]
  readonly height?: number
}) {
  const format = useMemo(() => inUnit(past.unit), [past.unit])
  const fired = useMemo(() => shades ?? firingIn(past), [past, shades])
  const option = useMemo(
    () => (colours: Colours) => pastOption(past, fired, format, colours),
    [past, fired, format],
  )
  const lines = useMemo(() => linesOf(past), [past])
  const table = () => {
    const times = [...new Set(lines.flatMap(({ points }) => points.map(({ at }) => at)))].toSorted(
      (a, b) => b - a,
    )
    return {
      header: ['time', ...lines.map(({ name }) => name)],
      rows: times.map((at) => [
        new Date(at).toLocaleString('en-GB', { dateStyle: 'short', timeStyle: 'medium' }),
        ...lines.map(({ points }) => {
          const value = points.find((point) => point.at === at)?.value
          return value === undefined || value === null ? '–' : format(value)
        }),
      ]),
    }
  }
  const more = past.series.length - lines.length
  return (
    <Chart
      title={past.measure}
      subtitle={`${plural(past.looks, 'look')}${more > 0 ? `; ${lines.length} of ${past.series.length} series, those that went furthest` : ''}; shaded: ${shades === undefined ? 'it would have fired' : 'it fired'}`}
      conclusion={conclusionOf(past, fired, format)}
      option={option}
      table={table}
      height={height}
      isEmpty={past.series.length === 0}
      emptyReason={past.error ?? past.notes[0] ?? 'Nothing was measured in this time.'}
    />
  )
}
