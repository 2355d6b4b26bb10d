import { useMemo } from 'react'
import { useSettings, zoneName } from '../settings.ts'
import { Chart } from './chart.tsx'
import { timeOption, type Colours, type TimeChartOptions } from './time-option.ts'

/** Lines over time. Give it stable `lines`, `from` and `to`. */
export function TimeChart({
  title,
  subtitle,
  conclusion,
  height,
  emptyReason,
  ...options
}: TimeChartOptions & {
  readonly title: string
  readonly subtitle?: string
  readonly conclusion: string
  readonly height?: number
  readonly emptyReason?: string
}) {
  const { lines, from, to, stepMs, format, logarithmic, atLeast, levels, marks } = options
  const option = useMemo(
    () => (colours: Colours) =>
      timeOption(
        {
          lines,
          from,
          to,
          stepMs,
          format,
          ...(logarithmic === undefined ? {} : { logarithmic }),
          ...(atLeast === undefined ? {} : { atLeast }),
          ...(levels === undefined ? {} : { levels }),
          ...(marks === undefined ? {} : { marks }),
        },
        colours,
      ),
    [lines, from, to, stepMs, format, logarithmic, atLeast, levels, marks],
  )
  const { zone } = useSettings()
  const table = () => {
    const times = [...new Set(lines.flatMap(({ points }) => points.map(({ at }) => at)))].sort(
      (a, b) => b - a,
    )
    return {
      header: [`time (${zoneName(zone)})`, ...lines.map(({ name }) => name)],
      rows: times.map((at) => [
        new Date(at).toLocaleString('en-GB', {
          dateStyle: 'short',
          timeStyle: 'medium',
          ...(zone === 'utc' ? { timeZone: 'UTC' } : {}),
        }),
        ...lines.map(({ points }) => {
          const value = points.find((point) => point.at === at)?.value
          return value === undefined || value === null ? '–' : format(value)
        }),
      ]),
    }
  }
  return (
    <Chart
      title={title}
      conclusion={conclusion}
      option={option}
      table={table}
      isEmpty={lines.every(({ points }) => points.length === 0)}
      {...(subtitle === undefined ? {} : { subtitle })}
      {...(height === undefined ? {} : { height })}
      {...(emptyReason === undefined ? {} : { emptyReason })}
    />
  )
}
