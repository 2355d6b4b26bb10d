import { Select, Switch } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { runsByIdQuery } from '../../../api/runs-list.ts'
import type { Run } from '../../../api/runs.ts'
import { useSearchWord } from '../../../frame/search.ts'
import { usePaths, useWorkspace } from '../../../frame/workspace.ts'
import { Equivalents } from '../../../parts/equivalents.tsx'
import { Go } from '../../../parts/go.tsx'
import { HistoryChart, type DrawnRun } from '../../../parts/history/history-chart.tsx'
import { HistoryTools, useHistoryView } from '../../../parts/history/history-tools.tsx'
import { looksOf } from '../../../parts/history/run-looks.ts'
import { Page, Stack } from '../../../parts/page.tsx'
import { Panel } from '../../../parts/panel.tsx'
import { Answer, Empty } from '../../../parts/states.tsx'
import { Status } from '../../../parts/status.tsx'
import { Table } from '../../../parts/table/table.tsx'
import { Time, Took } from '../../../parts/time.tsx'
import { plural } from '../../../words/names.ts'
import { metric } from '../../../words/numbers.ts'
import { RunCharts } from '../charts/run-charts.tsx'
import { DirectionMenu } from '../direction-menu.tsx'
import type { Direction } from '../direction.ts'
import { useDirections } from '../use-direction.ts'
import { isoTime } from '../run-values.ts'
import style from './compare.module.css'
import { ComparedFiles } from './files.tsx'
import { difference, metricRows, paramRows, tagRows } from './rows.ts'
import { SideBySide } from './side-by-side.tsx'
import { Swatch } from './swatch.tsx'

/** More runs than this beside each other nobody can read. */
const mostRuns = 24
/** From so many runs on all that varies is drawn as parallel lines. */
const manyRuns = 20

/** Runs against each other, each against a baseline. `sel` has their ids, `base` that of the baseline. */
export function CompareRuns() {
  const workspace = useWorkspace()
  const [selected] = useSearchWord('sel')
  const all = useMemo(() => [...new Set(selected.split(',').filter((id) => id !== ''))], [selected])
  const ids = useMemo(() => all.slice(0, mostRuns), [all])
  const query = useQuery(runsByIdQuery(workspace, ids))
  return (
    <Page
      title={`Compare ${plural(ids.length, 'run')}`}
      actions={
        <Equivalents
          cli={[
            {
              what: 'As a data frame',
              command: `python -c "import mlflow; print([mlflow.get_run(i).data for i in '${ids.join(' ')}'.split()])"`,
            },
          ]}
          rest={ids.slice(0, 4).map((id) => ({
            method: 'GET',
            path: `${workspace.mlflow}/api/2.0/mlflow/runs/get`,
            query: { run_id: id },
          }))}
        />
      }
    >
      <Answer query={query} rows={10}>
        {({ runs, missing }) =>
          runs.length === 0 ? (
            <Empty title="Nothing is selected">
              Select runs in an experiment by <kbd>x</kbd> or their boxes, and press Compare.
            </Empty>
          ) : (
            <Stack>
              {all.length > ids.length ? (
                <p role="status">
                  The first {mostRuns} of {all.length} selected runs are shown.
                </p>
              ) : null}
              {missing.length === 0 ? null : (
                <p role="status">
                  {plural(missing.length, 'selected run')} {missing.length === 1 ? 'is' : 'are'} not there any
                  more: {missing.join(', ')}.
                </p>
              )}
              <Compared runs={runs} />
            </Stack>
          )
        }
      </Answer>
    </Page>
  )
}

function Compared({ runs }: { readonly runs: readonly Run[] }) {
  const [chosen, setBase] = useSearchWord('base')
  const [sameShown, setSameShown] = useSearchWord('same', 'no')
  const base = runs.some(({ info }) => info.run_id === chosen) ? chosen : (runs[0]?.info.run_id ?? '')
  const at = runs.findIndex(({ info }) => info.run_id === base)
  const drawn = useMemo<readonly DrawnRun[]>(() => {
    const looks = looksOf(runs.map(({ info }) => info.run_id))
    return runs.map(({ info }) => ({
      id: info.run_id,
      name: info.run_name ?? info.run_id,
      look: looks.get(info.run_id) ?? { colour: 1, dashed: false },
    }))
  }, [runs])
  const metrics = metricRows(runs)
  const directions = useDirections()
  const texts = [
    { title: 'Parameters', rows: paramRows(runs) },
    { title: 'Tags', rows: tagRows(runs) },
  ]
  const grown = [
    ...new Set(
      runs.flatMap(({ data }) => (data.metrics ?? []).filter(({ step }) => step > 0).map(({ key }) => key)),
    ),
  ].toSorted((a, b) => a.localeCompare(b))
  return (
    <>
      <Panel title="Runs" subtitle="the differences below are from the baseline" flush>
        <Chosen runs={runs} drawn={drawn} base={base} onBase={setBase} />
      </Panel>
      <Panel
        title="Metrics"
        subtitle="last values, and how much more than the baseline's; each run measured once, so a difference has no interval"
        flush
      >
        {metrics.length === 0 ? (
          <Empty title="None of them logged a metric" />
        ) : (
          <SideBySide
            label="Metric"
            runs={drawn}
            base={base}
            rows={metrics.map(({ name, values, isSame }) => ({
              name,
              isSame,
              sign: <DirectionMenu metric={name} directions={directions} />,
              cells: values.map((value, i) => (
                <Measured
                  key={drawn[i]?.id}
                  direction={directions.of(name).direction}
                  value={value}
                  base={i === at ? undefined : values[at]}
                />
              )),
            }))}
          />
        )}
      </Panel>
      {texts.map(({ title, rows }) => {
        const differing = rows.filter(({ isSame }) => !isSame)
        const shown = sameShown === 'yes' ? rows : differing
        return rows.length === 0 ? null : (
          <Panel
            key={title}
            title={title}
            subtitle={`${differing.length} of ${rows.length} differ`}
            flush
            actions={
              <Switch
                size="xs"
                label="Also what is the same"
                checked={sameShown === 'yes'}
                onChange={(event) => setSameShown(event.currentTarget.checked ? 'yes' : 'no')}
              />
            }
          >
            {shown.length === 0 ? (
              <p className="muted" style={{ padding: '10px 12px' }}>
                They are the same in all of them.
              </p>
            ) : (
              <SideBySide
                label={title}
                runs={drawn}
                base={base}
                rows={shown.map(({ name, values, isSame }) => ({
                  name,
                  isSame,
                  cells: values.map((value, i) => (
                    <span key={drawn[i]?.id} className="mono" title={value}>
                      {value ?? <span className="muted">–</span>}
                    </span>
                  )),
                }))}
              />
            )}
          </Panel>
        )
      })}
      {grown.length === 0 ? null : (
        <Histories metrics={grown} drawn={drawn} isActive={runs.some(isRunning)} />
      )}
      {runs.length >= manyRuns ? (
        <RunCharts runs={runs} count={runs.length} />
      ) : (
        <p className="muted">
          Scatter plots and parallel lines say something from {manyRuns} runs on: they are under Charts of an
          experiment.
        </p>
      )}
      <ComparedFiles runs={drawn} />
    </>
  )
}

