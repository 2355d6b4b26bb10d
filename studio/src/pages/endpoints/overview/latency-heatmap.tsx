import { useMemo } from 'react'
import { isOver, type Measured } from '../../../api/metrics.ts'
import { Chart } from '../../../parts/chart/chart.tsx'
import type { Colours, TimeMark } from '../../../parts/chart/time-option.ts'
import { count, exact } from '../../../words/numbers.ts'
import { cellsOf, heatmapOption, rangeName } from './heatmap-option.ts'

/** How long requests took, every one of them: how many of each interval fell into each range of durations. */
export function LatencyHeatmap({
  measured,
  marks,
  window,
}: {
  /** Counts of durations, by `le`. */
  readonly measured: Measured
  readonly marks: readonly TimeMark[]
  readonly window: string
}) {
  const { cells, ends } = useMemo(() => cellsOf(measured), [measured])
  const option = useMemo(
    () => (colours: Colours) => heatmapOption({ cells, ends, measured, marks }, colours),
    [cells, ends, measured, marks],
  )
  const most = Math.max(0, ...cells.map((cell) => cell.count))
  const all = cells.reduce((sum, cell) => sum + cell.count, 0)
  return (
    <Chart
      title="Requests by duration"
      subtitle={`all of them, ${window}, n ${count(all)}; darker is more, by logarithm, up to ${exact(most)}`}
      conclusion={conclusionOf(measured, all)}
      option={option}
      isEmpty={cells.length === 0}
      emptyReason="Nobody has asked in this time."
      height={200}
      table={() => ({
        header: ['time', ...ends.map((_, i) => rangeName(ends, i))],
        rows: [...Map.groupBy(cells, ({ at }) => at)]
          .toSorted(([a], [b]) => b - a)
          .map(([at, row]) => [
            new Date(at).toLocaleString('en-GB', { dateStyle: 'short', timeStyle: 'short' }),
            ...ends.map((_, i) => exact(row.find(({ end }) => end === i)?.count ?? 0)),
          ]),
      })}
    />
  )
}

function conclusionOf(measured: Measured, all: number): string {
  const totals = measured.series.map(({ labels, points }) => ({
    le: labels['le'] ?? '',
    count: points
      .filter(({ at }) => isOver(at, measured))
      .reduce((sum, point) => sum + (point.count ?? 0), 0),
  }))
  const [heaviest] = totals.toSorted((a, b) => b.count - a.count)
  return heaviest === undefined || all === 0
    ? 'no requests'
    : `most requests, ${exact(heaviest.count)} of ${exact(all)}, took up to ${heaviest.le} seconds`
}
