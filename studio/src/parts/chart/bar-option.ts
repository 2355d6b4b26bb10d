import type { Colours } from './time-option.ts'

/** One bar; null where nothing is known, which is a gap. */
export interface NamedValue {
  readonly name: string
  readonly value: number | null
}

/** Bars from zero, beside each other in the order given. */
export const barOption = (
  bars: readonly NamedValue[],
  format: (value: number) => string,
  colours: Colours,
) => ({
  animation: false,
  textStyle: { fontFamily: "'Inter Variable', system-ui, sans-serif" },
  grid: { left: 8, right: 8, top: 8, bottom: 22 },
  tooltip: {
    trigger: 'axis',
    backgroundColor: colours.page,
    borderColor: colours.line,
    textStyle: { color: colours.text, fontSize: 12 },
    valueFormatter: (value: unknown) => (typeof value === 'number' ? format(value) : '–'),
  },
  xAxis: {
    type: 'category',
    data: bars.map(({ name }) => name),
    axisLabel: { color: colours.muted, fontSize: 11, hideOverlap: true, width: 90, overflow: 'truncate' },
    axisLine: { lineStyle: { color: colours.line } },
    axisTick: { show: false },
  },
  yAxis: {
    type: 'value',
    min: 0,
    splitNumber: 3,
    axisLabel: { color: colours.muted, fontSize: 11, formatter: format },
    splitLine: { lineStyle: { color: colours.line } },
  },
  series: [
    {
      type: 'bar',
      color: colours.series[0],
      barMaxWidth: 40,
      barCategoryGap: '12%',
      data: bars.map(({ value }) => value),
    },
  ],
})
