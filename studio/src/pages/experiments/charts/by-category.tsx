import { Select } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useMemo } from 'react'
import type { Run } from '../../../api/runs.ts'
import { useSearchWord } from '../../../frame/search.ts'
import { usePaths } from '../../../frame/workspace.ts'
import { Chart } from '../../../parts/chart/chart.tsx'
import type { Colours } from '../../../parts/chart/time-option.ts'
import { Panel } from '../../../parts/panel.tsx'
import { plural } from '../../../words/names.ts'
import { exact, metric as metricWord } from '../../../words/numbers.ts'
import { boxOption } from './box-option.ts'
import { boxesOf, categoriesOf, fewestBoxed } from './boxes.ts'

const labelOf = (name: string) => name.replace(/^(?:param|tag)\./, '')

/** A metric by the values of a parameter or a tag: every run's point where they are few, boxes where there are enough. */
export function ByCategory({
  runs,
  ofRuns,
  metrics,
  first,
}: {
  readonly runs: readonly Run[]
  /** Which runs they are, in words. */
  readonly ofRuns: string
  readonly metrics: readonly string[]
  /** The metric at first. */
  readonly first: string
}) {
  const navigate = useNavigate()
  const to = usePaths()
  const offered = useMemo(() => categoriesOf(runs), [runs])
  const [by, setBy] = useSearchWord('by', offered[0] ?? '')
  const [metric, setMetric] = useSearchWord('of', first)
  const boxes = useMemo(() => boxesOf(runs, metric, by), [runs, metric, by])
  const option = useMemo(() => (colours: Colours) => boxOption(boxes, metric, colours), [boxes, metric])
  if (offered.length === 0) return null
  const { categories, left, missing } = boxes
  const shown = categories.reduce((sum, { n }) => sum + n, 0)
  const subtitle = [
    `${exact(shown)} of ${ofRuns}`,
    `boxes are quartiles and median from n ${fewestBoxed} on, whiskers reach 1.5 times their distance`,
    ...(left.categories === 0
      ? []
      : [`${plural(left.categories, 'rarer value')} with ${plural(left.n, 'run')} left out`]),
    ...(missing === 0 ? [] : [`${plural(missing, 'run')} without one of them`]),
  ].join('; ')
  const [highest] = categories.toSorted((a, b) => b.median - a.median)
  return (
    <Panel
      title="By category"
      actions={
        <>
          <Select
            aria-label="Category"
            data={offered.map((value) => ({ value, label: labelOf(value) }))}
            value={by}
            onChange={(value) => setBy(value ?? '')}
            allowDeselect={false}
            searchable
            w={180}
          />
          <Select
            aria-label="Metric by category"
            data={metrics}
            value={metric}
            onChange={(value) => setMetric(value ?? '')}
            allowDeselect={false}
            searchable
            w={180}
          />
        </>
      }
    >
      <Chart
        title={`${metric} by ${labelOf(by)}`}
        subtitle={subtitle}
        conclusion={
          highest === undefined
            ? 'no run has both'
            : `${plural(categories.length, 'value')}; the highest median is ${metricWord(highest.median)}, of ${highest.name}`
        }
        option={option}
        height={320}
        isEmpty={categories.length === 0}
        emptyReason="No run has both."
        onClick={(id) => {
          const point = categories.flatMap(({ points }) => points).find((one) => one.id === id)
          if (point !== undefined) void navigate({ to: to.run(point.experiment, point.id) as '/' })
        }}
        table={() => ({
          header: [labelOf(by), 'n', 'median', 'lower quartile', 'upper quartile'],
          rows: categories.map(({ name, n, median, box }) => [
            name,
            exact(n),
            metricWord(median),
            metricWord(box?.q1),
            metricWord(box?.q3),
          ]),
        })}
      />
    </Panel>
  )
}
