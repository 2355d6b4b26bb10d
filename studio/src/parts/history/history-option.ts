import type { Colours } from '../chart/time-option.ts'
import { metric } from '../../words/numbers.ts'
import { duration } from '../../words/time.ts'
import type { RunLook } from './run-looks.ts'
import { axes, smoothed, type Axis, type Drawn } from './history.ts'

export interface HistoryLine {
  readonly name: string
  readonly look: RunLook
  readonly points: readonly Drawn[]
}

interface BandApi {
  readonly coord: (point: readonly [number, number]) => readonly number[]
}

/** What ECharts draws of one metric of several runs: means as lines, between least and greatest a band. */
export function historyOption(
  lines: readonly HistoryLine[],
  { axis, isLog, weight }: { readonly axis: Axis; readonly isLog: boolean; readonly weight: number },
  colours: Colours,
) {
  const label = { color: colours.muted, fontSize: 11 }
  const xText = (value: number) =>
    axis === 'relative'
      ? duration(value * 1000)
      : axis === 'step'
        ? metric(value)
        : new Date(value).toISOString().slice(11, 19)
  return {
    animation: false,
    textStyle: { fontFamily: "'Inter Variable', system-ui, sans-serif" },
    grid: { left: 12, right: 24, top: 12, bottom: 44 },
    tooltip: {
      trigger: 'axis',
      backgroundColor: colours.page,
      borderColor: colours.line,
      textStyle: { color: colours.text, fontSize: 12 },
      valueFormatter: (value: unknown) => (typeof value === 'number' ? metric(value) : '–'),
    },
    xAxis: {
      type: 'value',
      name: axes[axis],
      nameLocation: 'middle',
      nameGap: 26,
      nameTextStyle: { color: colours.text, fontSize: 11 },
      min: 'dataMin',
      max: 'dataMax',
      axisLabel: { ...label, formatter: xText, hideOverlap: true },
      axisLine: { lineStyle: { color: colours.line } },
      splitLine: { show: false },
    },
    yAxis: {
      type: isLog ? 'log' : 'value',
      scale: true,
      splitNumber: 5,
      axisLabel: { ...label, formatter: (value: number) => metric(value) },
      splitLine: { lineStyle: { color: colours.line } },
    },
    series: lines.flatMap((line) => drawn(line, weight, colours)),
  }
}

function drawn({ name, look, points }: HistoryLine, weight: number, colours: Colours): readonly object[] {
  const color = colours.series[look.colour - 1] ?? colours.text
  const type = look.dashed ? 'dashed' : 'solid'
  const values = points.map(({ value }) => value)
  const smooth = weight > 0 ? smoothed(values, weight) : values
  const common = { type: 'line', showSymbol: points.length < 30, symbolSize: 5, color }
  return [
    ...(points.some(({ min, max }) => max > min) ? [band(points, color)] : []),
    ...(weight > 0
      ? [
          {
            ...common,
            silent: true,
            showSymbol: false,
            tooltip: { show: false },
            lineStyle: { width: 1, opacity: 0.3, type },
            data: points.map(({ x, value }) => [x, value]),
          },
        ]
      : []),
    { ...common, name, lineStyle: { width: 1.75, type }, data: points.map(({ x }, i) => [x, smooth[i]]) },
  ]
}

/** From the least to the greatest value of each part, as one shape. */
const band = (points: readonly Drawn[], fill: string) => ({
  type: 'custom',
  silent: true,
  tooltip: { show: false },
  clip: true,
  // All of it, so that the axis has room for it; what is drawn hangs on the first.
  data: points.map(({ x, min, max }) => [x, min, max]),
  encode: { x: 0, y: [1, 2] },
  renderItem: ({ dataIndex }: { readonly dataIndex: number }, api: BandApi) =>
    dataIndex > 0
      ? undefined
      : {
          type: 'polygon',
          shape: {
            points: [
              ...points.map(({ x, max }) => api.coord([x, max])),
              ...points.toReversed().map(({ x, min }) => api.coord([x, min])),
            ],
          },
          style: { fill, opacity: 0.18 },
        },
})