const isRunning = ({ info }: Run) => info.status === 'RUNNING'

function Measured({
  direction,
  value,
  base,
}: {
  readonly direction: Direction
  readonly value: number | undefined
  readonly base: number | undefined
}) {
  const more = difference(value, base)
  const better =
    more === undefined || more === 0 || direction === 0 ? undefined : Math.sign(more) === direction
  return (
    <>
      {metric(value)}
      {more === undefined || more === 0 ? null : (
        <span className={style.delta} data-better={better}>
          {more > 0 ? '+' : '−'}
          {metric(Math.abs(more))}
          <span className="visually-hidden">
            {better === undefined ? '' : better ? ', better' : ', worse'}
          </span>
        </span>
      )}
    </>
  )
}

function Chosen({
  runs,
  drawn,
  base,
  onBase,
}: {
  readonly runs: readonly Run[]
  readonly drawn: readonly DrawnRun[]
  readonly base: string
  readonly onBase: (id: string) => void
}) {
  const to = usePaths()
  const [, setSelected] = useSearchWord('sel')
  return (
    <Table<Run>
      rows={runs}
      rowKey={({ info }) => info.run_id}
      label="compared runs"
      prefix="runs."
      bare
      columns={[
        {
          id: 'name',
          header: 'Run',
          width: 'minmax(200px, 2fr)',
          cell: ({ info }) => (
            <>
              <Swatch
                look={drawn.find(({ id }) => id === info.run_id)?.look ?? { colour: 1, dashed: false }}
              />{' '}
              <Go to={to.run(info.experiment_id, info.run_id)}>{info.run_name ?? info.run_id}</Go>
            </>
          ),
        },
        {
          id: 'base',
          header: 'Baseline',
          width: '100px',
          cell: ({ info }) => (
            <input
              type="radio"
              name="baseline"
              className={style.radio}
              aria-label={`${info.run_name ?? info.run_id} is the baseline`}
              checked={info.run_id === base}
              onChange={() => onBase(info.run_id)}
            />
          ),
        },
        {
          id: 'status',
          header: 'Status',
          width: '130px',
          cell: ({ info }) => <Status kind="run" state={info.status} />,
        },
        {
          id: 'started',
          header: 'Started',
          width: '130px',
          cell: ({ info }) => <Time at={isoTime(info.start_time)} />,
        },
        {
          id: 'took',
          header: 'Took',
          width: '110px',
          align: 'right',
          cell: ({ info }) => <Took from={isoTime(info.start_time)} to={isoTime(info.end_time)} />,
        },
        {
          id: 'leave',
          header: '',
          width: '100px',
          cell: ({ info }) => (
            <button
              type="button"
              className={style.leave}
              disabled={runs.length < 2}
              aria-label={`Leave out ${info.run_name ?? info.run_id}`}
              onClick={() =>
                setSelected(
                  runs
                    .map((run) => run.info.run_id)
                    .filter((id) => id !== info.run_id)
                    .join(','),
                )
              }
            >
              Leave out
            </button>
          ),
        },
      ]}
    />
  )
}

function Histories({
  metrics,
  drawn,
  isActive,
}: {
  readonly metrics: readonly string[]
  readonly drawn: readonly DrawnRun[]
  readonly isActive: boolean
}) {
  const [chosen, setChosen] = useSearchWord('metric', metrics[0] ?? '')
  const view = useHistoryView()
  return (
    <Panel
      title="Over time"
      actions={
        <>
          <Select
            aria-label="Metric"
            data={[...metrics]}
            value={chosen}
            onChange={(value) => setChosen(value ?? '')}
            allowDeselect={false}
            searchable
            w={180}
          />
          <HistoryTools />
        </>
      }
    >
      <HistoryChart metric={chosen} runs={drawn} view={view} isActive={isActive} height={340} />
      <p className="muted" style={{ display: 'flex', flexWrap: 'wrap', gap: 14, marginTop: 8 }}>
        {drawn.map(({ id, name, look }) => (
          <span key={id}>
            <Swatch look={look} /> {name}
          </span>
        ))}
      </p>
    </Panel>
  )
}
