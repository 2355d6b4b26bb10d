import type { MonitorWindow } from '../../../api/monitors.ts'
import type { Colours } from '../../../parts/chart/time-option.ts'

/** A value from window to window. */
export interface WindowLine {
  readonly name: string
  /** Number of its colour, 1 to 6. */
  readonly colour: number
  readonly dashed?: boolean
  /** Newest first, as the server tells them. */
  readonly windows: readonly MonitorWindow[]
}

export interface WindowChartOptions {
  readonly lines: readonly WindowLine[]
  readonly format: (value: number) => string
  /** Points of fewer rows than this are hollow. */
  readonly leastN?: number
  /** A threshold that somebody tries. */
  readonly tried?: number | undefined
  /** The window that the page is about, by its end. */
  readonly selected?: string | undefined
  /** The value axis begins at zero, as it has to for rates and distances. */
  readonly fromZero?: boolean
  /** Without names of axes and legend, for many small ones beside each other. */
  readonly isSmall?: boolean
}

/** Fewer rows than this make distances that say little: `max(200, 5 B)` for the usual numbers of bins. */
export const fewRows = 200

const day = 86_400_000
const inOrder = (windows: readonly MonitorWindow[]) =>
  windows.toReversed().map((window) => ({ ...window, time: Date.parse(window.at) }))

/** The middle of the steps from window to window: one that somebody asked for in between does not make gaps of all others. */
export function usualStep(times: readonly number[]): number {
  const steps = times
    .slice(1)
    .map((time, i) => time - (times[i] ?? 0))
    .toSorted((a, b) => a - b)
  return steps[Math.floor(steps.length / 2)] ?? day
}

/** Points with a hole wherever a window is missing: a line across would claim what nobody measured. */
function withHoles<T extends { readonly time: number }>(
  points: readonly T[],
  make: (point: T) => object,
  hole: (time: number) => object,
): readonly object[] {
  const step = usualStep(points.map(({ time }) => time))
  return points.flatMap((point, i) => {
    const before = points[i - 1]
    return before !== undefined && point.time - before.time > step * 1.6
      ? [hole(before.time + step), make(point)]
      : [make(point)]
  })
}

/** What ECharts draws of values over windows: thresholds, intervals, what chance makes of a distance, hollow where little is known. */
export function windowOption(options: WindowChartOptions, colours: Colours) {
  const { lines, format, fromZero = false, isSmall = false, selected, tried } = options
  const all = lines.flatMap(({ windows }) => inOrder(windows))
  const times = all.map(({ time }) => time).toSorted((a, b) => a - b)
  const [first = 0, last = 0] = [times[0], times.at(-1)]
  const margin = first === last ? day / 2 : (last - first) * 0.03
  const label = { color: colours.muted, fontSize: 11 }
  const isMany = lines.length > 1
  return {
    animation: false,
    textStyle: { fontFamily: "'Inter Variable', system-ui, sans-serif" },
    grid: { left: 8, right: 14, top: 14, bottom: isMany ? 46 : 22 },
    legend: {
      show: isMany,
      bottom: 0,
      icon: 'roundRect',
      itemWidth: 12,
      itemHeight: 3,
      textStyle: { color: colours.text, fontSize: 11 },
      data: lines.map(({ name }) => name),
    },
    tooltip: {
      trigger: 'axis',
      backgroundColor: colours.page,
      borderColor: colours.line,
      textStyle: { color: colours.text, fontSize: 12 },
      formatter: (found: readonly { readonly axisValue: number }[]) =>
        tooltip(lines, found[0]?.axisValue ?? 0, format),
    },
    xAxis: {
      type: 'time',
      min: first - margin,
      max: last + margin,
      axisLabel: { ...label, hideOverlap: true, rich: { primary: { fontWeight: 'normal' } } },
      axisLine: { lineStyle: { color: colours.line } },
      axisTick: { show: false },
      splitLine: { show: false },
      ...(isSmall ? { splitNumber: 3 } : {}),
    },
    yAxis: {
      type: 'value',
      scale: !fromZero,
      ...(fromZero ? { min: 0 } : {}),
      axisLabel: { ...label, formatter: (value: number) => plain(format(value)) },
      splitLine: { lineStyle: { color: colours.line } },
      splitNumber: isSmall ? 3 : 4,
      // Lines that are not data do not count for the axis: a threshold has to be seen.
      ...reach(options),
    },
    series: [
      ...lines.flatMap((line) => chanceSeries(line, colours)),
      ...lines.flatMap((line) => limitSeries(line, colours)),
      ...lines.flatMap((line) => intervalSeries(line, colours)),
      ...lines.map((line, i) => ({
        ...pointSeries(line, options, colours),
        ...(i === 0 ? markLines({ selected, tried }, colours) : {}),
      })),
    ],
  }
}

