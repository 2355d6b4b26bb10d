/** One line of a chart over time. */
export interface TimeLine {
  readonly name: string
  /** Number of its colour, 1 to 6: colour follows the thing, not the place in the list. */
  readonly colour: number
  readonly dashed?: boolean
  readonly points: readonly { readonly at: number; readonly value: number | null }[]
}

export interface TimeChartOptions {
  readonly lines: readonly TimeLine[]
  readonly from: number
  readonly to: number
  /** Distance of points where nothing is missing; a wider one is drawn as a gap. */
  readonly stepMs: number
  readonly format: (value: number) => string
  readonly logarithmic?: boolean
  /** The value axis begins at zero and reaches at least so far: an error rate of nothing is a line at the bottom. */
  readonly atLeast?: number
  /** Levels that mean something, as dashed lines with their names. */
  readonly levels?: readonly { readonly name: string; readonly value: number }[]
  /** Moments that mean something, as upright lines with their names: releases. */
  readonly marks?: readonly TimeMark[]
}

export interface TimeMark {
  readonly at: number
  readonly name: string
}

/** Upright lines at moments, as ECharts has them. Of several close together only the last is named. */
export const markData = (
  marks: readonly TimeMark[],
  { from, to }: { readonly from: number; readonly to: number },
  colours: Colours,
) =>
  marks
    .filter(({ at }) => at >= from && at <= to)
    .map(({ at, name }, i, all) => {
      const next = all[i + 1]?.at ?? Infinity
      const isRoomy = next - at > (to - from) / 4
      return {
        xAxis: at,
        name,
        lineStyle: { color: colours.text, type: 'dotted', width: 1 },
        label: {
          show: isRoomy,
          color: colours.muted,
          fontSize: 10,
          formatter: name,
          position: 'end',
          align:
            at > from + (to - from) * 0.75 ? 'right' : at < from + (to - from) * 0.12 ? 'left' : 'center',
        },
      }
    })

export interface Colours {
  readonly series: readonly string[]
  readonly text: string
  readonly muted: string
  readonly line: string
  readonly page: string
  /** For what must not be: beyond a margin, after a failure. */
  readonly bad: string
}

/** Points with a hole wherever measurements are missing: a line across would claim what nobody measured. */
export function withGaps(points: TimeLine['points'], stepMs: number): readonly [number, number | null][] {
  return points.flatMap(({ at, value }, i): [number, number | null][] => {
    const before = points[i - 1]
    const isHole = before !== undefined && at - before.at > stepMs * 1.5
    return isHole
      ? [
          [before.at + stepMs, null],
          [at, value],
        ]
      : [[at, value]]
  })
}

/** What ECharts draws: a true time axis from `from` to `to`, all lines at one crosshair. */
export function timeOption(
  { lines, from, to, stepMs, format, logarithmic, atLeast, levels = [], marks = [] }: TimeChartOptions,
  colours: Colours,
) {
  const upright = markData(marks, { from, to }, colours)
  const label = { color: colours.muted, fontSize: 11 }
  return {
    animation: false,
    textStyle: { fontFamily: "'Inter Variable', system-ui, sans-serif" },
    grid: { left: 8, right: 12, top: upright.length > 0 ? 22 : 12, bottom: lines.length > 1 ? 46 : 22 },
    legend: {
      show: lines.length > 1,
      bottom: 0,
      icon: 'roundRect',
      itemWidth: 12,
      itemHeight: 3,
      textStyle: { color: colours.text, fontSize: 11 },
    },
    tooltip: {
      trigger: 'axis',
      backgroundColor: colours.page,
      borderColor: colours.line,
      textStyle: { color: colours.text, fontSize: 12 },
      valueFormatter: (value: unknown) => (typeof value === 'number' ? format(value) : '–'),
    },
    xAxis: {
      type: 'time',
      min: from,
      max: to,
      axisLabel: { ...label, hideOverlap: true, rich: { primary: { fontWeight: 'normal' } } },
      axisLine: { lineStyle: { color: colours.line } },
      axisTick: { show: false },
      splitLine: { show: false },
    },
    yAxis: {
      type: logarithmic === true ? 'log' : 'value',
      axisLabel: { ...label, formatter: (value: number) => format(value) },
      splitLine: { lineStyle: { color: colours.line } },
      splitNumber: 4,
      ...(atLeast === undefined ? {} : { min: 0, max: ({ max }: { max: number }) => Math.max(max, atLeast) }),
    },
    series: lines.map(({ name, colour, dashed, points }, i) => ({
      name,
      type: 'line',
      showSymbol: points.length < 30,
      symbol: 'circle',
      symbolSize: 5,
      sampling: 'minmax',
      connectNulls: false,
      color: colours.series[colour - 1],
      lineStyle: { width: 1.75, type: dashed === true ? 'dashed' : 'solid' },
      data: withGaps(points, stepMs),
      ...(i === 0 && levels.length + upright.length > 0
        ? {
            markLine: {
              symbol: 'none',
              silent: true,
              lineStyle: { color: colours.muted, type: 'dashed' },
              label: { color: colours.muted, formatter: '{b}', position: 'insideEndTop' },
              data: [...levels.map(({ name, value }) => ({ name, yAxis: value })), ...upright],
            },
          }
        : {}),
    })),
  }
}
