import type { Colours } from '../../../parts/chart/time-option.ts'
import { exact, metric } from '../../../words/numbers.ts'
import type { Boxes } from './boxes.ts'
import { escaped } from './run-options.ts'

/** Points of a category stand beside each other by turns, as far apart as this in shares of its width. */
const offsets = [0, -0.12, 0.12, -0.06, 0.06, -0.18, 0.18]

/** What ECharts draws of a metric by category: boxes where there are enough values, points in front of them. */
export function boxOption({ categories }: Boxes, measured: string, colours: Colours) {
  const points = categories.flatMap(({ name, points: all }, at) =>
    all.map((point, i) => ({ ...point, category: name, at: at + (offsets[i % offsets.length] ?? 0) })),
  )
  const words = { color: colours.muted, fontSize: 11 }
  return {
    animation: false,
    textStyle: { fontFamily: "'Inter Variable', system-ui, sans-serif" },
    grid: { left: 16, right: 16, top: 12, bottom: 30 },
    tooltip: {
      backgroundColor: colours.page,
      borderColor: colours.line,
      textStyle: { color: colours.text, fontSize: 12 },
      formatter: ({ seriesType, dataIndex }: { seriesType: string; dataIndex: number }) => {
        const point = seriesType === 'scatter' ? points[dataIndex] : undefined
        if (point !== undefined)
          return `${escaped(point.name)}<br>${escaped(measured)} ${metric(point.value)}`
        const { name = '', n = 0, median = 0, box } = categories[dataIndex] ?? {}
        return `${escaped(name)}, n ${exact(n)}<br>median ${metric(median)}<br>quartiles ${metric(box?.q1)} to ${metric(box?.q3)}`
      },
    },
    xAxis: [
      {
        type: 'category',
        data: categories.map(({ name, n }) => `${name}\nn ${exact(n)}`),
        axisLabel: { ...words, interval: 0, width: 96, overflow: 'truncate', lineHeight: 14 },
        axisLine: { onZero: false, lineStyle: { color: colours.line } },
        axisTick: { show: false },
      },
      // Points lie between categories, too: an axis of numbers over the same width.
      { type: 'value', min: -0.5, max: categories.length - 0.5, show: false },
    ],
    yAxis: {
      type: 'value',
      scale: true,
      axisLine: { show: false },
      axisLabel: { ...words, formatter: (value: number) => metric(value) },
      splitLine: { lineStyle: { color: colours.line } },
    },
    series: [
      {
        type: 'boxplot',
        boxWidth: [16, 56],
        itemStyle: { color: 'transparent', borderColor: colours.text, borderWidth: 1.5 },
        emphasis: { disabled: true },
        data: categories.map(({ box, median }) =>
          box === undefined ? { value: [] } : { value: [box.low, box.q1, median, box.q3, box.high] },
        ),
      },
      {
        type: 'scatter',
        xAxisIndex: 1,
        symbolSize: 7,
        itemStyle: { color: colours.series[0], opacity: 0.6 },
        data: points.map(({ id, at, value }) => ({ name: id, value: [at, value] })),
      },
    ],
  }
}
