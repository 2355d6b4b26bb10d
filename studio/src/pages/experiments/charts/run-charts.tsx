import { Select } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useMemo } from 'react'
import type { Run } from '../../../api/runs.ts'
import { useSearchWord } from '../../../frame/search.ts'
import { usePaths } from '../../../frame/workspace.ts'
import { Chart } from '../../../parts/chart/chart.tsx'
import type { Colours } from '../../../parts/chart/time-option.ts'
import { Stack } from '../../../parts/page.tsx'
import { Panel } from '../../../parts/panel.tsx'
import { Empty } from '../../../parts/states.tsx'
import { exact, metric } from '../../../words/numbers.ts'
import { primaryMetric } from '../leaderboard/judging.ts'
import { loggedBy, numberOf } from '../run-values.ts'
import { ByCategory } from './by-category.tsx'
import { parallelOption, scatterOption } from './run-options.ts'

/** Axes of the parallel coordinates: more than these cannot be followed. */
const mostAxes = 8

/** From so many parameters and runs on parallel coordinates tell more than a table. */
export const fewestParams = 3
export const fewestRuns = 20

/** Runs against each other: one number over another, and all that varies beside each other. */
export function RunCharts({ runs, count }: { readonly runs: readonly Run[]; readonly count: number }) {
  const navigate = useNavigate()
  const to = usePaths()
  const names = useMemo(() => {
    const { metrics, params } = loggedBy(runs)
    const all = [...params.map((name) => `param.${name}`), ...metrics.map((name) => `metric.${name}`)]
    return all.filter((name) => runs.filter((run) => numberOf(run, name) !== undefined).length > 1)
  }, [runs])
  const metrics = names.filter((name) => name.startsWith('metric.'))
  const first = `metric.${primaryMetric(metrics.map((name) => ({ name: labelOf(name), runs: 1, varies: true }))) ?? ''}`
  const [x, setX] = useSearchWord('x', names[0] ?? '')
  const [y, setY] = useSearchWord('y', first)
  const points = useMemo(
    () =>
      runs.flatMap((run) => {
        const [a, b] = [numberOf(run, x), numberOf(run, y)]
        return a === undefined || b === undefined
          ? []
          : [
              {
                name: run.info.run_name ?? run.info.run_id,
                id: run.info.run_id,
                experiment: run.info.experiment_id,
                x: a,
                y: b,
              },
            ]
      }),
    [runs, x, y],
  )
  const axes = useMemo(() => [...names.filter((name) => name !== y).slice(0, mostAxes - 1), y], [names, y])
  const lines = useMemo(
    () =>
      runs
        .map((run) => axes.map((axis) => numberOf(run, axis)))
        .filter((values): values is number[] => values.every((value) => value !== undefined)),
    [runs, axes],
  )
  const scatter = useMemo(
    () => (colours: Colours) => scatterOption(points, { x: labelOf(x), y: labelOf(y) }, colours),
    [points, x, y],
  )
  const parallel = useMemo(
    () => (colours: Colours) =>
      parallelOption(
        lines,
        axes.map((axis) => ({ name: labelOf(axis) })),
        colours,
      ),
    [lines, axes],
  )
  if (metrics.length === 0 || names.length < 2)
    return (
      <Panel>
        <Empty title="There is nothing to compare yet">It takes two runs that logged the same metric.</Empty>
      </Panel>
    )
  const ofRuns =
    runs.length < count
      ? `the newest ${exact(runs.length)} of ${exact(count)} runs`
      : `${exact(runs.length)} runs`
  const options = names.map((value) => ({ value, label: labelOf(value) }))
  return (
    <Stack>
      <Panel
        title="One over the other"
        actions={
          <>
            <Select
              aria-label="Across"
              data={options}
              value={x}
              onChange={(value) => setX(value ?? '')}
              allowDeselect={false}
              searchable
              w={180}
            />
            <Select
              aria-label="Upwards"
              data={options}
              value={y}
              onChange={(value) => setY(value ?? '')}
              allowDeselect={false}
              searchable
              w={180}
            />
          </>
        }
      >
        <Chart
          title={`${labelOf(y)} over ${labelOf(x)}`}
          subtitle={`${exact(points.length)} of ${ofRuns} have both; select a point to open its run`}
          conclusion={`${points.length} runs`}
          option={scatter}
          height={320}
          isEmpty={points.length === 0}
          emptyReason="No run has both."
          onClick={(_, index) => {
            const point = points[index]
            if (point !== undefined) void navigate({ to: to.run(point.experiment, point.id) as '/' })
          }}
          table={() => ({
            header: ['run', labelOf(x), labelOf(y)],
            rows: points.map((point) => [point.name, metric(point.x), metric(point.y)]),
          })}
        />
      </Panel>
      <ByCategory runs={runs} ofRuns={ofRuns} metrics={metrics.map(labelOf)} first={labelOf(first)} />
      {axes.filter((axis) => axis.startsWith('param.')).length >= fewestParams &&
      lines.length >= fewestRuns ? (
        <Panel>
          <Chart
            title="All that varies"
            subtitle={`${exact(lines.length)} of ${ofRuns} have all of it; the colour is ${labelOf(y)}`}
            conclusion={`${lines.length} runs over ${axes.length} axes`}
            option={parallel}
            height={320}
            table={() => ({
              header: ['run', ...axes.map(labelOf)],
              rows: lines.map((values, i) => [String(i + 1), ...values.map(metric)]),
            })}
          />
        </Panel>
      ) : null}
    </Stack>
  )
}

const labelOf = (name: string) => name.replace(/^(?:metric|param)\./, '')
