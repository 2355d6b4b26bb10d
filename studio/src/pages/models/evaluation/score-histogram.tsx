import { useMemo } from 'react'
import type { ModelSummary } from '../../../api/evaluation.ts'
import { Chart } from '../../../parts/chart/chart.tsx'
import type { Colours } from '../../../parts/chart/time-option.ts'
import { count, exact } from '../../../words/numbers.ts'
import { colourOf } from './key.tsx'

/** Bars over the range of probabilities: their width in hundredths, so that no bin of the evidence is cut. */
const width = 0.02

/** How often each probability is said: bars of fiftieths, rows of either class on top of each other. */
export function ScoreHistogram({
  models,
  positive,
}: {
  readonly models: readonly ModelSummary[]
  readonly positive: string
}) {
  const [own] = models
  const bars = useMemo(() => histogramOf(own), [own])
  const option = useMemo(
    () => (colours: Colours) => ({
      animation: false,
      textStyle: { fontFamily: "'Inter Variable', system-ui, sans-serif" },
      grid: { left: 28, right: 12, top: 6, bottom: 20 },
      tooltip: {
        trigger: 'axis',
        backgroundColor: colours.page,
        borderColor: colours.line,
        textStyle: { color: colours.text, fontSize: 12 },
      },
      xAxis: {
        type: 'category',
        data: bars.map(({ from }) => `${Math.round(from * 100)} %`),
        axisLabel: { color: colours.muted, fontSize: 11, hideOverlap: true },
        axisLine: { lineStyle: { color: colours.line } },
        axisTick: { show: false },
      },
      yAxis: {
        type: 'value',
        min: 0,
        splitNumber: 2,
        axisLabel: { color: colours.muted, fontSize: 11, formatter: count },
        splitLine: { lineStyle: { color: colours.line } },
      },
      series: [
        {
          name: positive,
          type: 'bar',
          stack: 'rows',
          barCategoryGap: '4%',
          color: colours.series[colourOf(own?.role ?? 'candidate') - 1],
          data: bars.map(({ positives }) => positives),
        },
        {
          name: `not ${positive}`,
          type: 'bar',
          stack: 'rows',
          color: colours.line,
          data: bars.map(({ rows, positives }) => rows - positives),
        },
      ],
    }),
    [bars, own?.role, positive],
  )
  return (
    <Chart
      title="Rows"
      subtitle={`by the probability ${own?.model ?? ''} said; grey: those that were not ${positive}`}
      conclusion={`probabilities from ${bars[0]?.from ?? 0} to ${((bars.at(-1)?.from ?? 0) + width).toFixed(2)}`}
      option={option}
      height={90}
      table={() => ({
        header: ['probability from', 'rows', positive],
        rows: bars.map(({ from, rows, positives }) => [from.toFixed(2), exact(rows), exact(positives)]),
      })}
    />
  )
}

function histogramOf(model: ModelSummary | undefined) {
  const { least = [], rows = [], positives = [] } = model?.scores ?? {}
  const found = new Map<number, { rows: number; positives: number }>()
  for (const [i, score] of least.entries()) {
    const at = Math.floor(score / width + 1e-9)
    const bar = found.get(at) ?? { rows: 0, positives: 0 }
    found.set(at, { rows: bar.rows + (rows[i] ?? 0), positives: bar.positives + (positives[i] ?? 0) })
  }
  const places = [...found.keys()]
  const [first, last] = [Math.min(...places, 0), Math.max(...places, 0)]
  return Array.from({ length: last - first + 1 }, (_, i) => ({
    from: (first + i) * width,
    ...(found.get(first + i) ?? { rows: 0, positives: 0 }),
  }))
}
