import type { ListedRun, LoggedName, Names } from '../../api/runs-list.ts'
import { ParentLink } from './parent-link.tsx'
import { Status } from '../../parts/status.tsx'
import type { Column } from '../../parts/table/column.ts'
import { Time, Took } from '../../parts/time.tsx'
import { metric } from '../../words/numbers.ts'
import { isoTime, metricOf, paramOf, paramWord, parentOf, tagOf } from './run-values.ts'

/** So many metrics and parameters are columns unasked; the others can be chosen. */
const shownUnasked = 4

/** `isFlat`: nested runs stand among the others, and are marked. */
const fixed = (isFlat: boolean): readonly Column<ListedRun>[] => [
  {
    id: 'name',
    header: 'Run',
    width: 'minmax(220px, 1.5fr)',
    isOrdered: true,
    cell: (run) => (
      <span title={run.info.run_id}>
        {isFlat && parentOf(run) !== undefined ? (
          <span className="muted" aria-label="nested">
            ↳{' '}
          </span>
        ) : null}
        {run.info.run_name ?? run.info.run_id}
      </span>
    ),
  },
  {
    id: 'status',
    header: 'Status',
    width: '120px',
    isOrdered: true,
    cell: ({ info }) => <Status kind="run" state={info.status} />,
  },
  {
    id: 'started',
    header: 'Started',
    width: '120px',
    isOrdered: true,
    cell: ({ info }) => <Time at={isoTime(info.start_time)} />,
  },
  {
    id: 'took',
    header: 'Took',
    width: '100px',
    align: 'right',
    cell: ({ info }) => <Took from={isoTime(info.start_time)} to={isoTime(info.end_time)} />,
  },
  {
    id: 'parent',
    header: 'Nested below',
    width: '160px',
    extra: true,
    // Above the link that the whole row is.
    cell: (run) => (
      <span style={{ position: 'relative', zIndex: 1 }}>
        <ParentLink run={run} />
      </span>
    ),
  },
  { id: 'by', header: 'By', width: '110px', extra: true, isOrdered: true, cell: ({ info }) => info.user_id },
]

const metricColumn = (key: string): Column<ListedRun> => ({
  id: `metric.${key}`,
  header: key,
  group: 'Metrics',
  width: '120px',
  align: 'right',
  extra: true,
  isOrdered: true,
  cell: (run) => metric(metricOf(run, key)),
})
const paramColumn = (key: string): Column<ListedRun> => ({
  id: `param.${key}`,
  header: key,
  group: 'Parameters',
  width: '120px',
  extra: true,
  isOrdered: true,
  cell: (run) => (
    <span className="mono" title={paramOf(run, key)}>
      {paramWord(paramOf(run, key))}
    </span>
  ),
})
const tagColumn = (key: string): Column<ListedRun> => ({
  id: `tag.${key}`,
  header: key,
  group: 'Tags',
  width: '140px',
  extra: true,
  isOrdered: true,
  cell: (run) => tagOf(run, key),
})
const makers: Readonly<Record<string, (key: string) => Column<ListedRun>>> = {
  metric: metricColumn,
  param: paramColumn,
  tag: tagColumn,
}

/** What most runs have first; of those equally many by name. */
const common = (names: readonly LoggedName[]) =>
  names.toSorted((a, b) => b.runs - a.runs || a.name.localeCompare(b.name))

/**
 * Columns of an experiment's runs: those of every run, then all that runs logged, and what `chosen` asks for beyond that
 * (a metric that only older runs have).
 */
export function runColumns(names: Names, chosen: string, isFlat: boolean): readonly Column<ListedRun>[] {
  const all = [
    ...fixed(isFlat),
    ...common(names.metrics).map(({ name }) => metricColumn(name)),
    ...common(names.params).map(({ name }) => paramColumn(name)),
    ...common(names.tags).map(({ name }) => tagColumn(name)),
  ]
  const known = new Set(all.map(({ id }) => id))
  const older = chosen
    .split(',')
    .filter((id) => !known.has(id))
    .flatMap((id) => {
      const [kind = '', ...key] = id.split('.')
      const make = Object.hasOwn(makers, kind) ? makers[kind] : undefined
      return make === undefined || key.length === 0 ? [] : [make(key.join('.'))]
    })
  return [...all, ...older]
}

/** Ids of the columns that are shown unasked: parameters only where they tell runs apart. */
export const columnsShown = (names: Names): string =>
  [
    ...fixed(true)
      .filter(({ extra }) => extra !== true)
      .map(({ id }) => id),
    ...common(names.metrics)
      .slice(0, shownUnasked)
      .map(({ name }) => `metric.${name}`),
    ...common(names.params.filter(({ varies }) => varies))
      .slice(0, shownUnasked)
      .map(({ name }) => `param.${name}`),
  ].join(',')
