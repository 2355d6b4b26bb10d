import { isOver, type Measured } from '../../../api/metrics.ts'
import { markData, type Colours, type TimeMark } from '../../../parts/chart/time-option.ts'
import { exact } from '../../../words/numbers.ts'
import { duration } from '../../../words/time.ts'

export interface Cell {
  readonly at: number
  /** Its place among the ends. */
  readonly end: number
  readonly count: number
}

const numberOf = (le: string) => (le === '+Inf' ? Infinity : Number(le))

/** The ladder of upper ends as measured, the gaps between them filled, so that distances are true. */
const ladder = [
  0,
  ...Array.from({ length: 24 }, (_, i) => [1, 2.5, 5][i % 3]! * 10 ** (Math.floor(i / 3) - 5)),
  Infinity,
]

/** Counts by interval and range of durations; intervals that are not over are left out. */
export function cellsOf(measured: Measured): {
  readonly cells: readonly Cell[]
  readonly ends: readonly number[]
} {
  const seen = measured.series.map(({ labels }) => numberOf(labels['le'] ?? '+Inf'))
  const finite = seen.filter(Number.isFinite)
  const near = (a: number, b: number) => a === b || Math.abs(a - b) < 1e-9 * Math.max(1, Math.abs(a))
  const ends = ladder.filter(
    (end) =>
      seen.some((one) => near(one, end)) ||
      (Number.isFinite(end) && end >= Math.min(...finite) && end <= Math.max(...finite)),
  )
  const cells = measured.series.flatMap(({ labels, points }) => {
    const end = ends.findIndex((one) => near(one, numberOf(labels['le'] ?? '+Inf')))
    return points
      .filter(({ at, count = 0 }) => count > 0 && isOver(at, measured))
      .map(({ at, count = 0 }) => ({ at, end, count }))
  })
  return { cells, ends }
}

const seconds = (value: number) =>
  value < 0.001 ? `${Number((value * 1000).toPrecision(3))} ms` : duration(value * 1000).replace('.0 s', ' s')

/** `1 ms to 2.5 ms`. */
export function rangeName(ends: readonly number[], i: number): string {
  const end = ends[i] ?? Infinity
  const before = ladder[ladder.findIndex((one) => Math.abs(one - end) < 1e-9 || one === end) - 1] ?? 0
  if (end === Infinity) return 'never ended'
  return before === 0 ? `up to ${seconds(end)}` : `${seconds(before)} to ${seconds(end)}`
}

/** What ECharts draws: a rectangle for each interval and range, as dark as it has requests. */
export function heatmapOption(
  {
    cells,
    ends,
    measured: { from, to, grainMs },
    marks,
  }: {
    readonly cells: readonly Cell[]
    readonly ends: readonly number[]
    readonly measured: Measured
    readonly marks: readonly TimeMark[]
  },
  colours: Colours,
) {
  const label = { color: colours.muted, fontSize: 11 }
  const most = Math.max(1, ...cells.map(({ count }) => count))
  const line = { lineStyle: { color: colours.line } }
  return {
    animation: false,
    textStyle: { fontFamily: "'Inter Variable', system-ui, sans-serif" },
    grid: { left: 8, right: 12, top: marks.length > 0 ? 22 : 12, bottom: 22 },
    tooltip: {
      trigger: 'item',
      backgroundColor: colours.page,
      borderColor: colours.line,
      textStyle: { color: colours.text, fontSize: 12 },
      formatter: ({ dataIndex }: { readonly dataIndex: number }) => {
        const cell = cells[dataIndex]
        return cell === undefined
          ? ''
          : `${new Date(cell.at).toLocaleString('en-GB', { dateStyle: 'short', timeStyle: 'short' })}<br/>${rangeName(ends, cell.end)}: ${exact(cell.count)} requests`
      },
    },
    xAxis: {
      type: 'time',
      min: from,
      max: to,
      axisLabel: { ...label, hideOverlap: true, rich: { primary: { fontWeight: 'normal' } } },
      axisLine: line,
      axisTick: { show: false },
      splitLine: { show: false },
    },
    yAxis: {
      type: 'value',
      min: 0,
      max: ends.length,
      interval: 1,
      axisLabel: {
        ...label,
        formatter: (row: number) => {
          const end = ends[row - 1]
          return end === undefined ? '' : end === Infinity ? '∞' : seconds(end)
        },
        hideOverlap: true,
      },
      splitLine: line,
    },
    series: [
      {
        type: 'custom',
        data: cells.map(({ at, end, count }) => [at, end, count]),
        encode: { x: 0, y: 1 },
        clip: true,
        renderItem: (_: unknown, api: CustomApi) => {
          const [at, row, n] = [api.value(0), api.value(1), api.value(2)]
          const [left = 0, bottom = 0] = api.coord([at, row])
          const [right = 0, top = 0] = api.coord([at + grainMs, row + 1])
          return {
            type: 'rect',
            shape: {
              x: left,
              y: top,
              width: Math.max(1, right - left - 0.5),
              height: Math.max(1, bottom - top - 0.5),
            },
            style: {
              fill: colours.series[0],
              opacity: 0.14 + (0.86 * Math.log1p(n)) / Math.log1p(most),
            },
          }
        },
        markLine: { symbol: 'none', silent: true, data: markData(marks, { from, to }, colours) },
      },
    ],
  }
}

/** What ECharts gives a custom series to draw with. */
interface CustomApi {
  readonly value: (dimension: number) => number
  readonly coord: (point: readonly [number, number]) => readonly number[]
}
