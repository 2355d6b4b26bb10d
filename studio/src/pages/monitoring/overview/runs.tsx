import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { cancelRun, retryRun, runsQuery, type MonitorRun } from '../../../api/monitors.ts'
import { useCan, useWorkspace } from '../../../frame/workspace.ts'
import { Act, tell, tellFailure } from '../../../parts/act.tsx'
import { Panel } from '../../../parts/panel.tsx'
import { Answer, Empty } from '../../../parts/states.tsx'
import { Status } from '../../../parts/status.tsx'
import { Table, type Column } from '../../../parts/table/table.tsx'
import { Time, Took } from '../../../parts/time.tsx'
import { exact } from '../../../words/numbers.ts'

/** A run's state as people read it: what it found, if it has ended well. */
const stateOf = ({ properties }: MonitorRun): string =>
  properties.state === 'Completed' ? (properties.breached ? 'breached' : 'ok') : properties.state

const rowsOf = ({ properties }: MonitorRun): number | undefined => {
  const found = properties.signals.flatMap(({ production }) => (production === undefined ? [] : [production]))
  return found.length === 0 ? undefined : Math.max(...found.map(({ rows }) => rows))
}

const columns: readonly Column<MonitorRun>[] = [
  {
    id: 'at',
    header: 'Window to',
    width: '150px',
    cell: ({ properties }) => <Time at={properties.at} />,
    sort: ({ properties }) => properties.at,
    text: ({ name }) => name,
  },
  {
    id: 'state',
    header: 'State',
    width: '130px',
    cell: (run) => <Status kind="monitor" state={stateOf(run)} />,
    sort: stateOf,
    text: stateOf,
  },
  {
    id: 'beyond',
    header: 'Beyond',
    width: '100px',
    align: 'right',
    cell: ({ properties: { signals } }) => {
      const sum = (of: 'breached' | 'judged') => signals.reduce((all, signal) => all + (signal[of] ?? 0), 0)
      return sum('judged') === 0 ? '–' : `${sum('breached')} of ${sum('judged')}`
    },
    sort: ({ properties }) => properties.signals.reduce((all, { breached = 0 }) => all + breached, 0),
  },
  {
    id: 'worst',
    header: 'What',
    width: 'minmax(200px, 3fr)',
    cell: (run) => <span title={said(run)}>{said(run)}</span>,
    text: said,
  },
  {
    id: 'rows',
    header: 'Rows',
    width: '96px',
    align: 'right',
    cell: (run) => exact(rowsOf(run)),
    sort: rowsOf,
  },
  {
    id: 'took',
    header: 'Took',
    width: '90px',
    align: 'right',
    cell: ({ properties: { startedAt, endedAt } }) => <Took from={startedAt} to={endedAt} />,
  },
  {
    id: 'computed',
    header: 'Computed',
    width: '124px',
    cell: ({ properties }) => <Time at={properties.endedAt} />,
    sort: ({ properties }) => properties.endedAt,
  },
  { id: 'do', header: '', width: '130px', align: 'right', cell: (run) => <Again run={run} /> },
]

function said({ properties }: MonitorRun): string {
  const { reason, signals } = properties
  return (
    reason ??
    signals.find(({ outcome }) => outcome === 'error')?.reason ??
    signals.find(({ worst }) => worst !== undefined)?.worst ??
    signals.find(({ outcome }) => outcome === 'no_data')?.reason ??
    signals.find(({ doing }) => doing !== undefined)?.doing ??
    ''
  )
}

function Again({ run }: { readonly run: MonitorRun }) {
  const can = useCan(run.id)
  const queries = useQueryClient()
  const isRunning = run.properties.state === 'Running'
  const act = useMutation({
    mutationFn: () => (isRunning ? cancelRun(run.id) : retryRun(run.id)),
    onSuccess: async () => {
      tell(isRunning ? 'Being cancelled' : 'The window is computed again')
      await queries.invalidateQueries({ queryKey: ['arm'] })
    },
    onError: tellFailure,
  })
  return (
    <Act
      label={isRunning ? 'Cancel' : 'Retry'}
      size="compact-sm"
      variant="default"
      loading={act.isPending}
      allowed={can(`Twinloop/monitorRuns/${isRunning ? 'cancel' : 'retry'}/action`)}
      onClick={() => act.mutate()}
    />
  )
}

/** Every window that was computed, or is. */
export function Runs({ monitor }: { readonly monitor: string }) {
  const query = useQuery(runsQuery(useWorkspace(), monitor))
  return (
    <Panel flush>
      <Answer query={query} rows={8}>
        {(runs) =>
          runs.length === 0 ? (
            <Empty
              title="No window was computed yet"
              command={`twinloop monitor run --name ${monitor} --wait`}
            >
              The first is computed when the monitor is due, or by “Run now”.
            </Empty>
          ) : (
            <Table
              rows={runs}
              columns={columns}
              rowKey={({ name }) => name}
              label="windows"
              prefix="runs."
              initial="-at"
            />
          )
        }
      </Answer>
    </Panel>
  )
}
