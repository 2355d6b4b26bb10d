import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { historiesQuery, type MetricHistory } from '../../api/runs.ts'
import { useWorkspace } from '../../frame/workspace.ts'
import { exact, metric as number } from '../../words/numbers.ts'
import { plural } from '../../words/names.ts'
import { Chart } from '../chart/chart.tsx'
import type { Colours } from '../chart/time-option.ts'
import { Answer } from '../states.tsx'
import { axes, drawnOver, type Axis } from './history.ts'
import { historyOption, type HistoryLine } from './history-option.ts'
import type { RunLook } from './run-looks.ts'

export interface HistoryView {
  readonly axis: Axis
  readonly isLog: boolean
  /** Of the values before, 0 to 1, when lines are smoothed. */
  readonly weight: number
}

export interface DrawnRun {
  readonly id: string
  readonly name: string
  readonly look: RunLook
}

/** One metric of some runs over steps or time. Give it stable `runs` and `view`. */
export function HistoryChart({
  metric,
  runs,
  view,
  isActive = false,
  height = 220,
}: {
  readonly metric: string
  readonly runs: readonly DrawnRun[]
  readonly view: HistoryView
  readonly isActive?: boolean
  readonly height?: number
}) {
  const ids = useMemo(() => runs.map(({ id }) => id), [runs])
  const query = useQuery(
    historiesQuery(useWorkspace(), ids, metric, {
      axis: view.axis === 'step' ? 'step' : 'timestamp',
      isActive,
    }),
  )
  return (
    <Answer query={query} rows={6}>
      {(histories) => <Shown metric={metric} runs={runs} view={view} histories={histories} height={height} />}
    </Answer>
  )
}

function Shown({
  metric,
  runs,
  view,
  histories,
  height,
}: {
  readonly metric: string
  readonly runs: readonly DrawnRun[]
  readonly view: HistoryView
  readonly histories: readonly MetricHistory[]
  readonly height: number
}) {
  const lines = useMemo<readonly HistoryLine[]>(
    () =>
      runs.flatMap(({ id, name, look }) => {
        const history = histories.find(({ runId }) => runId === id)
        return history === undefined
          ? []
          : [{ name, look, points: drawnOver(history, view.axis, view.isLog) }]
      }),
    [runs, histories, view],
  )
  const option = useMemo(() => (colours: Colours) => historyOption(lines, view, colours), [lines, view])
  const total = histories.reduce((sum, history) => sum + history.total, 0)
  const parts = histories.reduce((sum, history) => sum + history.points.length, 0)
  const odd = histories.reduce((sum, history) => sum + history.notFinite, 0)
  const shown = lines.reduce((sum, { points }) => sum + points.length, 0)
  const without = runs.length - histories.length
  const words = [
    total - odd > parts
      ? `${exact(total)} points in ${exact(parts)} parts: their means, and from least to greatest as a band`
      : plural(total, 'point'),
    ...(odd > 0 ? [`${exact(odd)} of them no finite numbers`] : []),
    ...(shown < parts ? [`${exact(parts - shown)} not above 0 left out of the logarithm`] : []),
    ...(without > 0 && runs.length > 1 ? [`${plural(without, 'run')} without it`] : []),
    ...(view.weight > 0 ? [`smoothed by ${view.weight}; faint: as it is`] : []),
  ]
  return (
    <Chart
      title={view.isLog ? `${metric}, logarithmic` : metric}
      subtitle={words.join('; ')}
      conclusion={lines
        .map(({ name, points }) => `${name} ends at ${number(points.at(-1)?.value)}`)
        .join(', ')}
      option={option}
      height={height}
      isEmpty={shown === 0}
      emptyReason={parts > 0 ? 'No value is above 0, as a logarithm needs.' : 'None of these runs logged it.'}
      table={() => ({
        header: ['', 'run', axes[view.axis], 'mean', 'least', 'greatest'],
        rows: lines.flatMap(({ name, points }, line) =>
          points.map(({ x, value, min, max }, i) => [
            `${line + 1}.${i + 1}`,
            name,
            number(x),
            number(value),
            number(min),
            number(max),
          ]),
        ),
      })}
    />
  )
}
