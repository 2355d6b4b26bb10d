import { useMemo } from 'react'
import { Chart } from '../../../parts/chart/chart.tsx'
import type { Colours } from '../../../parts/chart/time-option.ts'
import { exact } from '../../../words/numbers.ts'
import { limitInWords, standing } from '../series.ts'
import { windowOption, type WindowChartOptions } from './window-option.ts'
import { lookOf } from '../../../words/status.ts'

/** Values from window to window. Give it stable `lines`. A click on a point tells its window. */
export function WindowChart({
  title,
  subtitle,
  conclusion,
  height = 220,
  onWindow,
  ...options
}: WindowChartOptions & {
  readonly title: string
  readonly subtitle?: string
  readonly conclusion: string
  readonly height?: number
  readonly onWindow?: (at: string) => void
}) {
  const { lines, format, leastN, tried, selected, fromZero, isSmall } = options
  const option = useMemo(
    () => (colours: Colours) =>
      windowOption(
        {
          lines,
          format,
          tried,
          selected,
          ...(leastN === undefined ? {} : { leastN }),
          ...(fromZero === undefined ? {} : { fromZero }),
          ...(isSmall === undefined ? {} : { isSmall }),
        },
        colours,
      ),
    [lines, format, leastN, tried, selected, fromZero, isSmall],
  )
  const table = () => {
    const many = lines.length > 1
    return {
      header: ['window to', ...(many ? ['of'] : []), 'value', 'limit', 'rows', 'verdict', 'note'],
      rows: lines.flatMap(({ name, windows }) =>
        windows.map((window) => [
          new Date(window.at).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'short' }),
          ...(many ? [name] : []),
          window.value === null ? 'no data' : format(window.value),
          limitInWords(window, format),
          exact(window.n),
          lookOf('monitor', standing(window)).word,
          window.reason ?? '',
        ]),
      ),
    }
  }
  return (
    <Chart
      title={title}
      conclusion={conclusion}
      option={option}
      table={table}
      height={height}
      isEmpty={lines.every(({ windows }) => windows.every(({ value }) => value === null))}
      emptyReason={
        lines.flatMap(({ windows }) => windows).find(({ reason }) => reason !== undefined)?.reason ??
        'No window has a value of it.'
      }
      {...(subtitle === undefined ? {} : { subtitle })}
      {...(onWindow === undefined
        ? {}
        : { onClick: (name: string) => (name === '' ? undefined : onWindow(name)) })}
    />
  )
}