/** The value axis reaches to the threshold that is tried; where all is zero, it is so of a scale that means something. */
function reach({ tried, fromZero = false }: WindowChartOptions) {
  return {
    ...(tried === undefined && !fromZero
      ? {}
      : {
          max: ({ max }: { readonly max: number }) =>
            tried !== undefined && tried > max ? tried : max === 0 ? 0.09 : null,
        }),
    ...(tried === undefined || fromZero
      ? {}
      : { min: ({ min }: { readonly min: number }) => (tried < min ? tried : null) }),
  }
}

/** `0.8` for `0.8000`, `30 %` for `30.0 %`: numbers of axes and limits are round. */
export const plain = (text: string): string =>
  text.replace(/(\.\d*?)0+(?=\D|$)/, '$1').replace(/\.(?=\D|$)/, '')

const quiet = { type: 'line', symbol: 'none', silent: true, tooltip: { show: false }, legendHoverLink: false }

/** From zero to what one window in a thousand exceeds by chance alone. */
function chanceSeries({ windows, name }: WindowLine, colours: Colours): readonly object[] {
  const points = inOrder(windows)
  if (!points.some(({ chance }) => chance !== undefined)) return []
  const series = (of: 'q999' | 'mean', style: object) => ({
    ...quiet,
    name: `${name}, by chance ${of}`,
    ...style,
    data: withHoles(
      points,
      ({ time, chance }) => ({ value: [time, chance?.[of] ?? null] }),
      (time) => ({ value: [time, null] }),
    ),
  })
  return [
    series('q999', {
      lineStyle: { width: 0 },
      areaStyle: { color: colours.muted, opacity: 0.16, origin: 'start' },
      z: 1,
    }),
    series('mean', { lineStyle: { width: 1, type: 'dotted', color: colours.muted }, z: 1 }),
  ]
}

/** What values were held against, window by window; between two limits a band. */
function limitSeries({ windows, name }: WindowLine, colours: Colours): readonly object[] {
  const points = inOrder(windows)
  const line = (of: 'upper' | 'lower') =>
    points.some(({ threshold }) => threshold?.[of] !== undefined)
      ? [
          {
            ...quiet,
            name: `${name}, ${of} limit`,
            lineStyle: { width: 1, type: 'dashed', color: colours.text },
            connectNulls: true,
            z: 2,
            data: points.map(({ time, threshold }) => [time, threshold?.[of] ?? null]),
          },
        ]
      : []
  const isBand = points.some(
    ({ threshold }) => threshold?.lower !== undefined && threshold.upper !== undefined,
  )
  const band = isBand
    ? (['lower', 'upper'] as const).map((of) => ({
        ...quiet,
        name: `${name}, band ${of}`,
        stack: `${name} band`,
        stackStrategy: 'all',
        lineStyle: { width: 0 },
        ...(of === 'upper' ? { areaStyle: { color: colours.text, opacity: 0.07 } } : {}),
        data: points.map(({ time, threshold: { lower = 0, upper = 0 } = { from: '' } }) => [
          time,
          of === 'lower' ? lower : upper - lower,
        ]),
      }))
    : []
  return [...band, ...line('upper'), ...line('lower')]
}

