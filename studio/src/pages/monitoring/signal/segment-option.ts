import type { MonitorSeries } from '../../../api/monitors.ts'
import type { Colours } from '../../../parts/chart/time-option.ts'
import { metric } from '../../../words/numbers.ts'
import { plain } from '../charts/window-option.ts'
import { inWords, writeSlice } from '../series.ts'

/** Bars from zero, one for each part of the rows, that of all rows first; what was left to few rows is paler. */
export function segmentOption(parts: readonly MonitorSeries[], slice: string, colours: Colours) {
  const limit = parts[0]?.windows[0]?.threshold
  const level = limit?.upper ?? limit?.lower
  return {
    animation: false,
    textStyle: { fontFamily: "'Inter Variable', system-ui, sans-serif" },
    grid: { left: 8, right: 24, top: 8, bottom: 24 },
    tooltip: {
      trigger: 'item',
      backgroundColor: colours.page,
      borderColor: colours.line,
      textStyle: { color: colours.text, fontSize: 12 },
      valueFormatter: (value: unknown) => (typeof value === 'number' ? metric(value) : '–'),
    },
    xAxis: {
      type: 'value',
      axisLabel: { color: colours.muted, fontSize: 11, formatter: (value: number) => plain(metric(value)) },
      splitLine: { lineStyle: { color: colours.line } },
      splitNumber: 5,
    },
    yAxis: {
      type: 'category',
      inverse: true,
      data: parts.map(({ segment }) => inWords(segment)),
      axisLabel: { color: colours.text, fontSize: 11, interval: 0, width: 220, overflow: 'truncate' },
      axisLine: { lineStyle: { color: colours.line } },
      axisTick: { show: false },
    },
    series: [
      {
        name: 'value',
        type: 'bar',
        barCategoryGap: '35%',
        data: parts.map(({ segment, windows: [window] }) => ({
          value: window?.value ?? null,
          itemStyle: {
            color: segment === undefined ? colours.muted : colours.series[0],
            opacity: writeSlice(segment) === slice ? 1 : 0.65,
          },
        })),
        ...(level === undefined
          ? {}
          : {
              markLine: {
                symbol: 'none',
                silent: true,
                lineStyle: { type: 'dashed', color: colours.text },
                label: { color: colours.text, formatter: 'limit', position: 'insideEndTop' },
                data: [{ xAxis: level }],
              },
            }),
      },
      {
        name: 'interval',
        type: 'line',
        symbol: 'none',
        silent: true,
        tooltip: { show: false },
        color: colours.text,
        lineStyle: { width: 1.25 },
        data: parts.flatMap(({ windows: [window] }, i) =>
          window?.interval === undefined
            ? []
            : [
                [window.interval.lower, i],
                [window.interval.upper, i],
                [null, i],
              ],
        ),
      },
    ],
  }
}
