import type { Colours } from './time-option.ts'

/** A metric of a run over its steps. */
export interface StepLine {
  readonly name: string
  readonly colour: number
  readonly points: readonly { readonly step: number; readonly value: number }[]
}

/** What ECharts draws of metrics over steps; the value axis need not start at zero, for lines. */
export const stepOption = (
  lines: readonly StepLine[],
  format: (value: number) => string,
  colours: Colours,
) => {
  const label = { color: colours.muted, fontSize: 11 }
  return {
    animation: false,
    textStyle: { fontFamily: "'Inter Variable', system-ui, sans-serif" },
    grid: { left: 8, right: 16, top: 12, bottom: lines.length > 1 ? 46 : 22 },
    legend: { show: lines.length > 1, bottom: 0, textStyle: { color: colours.text, fontSize: 11 } },
    tooltip: {
      trigger: 'axis',
      backgroundColor: colours.page,
      borderColor: colours.line,
      textStyle: { color: colours.text, fontSize: 12 },
      valueFormatter: (value: unknown) => (typeof value === 'number' ? format(value) : '–'),
    },
    xAxis: {
      type: 'value',
      min: 'dataMin',
      max: 'dataMax',
      minInterval: 1,
      axisLabel: label,
      axisLine: { lineStyle: { color: colours.line } },
      splitLine: { show: false },
    },
    yAxis: {
      type: 'value',
      scale: true,
      splitNumber: 4,
      axisLabel: { ...label, formatter: (value: number) => format(value) },
      splitLine: { lineStyle: { color: colours.line } },
    },
    series: lines.map(({ name, colour, points }) => ({
      name,
      type: 'line',
      showSymbol: points.length < 30,
      symbolSize: 5,
      sampling: 'minmax',
      color: colours.series[colour - 1],
      lineStyle: { width: 1.75 },
      data: points.map(({ step, value }) => [step, value]),
    })),
  }
}