/** Upright lines from the lower to the upper end of each interval. */
function intervalSeries({ windows, name, colour }: WindowLine, colours: Colours): readonly object[] {
  const points = inOrder(windows).filter(({ interval, value }) => interval !== undefined && value !== null)
  if (points.length === 0) return []
  return [
    {
      ...quiet,
      name: `${name}, interval`,
      lineStyle: { width: 1.5, color: colours.series[colour - 1], opacity: 0.55 },
      z: 2,
      data: points.flatMap(({ time, interval }) => [
        [time, interval?.lower],
        [time, interval?.upper],
        [time, null],
      ]),
    },
  ]
}

function pointSeries(line: WindowLine, { leastN = 0 }: WindowChartOptions, colours: Colours) {
  const colour = colours.series[line.colour - 1]
  const points = inOrder(line.windows)
  return {
    name: line.name,
    type: 'line',
    showSymbol: points.length <= 60,
    connectNulls: false,
    color: colour,
    lineStyle: { width: 1.75, type: line.dashed === true ? 'dashed' : 'solid' },
    z: 3,
    data: withHoles(
      points,
      ({ time, at, value, breached, provisional, n = Infinity }) => {
        const isHollow = provisional === true || n < leastN
        return {
          name: at,
          value: [time, value],
          // Beyond is told by shape, for colour alone cannot carry it.
          symbol: breached === true ? 'diamond' : 'circle',
          symbolSize: breached === true ? 10 : 6,
          itemStyle: {
            color: isHollow ? colours.page : colour,
            borderColor: colour,
            borderWidth: 1.5,
          },
        }
      },
      (time) => ({ value: [time, null] }),
    ),
  }
}

function markLines(
  {
    selected,
    tried,
  }: {
    readonly selected: string | undefined
    readonly tried: number | undefined
  },
  colours: Colours,
) {
  const data = [
    ...(selected === undefined
      ? []
      : [
          {
            name: '',
            xAxis: Date.parse(selected),
            lineStyle: { type: 'solid', width: 12, opacity: 0.14, color: colours.series[0] },
          },
        ]),
    ...(tried === undefined
      ? []
      : [
          {
            name: `tried: ${tried}`,
            yAxis: tried,
            lineStyle: { type: 'dotted', width: 2, color: colours.series[1] },
          },
        ]),
  ]
  return data.length === 0
    ? {}
    : {
        markLine: {
          symbol: 'none',
          silent: true,
          animation: false,
          lineStyle: { color: colours.muted },
          label: { color: colours.text, formatter: '{b}', position: 'insideEndTop' },
          data,
        },
      }
}

/** What is known of the windows that end at a time. ECharts takes it for HTML, so names are written safely. */
function tooltip(lines: readonly WindowLine[], time: number, format: (value: number) => string): string {
  const found = lines.flatMap(({ name, windows }) => {
    const window = windows.find(({ at }) => Date.parse(at) === time)
    return window === undefined ? [] : [sayWindow(name, window, format)]
  })
  const day = new Date(time).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'short' })
  return [`window to ${day}`, ...found].join('<br>')
}

function sayWindow(
  name: string,
  { value, n, threshold, interval, chance, reason, provisional }: MonitorWindow,
  format: (value: number) => string,
): string {
  const limits = [threshold?.lower, threshold?.upper].filter((limit) => limit !== undefined).map(format)
  return [
    `<b>${safe(name)}: ${value === null ? 'no data' : format(value)}</b>`,
    ...(interval === undefined ? [] : [`${format(interval.lower)} to ${format(interval.upper)} (95 %)`]),
    ...(limits.length === 0 ? [] : [`limit ${limits.join(' to ')}`]),
    ...(chance === undefined ? [] : [`by chance up to ${format(chance.q999)}`]),
    ...(n === undefined ? [] : [`n = ${n.toLocaleString('en')}`]),
    ...(provisional === true ? ['provisional'] : []),
    ...(value === null && reason !== undefined ? [safe(reason)] : []),
  ].join('<br>')
}

/** Text as it may stand in HTML. */
export const safe = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
