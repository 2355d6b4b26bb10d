import { useMemo } from 'react'
import type { Names } from '../../../api/runs-list.ts'
import type { ListOrder } from '../../../api/server-source.ts'
import { rankedSource, type Judging, type RankedRun } from '../../../api/trials.ts'
import { usePaths, useWorkspace } from '../../../frame/workspace.ts'
import { Go } from '../../../parts/go.tsx'
import { Empty } from '../../../parts/states.tsx'
import { Status } from '../../../parts/status.tsx'
import type { Column } from '../../../parts/table/column.ts'
import { ServerTable } from '../../../parts/table/server/server-table.tsx'
import { Took } from '../../../parts/time.tsx'
import { exact, metric as metricWord, nothing } from '../../../words/numbers.ts'
import { RunPeek } from '../run-peek.tsx'
import { isoTime, metricOf, paramOf, paramWord } from '../run-values.ts'

/** So many parameters that differ are columns unasked. */
const shownUnasked = 4

/** Trials by their rank, or in any other order; ranks stay what they are. */
export function Board({
  judging,
  names,
  telling,
  best,
}: {
  readonly judging: Judging
  readonly names: Names
  /** Parameters that differ, those that tell most first. */
  readonly telling: readonly string[]
  readonly best: number | undefined
}) {
  const workspace = useWorkspace()
  const to = usePaths()
  const { metric } = judging
  const columns = useMemo(() => columnsOf(metric, names, best), [metric, names, best])
  const shown = [
    ...columns.filter(({ extra }) => extra !== true).map(({ id }) => id),
    ...telling.slice(0, shownUnasked).map((name) => `param.${name}`),
  ].join(',')
  return (
    <ServerTable<RankedRun>
      label="trials"
      columns={columns}
      columnsShown={shown}
      rowKey={({ info }) => info.run_id}
      to={({ info }) => to.run(info.experiment_id, info.run_id)}
      initial="rank"
      sourceOf={(_, order: ListOrder) => rankedSource(workspace, order, judging)}
      empty={<Empty title="No trial yet" />}
      peek={(id) => <RunPeek id={id} />}
      selected={(ids) =>
        ids.length < 2 ? (
          <span className="muted">one more to compare</span>
        ) : (
          <Go to={to.compareRuns} search={{ sel: ids.join(',') }}>
            Compare {ids.length} runs
          </Go>
        )
      }
    />
  )
}

function columnsOf(metric: string, names: Names, best: number | undefined): readonly Column<RankedRun>[] {
  const finite = (run: RankedRun) => {
    const value = metricOf(run, metric)
    return typeof value === 'number' ? value : undefined
  }
  return [
    {
      id: 'rank',
      header: 'Rank',
      width: '76px',
      align: 'right',
      isOrdered: true,
      cell: ({ rank }) => (rank === undefined ? nothing : exact(rank)),
    },
    {
      id: 'status',
      header: 'Status',
      width: '120px',
      isOrdered: true,
      cell: ({ info }) => <Status kind="run" state={info.status} />,
    },
    {
      id: 'name',
      header: 'Trial',
      width: 'minmax(160px, 1.5fr)',
      isOrdered: true,
      cell: ({ info, number }) => (
        <span title={info.run_id}>
          {info.run_name ?? info.run_id}{' '}
          {number === undefined ? null : <span className="muted">#{exact(number)}</span>}
        </span>
      ),
    },
    {
      id: 'value',
      header: metric,
      width: '130px',
      align: 'right',
      cell: (run) => metricWord(finite(run)),
    },
    {
      id: 'behind',
      header: 'To the best',
      width: '120px',
      align: 'right',
      cell: (run) => {
        const value = finite(run)
        return run.rank === undefined || value === undefined || best === undefined
          ? nothing
          : signed(value - best)
      },
    },
    {
      id: 'took',
      header: 'Took',
      width: '100px',
      align: 'right',
      cell: ({ info }) => <Took from={isoTime(info.start_time)} to={isoTime(info.end_time)} />,
    },
    ...names.params.map(({ name }): Column<RankedRun> => ({
      id: `param.${name}`,
      header: name,
      group: 'Parameters',
      width: '120px',
      extra: true,
      isOrdered: true,
      cell: (run) => (
        <span className="mono" title={paramOf(run, name)}>
          {paramWord(paramOf(run, name))}
        </span>
      ),
    })),
    ...names.metrics
      .filter(({ name }) => name !== metric)
      .map(({ name }): Column<RankedRun> => ({
        id: `metric.${name}`,
        header: name,
        group: 'Metrics',
        width: '120px',
        align: 'right',
        extra: true,
        isOrdered: true,
        cell: (run) => metricWord(metricOf(run, name)),
      })),
  ]
}

const signed = (difference: number) =>
  difference === 0 ? 'the best' : `${difference > 0 ? '+' : '−'}${metricWord(Math.abs(difference))}`
