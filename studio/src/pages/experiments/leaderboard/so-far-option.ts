import type { Trial } from '../../../api/trials.ts'
import type { Colours } from '../../../parts/chart/time-option.ts'
import { metric } from '../../../words/numbers.ts'
import { escaped } from '../charts/run-options.ts'

export type Over = 'number' | 'time'

/** Where a trial stands: its number, or when it ended. */
export const placeOf = (trial: Trial, over: Over): number =>
  over === 'number' ? trial.number : (trial.endTime ?? trial.startTime)

/** What has ended without a number to rank it by. */
export const isLost = ({ value, status }: Trial): boolean =>
  value === null && status !== 'RUNNING' && status !== 'SCHEDULED'

/** The best so far as corners of a line, from the first record to the last trial. */
export function bestSoFar(trials: readonly Trial[], over: Over): readonly (readonly [number, number])[] {
  const records = trials
    .flatMap((trial) =>
      trial.isRecord && trial.value !== null ? [[placeOf(trial, over), trial.value] as const] : [],
    )
    .toSorted(([a], [b]) => a - b)
  const last = Math.max(...trials.map((trial) => placeOf(trial, over)))
  const [, best] = records.at(-1) ?? []
  return best === undefined ? [] : [...records, [last, best]]
}

/** From where to where values are drawn, with room below for the marks of those that have none. */
export function rangeOf(trials: readonly Trial[]): readonly [number, number] {
  const values = trials.flatMap(({ value }) => (value === null ? [] : [value]))
  const [low, high] = [Math.min(...values), Math.max(...values)]
  const room = high > low ? (high - low) / 12 : Math.max(Math.abs(low) / 12, 1e-9)
  return [low - room, high + room]
}

const cross = 'path://M0,1L1,0L5,4L9,0L10,1L6,5L10,9L9,10L5,6L1,10L0,9L4,5Z'

/** What ECharts draws of a search: each trial's point, the best so far as steps, failed ones as crosses on the axis. */
export function soFarOption(
  trials: readonly Trial[],
  { metric: name, over }: { readonly metric: string; readonly over: Over },
  colours: Colours,
) {
  const [min, max] = rangeOf(trials)
  const point = (trial: Trial, value: number) => ({ name: trial.runId, value: [placeOf(trial, over), value] })
  const of = new Map(trials.map((trial) => [trial.runId, trial]))
  const words = { color: colours.muted, fontSize: 11 }
  return {
    animation: false,
    textStyle: { fontFamily: "'Inter Variable', system-ui, sans-serif" },
    grid: { left: 16, right: 24, top: 12, bottom: over === 'number' ? 36 : 24 },
    tooltip: {
      backgroundColor: colours.page,
      borderColor: colours.line,
      textStyle: { color: colours.text, fontSize: 12 },
      formatter: ({ name: runId }: { name: string }) => {
        const trial = of.get(runId)
        if (trial === undefined) return ''
        const what = trial.value === null ? trial.status.toLowerCase() : `${name} ${metric(trial.value)}`
        return `${escaped(trial.name)}, trial ${trial.number}<br>${escaped(what)}`
      },
    },
    xAxis: {
      ...(over === 'time'
        ? { type: 'time' }
        : {
            type: 'value',
            name: 'trial',
            nameLocation: 'middle',
            minInterval: 1,
            min: 0,
            max: Math.max(...trials.map(({ number }) => number)) + 1,
          }),
      nameTextStyle: { color: colours.text, fontSize: 11 },
      axisLabel: { ...words, hideOverlap: true, showMaxLabel: false },
      axisLine: { lineStyle: { color: colours.line }, onZero: false },
      splitLine: { show: false },
    },
    yAxis: {
      type: 'value',
      min,
      max,
      axisLabel: {
        ...words,
        showMinLabel: false,
        showMaxLabel: false,
        formatter: (value: number) => metric(value),
      },
      splitLine: { lineStyle: { color: colours.line } },
    },
    series: [
      {
        type: 'line',
        step: 'end',
        symbol: 'none',
        silent: true,
        lineStyle: { color: colours.series[0], width: 2 },
        data: bestSoFar(trials, over),
      },
      {
        type: 'scatter',
        symbolSize: trials.length > 200 ? 5 : 7,
        data: trials.flatMap((trial) =>
          trial.value === null
            ? []
            : [
                {
                  ...point(trial, trial.value),
                  itemStyle: trial.isRecord
                    ? { color: colours.series[0] }
                    : { color: colours.muted, opacity: 0.6 },
                },
              ],
        ),
      },
      {
        type: 'scatter',
        symbol: cross,
        symbolSize: 9,
        clip: false,
        itemStyle: { color: colours.bad },
        data: trials.filter(isLost).map((trial) => point(trial, min)),
      },
    ],
  }
}
