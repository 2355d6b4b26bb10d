import type { Colours } from '../../../parts/chart/time-option.ts'

export type Point = readonly [x: number, y: number]

/** A model's curve; colour follows the model. */
export interface Curve {
  readonly name: string
  readonly colour: number
  readonly dashed?: boolean
  readonly points: readonly Point[]
  /** Where the threshold lies on it. */
  readonly at?: Point | undefined
}

/** Curves of shares over shares: both axes from 0 to 1, with a line that means chance. */
export function curveOption(
  curves: readonly Curve[],
  { x, y, chance }: { readonly x: string; readonly y: string; readonly chance: readonly Point[] },
  colours: Colours,
) {
  const label = { color: colours.muted, fontSize: 11 }
  const axis = {
    type: 'value',
    min: 0,
    max: 1,
    interval: 0.25,
    axisLabel: label,
    nameTextStyle: label,
    nameLocation: 'middle',
    splitLine: { lineStyle: { color: colours.line } },
  }
  return {
    animation: false,
    textStyle: { fontFamily: "'Inter Variable', system-ui, sans-serif" },
    grid: { left: 28, right: 12, top: 10, bottom: 36 },
    tooltip: {
      trigger: 'item',
      backgroundColor: colours.page,
      borderColor: colours.line,
      textStyle: { color: colours.text, fontSize: 12 },
      formatter: ({ value }: { readonly value: Point }) =>
        `${x} ${value[0].toFixed(3)}<br>${y} ${value[1].toFixed(3)}`,
    },
    xAxis: { ...axis, name: x, nameGap: 22 },
    yAxis: { ...axis, name: y, nameGap: 30 },
    series: [
      {
        type: 'line',
        symbol: 'none',
        silent: true,
        color: colours.muted,
        lineStyle: { width: 1, type: 'dashed' },
        data: chance,
      },
      ...curves.flatMap(({ name, colour, dashed, points, at }) => [
        {
          name,
          type: 'line',
          symbol: 'circle',
          symbolSize: 3,
          showSymbol: false,
          color: colours.series[colour - 1],
          lineStyle: { width: 1.75, type: dashed === true ? 'dashed' : 'solid' },
          data: points,
        },
        ...(at === undefined
          ? []
          : [
              {
                name: `${name} at the threshold`,
                type: 'scatter',
                symbolSize: 11,
                itemStyle: {
                  color: colours.page,
                  borderColor: colours.series[colour - 1],
                  borderWidth: 2.5,
                },
                data: [at],
              },
            ]),
      ]),
    ],
  }
}

export interface CalibrationCurve {
  readonly name: string
  readonly colour: number
  readonly bins: readonly {
    readonly predicted: number
    readonly observed: number
    readonly lower: number
    readonly upper: number
    readonly rows: number
  }[]
}

/** Share that came true over what was said, with intervals; right is the diagonal. Both axes reach as far as they must. */
export function calibrationOption(curves: readonly CalibrationCurve[], colours: Colours) {
  const label = { color: colours.muted, fontSize: 11 }
  const highest = Math.max(
    0.05,
    ...curves.flatMap(({ bins }) => bins.flatMap(({ predicted, upper }) => [predicted, upper])),
  )
  const most = Math.min(1, Math.ceil(highest * 20) / 20)
  const axis = {
    type: 'value',
    min: 0,
    max: most,
    splitNumber: 4,
    axisLabel: { ...label, formatter: (value: number) => `${Number((value * 100).toPrecision(3))} %` },
    nameTextStyle: label,
    nameLocation: 'middle',
    splitLine: { lineStyle: { color: colours.line } },
  }
  return {
    animation: false,
    textStyle: { fontFamily: "'Inter Variable', system-ui, sans-serif" },
    grid: { left: 28, right: 12, top: 10, bottom: 36 },
    tooltip: {
      trigger: 'item',
      backgroundColor: colours.page,
      borderColor: colours.line,
      textStyle: { color: colours.text, fontSize: 12 },
      formatter: ({
        seriesIndex,
        dataIndex,
      }: {
        readonly seriesIndex: number
        readonly dataIndex: number
      }) => {
        const bin = curves[Math.floor((seriesIndex - 1) / 2)]?.bins[dataIndex]
        return bin === undefined
          ? ''
          : `said ${(bin.predicted * 100).toFixed(1)} %, came ${(bin.observed * 100).toFixed(1)} %<br>${(bin.lower * 100).toFixed(1)} to ${(bin.upper * 100).toFixed(1)} % of ${bin.rows} rows`
      },
    },
    xAxis: { ...axis, name: 'said, mean of the bin', nameGap: 22 },
    yAxis: { ...axis, name: 'came true', nameGap: 34 },
    series: [
      {
        type: 'line',
        symbol: 'none',
        silent: true,
        color: colours.muted,
        lineStyle: { width: 1, type: 'dashed' },
        data: [
          [0, 0],
          [most, most],
        ],
      },
      ...curves.flatMap(({ name, colour, bins }) => [
        {
          name,
          type: 'line',
          symbol: 'circle',
          symbolSize: 7,
          color: colours.series[colour - 1],
          lineStyle: { width: 1.25 },
          data: bins.map(({ predicted, observed }) => [predicted, observed]),
        },
        {
          // Intervals: from the lower end to the upper one, and a hole before the next.
          name: `${name}, 95 %`,
          type: 'line',
          symbol: 'none',
          silent: true,
          connectNulls: false,
          color: colours.series[colour - 1],
          lineStyle: { width: 2 },
          data: bins.flatMap(({ predicted, lower, upper }) => [
            [predicted, lower],
            [predicted, upper],
            [predicted, null],
          ]),
        },
      ]),
    ],
  }
}
