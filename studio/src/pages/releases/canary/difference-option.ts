import type { Colours } from '../../../parts/chart/time-option.ts'
import { exact } from '../../../words/numbers.ts'
import { points as pp, type DifferencePoint } from './differences.ts'

/**
 * How far up and down the chart goes: by how it stands now. The margin and the later estimates are always within; the wide
 * intervals of the first looks are cut off, for they would press everything else to a line.
 */
export function reach(points: readonly DifferencePoint[]): { readonly top: number; readonly bottom: number } {
  const last = points.at(-1)
  const margin = Math.max(last?.margin ?? 0, 1e-4)
  const later = points.slice(Math.floor(points.length / 2)).map(({ estimate }) => estimate)
  const [highest, lowest] = [Math.max(0, ...later), Math.min(0, ...later)]
  return {
    top: Math.max(1.7 * margin, 1.3 * highest, Math.min(1.2 * (last?.upper ?? 1), 3 * margin)),
    bottom: Math.min(-0.7 * margin, 1.3 * lowest, Math.max(1.2 * (last?.lower ?? -1), -2 * margin)),
  }
}

/**
 * What ECharts draws: the difference with its confidence sequence, the zero line, and what is beyond the margin shaded;
 * below it, over the same time, the requests of each arm.
 */
export function differenceOption(points: readonly DifferencePoint[], colours: Colours) {
  const { top, bottom } = reach(points)
  const within = (value: number | null, open: number) => Math.min(top, Math.max(bottom, value ?? open))
  const times = points.map(({ at }) => at)
  const [from, to] = [Math.min(...times), Math.max(...times)]
  const room = Math.max((to - from) * 0.02, 500)
  const label = { color: colours.muted, fontSize: 11 }
  const line = { lineStyle: { color: colours.line } }
  const time = {
    type: 'time',
    min: from - room,
    max: to + room,
    axisTick: { show: false },
    splitLine: { show: false },
  }
  const steps = points.filter(({ step }, i) => step !== points[i - 1]?.step)
  const canary = colours.series[1]
  const bare = { type: 'line', symbol: 'none', silent: true, tooltip: { show: false } }
  return {
    animation: false,
    textStyle: { fontFamily: "'Inter Variable', system-ui, sans-serif" },
    axisPointer: { link: [{ xAxisIndex: 'all' }] },
    grid: [
      { left: 62, right: 12, top: 22, bottom: 86 },
      { left: 62, right: 12, height: 42, bottom: 22 },
    ],
    tooltip: {
      trigger: 'axis',
      backgroundColor: colours.page,
      borderColor: colours.line,
      textStyle: { color: colours.text, fontSize: 12 },
      formatter: (all: readonly { readonly dataIndex: number }[]) => told(points[all[0]?.dataIndex ?? -1]),
    },
    xAxis: [
      { ...time, gridIndex: 0, show: false },
      {
        ...time,
        gridIndex: 1,
        axisLabel: { ...label, hideOverlap: true, rich: { primary: { fontWeight: 'normal' } } },
        axisLine: line,
      },
    ],
    yAxis: [
      {
        gridIndex: 0,
        min: bottom,
        max: top,
        axisLabel: {
          ...label,
          showMinLabel: false,
          showMaxLabel: false,
          formatter: (value: number) => pp(value, top < 0.002 ? 3 : top < 0.02 ? 2 : 1),
        },
        splitNumber: 4,
        splitLine: line,
      },
      {
        gridIndex: 1,
        min: 0,
        splitNumber: 2,
        axisLabel: { ...label, hideOverlap: true, formatter: (value: number) => exact(value) },
        splitLine: line,
      },
    ],
    series: [
      {
        ...bare,
        name: 'beyond the margin',
        color: colours.bad,
        lineStyle: { type: 'dashed', width: 1 },
        areaStyle: { origin: 'end', opacity: 0.1 },
        data: points.map(({ at, margin }) => [at, margin]),
      },
      {
        ...bare,
        name: 'lower end',
        stack: 'interval',
        stackStrategy: 'all',
        lineStyle: { opacity: 0 },
        data: points.map(({ at, lower }) => [at, within(lower, bottom)]),
      },
      {
        ...bare,
        name: 'interval',
        stack: 'interval',
        stackStrategy: 'all',
        color: canary,
        lineStyle: { opacity: 0 },
        areaStyle: { opacity: 0.22 },
        data: points.map(({ at, lower, upper }) => [at, within(upper, top) - within(lower, bottom)]),
      },
      {
        name: 'candidate less champion',
        type: 'line',
        color: canary,
        symbol: 'circle',
        symbolSize: 5,
        showSymbol: points.length < 40,
        lineStyle: { width: 1.75 },
        data: points.map(({ at, estimate }) => [at, estimate]),
        markLine: {
          symbol: 'none',
          silent: true,
          animation: false,
          lineStyle: { color: colours.text, type: 'solid', width: 1 },
          label: { show: false },
          data: [
            { yAxis: 0 },
            ...steps.map(({ at, share }) => ({
              xAxis: at,
              lineStyle: { color: colours.muted, type: 'dotted' },
              label: { show: true, color: colours.muted, fontSize: 11, position: 'end', formatter: share },
            })),
          ],
        },
      },
      ...(['champion', 'canary'] as const).map((arm) => ({
        ...bare,
        name: arm === 'canary' ? 'requests of the candidate' : 'requests of the champion',
        xAxisIndex: 1,
        yAxisIndex: 1,
        color: arm === 'canary' ? canary : colours.series[0],
        lineStyle: { width: 1.5, type: arm === 'canary' ? 'solid' : 'dashed' },
        data: points.map(({ at, n }) => [at, n[arm]]),
      })),
    ],
  }
}

const told = (point: DifferencePoint | undefined): string =>
  point === undefined
    ? ''
    : [
        new Date(point.at).toLocaleTimeString('en-GB'),
        point.share,
        `difference ${pp(point.estimate)}`,
        `interval ${point.lower === null ? '…' : pp(point.lower)} to ${point.upper === null ? '…' : pp(point.upper)}`,
        `margin ${pp(point.margin)}`,
        `n ${exact(point.n.canary)} and ${exact(point.n.champion)}`,
      ].join('<br/>')
