import { useMemo } from 'react'
import type { Trials } from '../../../api/trials.ts'
import { Chart } from '../../../parts/chart/chart.tsx'
import type { Colours } from '../../../parts/chart/time-option.ts'
import { Panel } from '../../../parts/panel.tsx'
import { plural } from '../../../words/names.ts'
import { exact, metric as metricWord } from '../../../words/numbers.ts'
import { fewestParams, fewestRuns } from '../charts/run-charts.tsx'
import { parallelOption } from '../charts/run-options.ts'
import { parallelData } from './parallel-data.ts'

/** Trials over all parameters that differ; nothing where there are too few of either. */
export function AllParameters({
  found,
  metric,
  direction,
}: {
  readonly found: Trials
  readonly metric: string
  readonly direction: 1 | -1
}) {
  const { axes, lines } = useMemo(
    () =>
      parallelData(
        found.trials,
        found.importance.parameters.map(({ name }) => name),
        metric,
      ),
    [found, metric],
  )
  const option = useMemo(
    () => (colours: Colours) => parallelOption(lines, axes, colours, direction === -1),
    [lines, axes, direction],
  )
  if (axes.length - 1 < fewestParams || lines.length < fewestRuns) return null
  return (
    <Panel title="All parameters">
      <Chart
        title={`${metric} over ${plural(axes.length - 1, 'parameter')}`}
        subtitle={`${exact(lines.length)} of ${plural(found.ranked, 'ranked trial')}, those that tell most on the left; blue is better, orange worse`}
        conclusion={`${lines.length} trials over ${axes.length - 1} parameters`}
        option={option}
        height={320}
        table={() => ({
          header: ['trial', ...axes.map(({ name }) => name)],
          rows: lines.map((values, i) => [
            String(i + 1),
            ...values.map((value) => (typeof value === 'number' ? metricWord(value) : value)),
          ]),
        })}
      />
    </Panel>
  )
}
