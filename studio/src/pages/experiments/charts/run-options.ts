import type { Colours } from '../../../parts/chart/time-option.ts'
import { metric } from '../../../words/numbers.ts'

const font = { fontFamily: "'Inter Variable', system-ui, sans-serif" }

/** What ECharts draws of runs as points; both axes begin where the values do. */
export function scatterOption(
  points: readonly { readonly name: string; readonly x: number; readonly y: number }[],
  names: { readonly x: string; readonly y: string },
  colours: Colours,
) {
  const axis = (name: string) => ({
    type: 'value',
    name,
    nameLocation: 'middle',
    scale: true,
    nameTextStyle: { color: colours.text, fontSize: 11 },
    axisLabel: { color: colours.muted, fontSize: 11, formatter: (value: number) => metric(value) },
    axisLine: { lineStyle: { color: colours.line } },
    splitLine: { lineStyle: { color: colours.line } },
  })
  return {
    animation: false,
    textStyle: font,
    grid: { left: 16, right: 24, top: 12, bottom: 36 },
    tooltip: {
      backgroundColor: colours.page,
      borderColor: colours.line,
      textStyle: { color: colours.text, fontSize: 12 },
      formatter: ({ dataIndex }: { dataIndex: number }) => {
        const { name = '', x = 0, y = 0 } = points[dataIndex] ?? {}
        return `${escaped(name)}<br>${escaped(names.x)} ${metric(x)}<br>${escaped(names.y)} ${metric(y)}`
      },
    },
    xAxis: axis(names.x),
    yAxis: axis(names.y),
    series: [
      {
        type: 'scatter',
        symbolSize: 9,
        itemStyle: { color: colours.series[0], opacity: 0.75 },
        data: points.map(({ x, y }) => [x, y]),
      },
    ],
  }
}

/** One of the parallel axes: numbers, or categories from the bottom up. */
export interface ParallelAxis {
  readonly name: string
  readonly categories?: readonly string[] | undefined
  readonly isLogarithmic?: boolean | undefined
}

/** What ECharts draws of runs as lines over axes; the last axis gives the colour, its better end the first. */
export function parallelOption(
  lines: readonly (readonly (number | string)[])[],
  axes: readonly ParallelAxis[],
  colours: Colours,
  lowerIsBetter = false,
) {
  const last = lines.map((values) => Number(values.at(-1)))
  const [first, second] = [colours.series[0], colours.series[1]]
  return {
    animation: false,
    textStyle: font,
    parallel: { left: 60, right: 90, top: 40, bottom: 24 },
    parallelAxis: axes.map(({ name, categories, isLogarithmic = false }, dim) => ({
      dim,
      name: isLogarithmic ? `${name} (log)` : name,
      ...(categories === undefined
        ? { type: isLogarithmic ? 'log' : 'value', scale: true }
        : { type: 'category', data: categories }),
      nameTextStyle: { color: colours.text, fontSize: 11, width: 110, overflow: 'truncate' },
      axisLabel: {
        color: colours.muted,
        fontSize: 11,
        // Lines go over it.
        textBorderColor: colours.page,
        textBorderWidth: 3,
        ...(categories === undefined
          ? { formatter: (value: number) => metric(value) }
          : { width: 80, overflow: 'truncate' }),
      },
      axisLine: { lineStyle: { color: colours.muted } },
    })),
    visualMap: {
      show: false,
      min: Math.min(...last),
      max: Math.max(...last),
      dimension: axes.length - 1,
      inRange: { color: lowerIsBetter ? [first, second] : [second, first] },
    },
    series: [{ type: 'parallel', lineStyle: { width: 1.5, opacity: 0.6 }, data: lines }],
  }
}

/** Names of runs are their users'; a tooltip is markup. */
export const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
