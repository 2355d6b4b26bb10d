import { SegmentedControl } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useMemo } from 'react'
import type { Trials } from '../../../api/trials.ts'
import { usePaths } from '../../../frame/workspace.ts'
import { Chart } from '../../../parts/chart/chart.tsx'
import type { Colours } from '../../../parts/chart/time-option.ts'
import { Panel } from '../../../parts/panel.tsx'
import { plural } from '../../../words/names.ts'
import { exact, metric as metricWord } from '../../../words/numbers.ts'
import { soFarOption, type Over } from './so-far-option.ts'

/** The best so far, over the trials as they began or over the time at which they ended. */
export function SoFar({
  found,
  metric,
  experiment,
  over,
  onOver,
}: {
  readonly found: Trials
  readonly metric: string
  readonly experiment: string
  readonly over: Over
  readonly onOver: (over: string) => void
}) {
  const navigate = useNavigate()
  const to = usePaths()
  const { trials, count, ranked, best, isWhole } = found
  const option = useMemo(
    () => (colours: Colours) => soFarOption(trials, { metric, over }, colours),
    [trials, metric, over],
  )
  const drawn =
    trials.length < count
      ? `${exact(trials.length)} of ${plural(count, 'trial')} drawn, every record among them`
      : plural(count, 'trial')
  const others = Object.entries(found.statuses)
    .filter(([status]) => status !== 'FINISHED')
    .map(([status, runs]) => `${exact(runs)} ${status.toLowerCase()}`)
  const noNumber = (found.statuses['FINISHED'] ?? 0) - ranked
  const lost = [...others, ...(noNumber > 0 ? [`${exact(noNumber)} finished without a number`] : [])]
  const subtitle = [
    `${drawn}, ${exact(ranked)} ranked`,
    ...(lost.length === 0 ? [] : [`${lost.join(', ')} (those that ended are crosses on the axis)`]),
    ...(isWhole ? [] : [`only the first ${exact(count)} are looked at`]),
  ].join('; ')
  return (
    <Panel
      title="Best so far"
      actions={
        <SegmentedControl
          size="xs"
          aria-label="Over"
          value={over}
          onChange={onOver}
          data={[
            { value: 'number', label: 'by trial' },
            { value: 'time', label: 'by time' },
          ]}
        />
      }
    >
      <Chart
        title={metric}
        subtitle={subtitle}
        conclusion={
          best === null
            ? 'no trial is ranked yet'
            : `the best is ${metricWord(best.value)}, of trial ${best.number} of ${count}`
        }
        option={option}
        height={260}
        isEmpty={ranked === 0}
        emptyReason="No trial has finished with a number."
        onClick={(runId) => void navigate({ to: to.run(experiment, runId) as '/' })}
        table={() => ({
          header: ['trial', 'name', metric, 'best so far', 'status'],
          rows: trials.map((one) => [
            String(one.number),
            one.name,
            metricWord(one.value),
            one.isRecord ? 'yes' : '',
            one.status.toLowerCase(),
          ]),
        })}
      />
    </Panel>
  )
}
