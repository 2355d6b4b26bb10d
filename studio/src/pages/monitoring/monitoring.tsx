import { useQuery } from '@tanstack/react-query'
import { monitorsQuery, type MonitorSummary } from '../../api/monitors.ts'
import { usePaths, useWorkspace } from '../../frame/workspace.ts'
import { Equivalents } from '../../parts/equivalents.tsx'
import { Page } from '../../parts/page.tsx'
import { Panel } from '../../parts/panel.tsx'
import { Answer, Empty } from '../../parts/states.tsx'
import { Status } from '../../parts/status.tsx'
import { Table, type Column } from '../../parts/table/table.tsx'
import { Time } from '../../parts/time.tsx'

const columns: readonly Column<MonitorSummary>[] = [
  {
    id: 'name',
    header: 'Monitor',
    width: 'minmax(180px, 1.5fr)',
    cell: ({ name, displayName }) => displayName ?? name,
    sort: ({ name }) => name,
    text: ({ name, displayName }) => `${name} ${displayName ?? ''}`,
  },
  {
    id: 'verdict',
    header: 'Verdict',
    width: '130px',
    cell: ({ verdict }) => <Status kind="monitor" state={verdict} />,
    sort: ({ verdict }) => verdict,
    text: ({ verdict }) => verdict,
  },
  {
    id: 'breached',
    header: 'Beyond',
    width: '100px',
    align: 'right',
    cell: ({ judged, breached }) => (judged === 0 ? '–' : `${breached} of ${judged}`),
    sort: ({ breached }) => breached,
  },
  {
    id: 'worst',
    header: 'Worst',
    width: 'minmax(220px, 3fr)',
    cell: ({ worst, problem }) => <span title={problem ?? worst}>{problem ?? worst}</span>,
    text: ({ worst }) => worst ?? '',
  },
  {
    id: 'watches',
    header: 'Watches',
    width: 'minmax(140px, 1fr)',
    cell: ({ watches }) => watches,
    text: ({ watches }) => watches ?? '',
  },
  {
    id: 'last',
    header: 'Last window',
    width: '124px',
    cell: ({ lastRun }) => <Time at={lastRun?.at} />,
    sort: ({ lastRun }) => lastRun?.at,
  },
  {
    id: 'next',
    header: 'Next',
    width: '110px',
    cell: ({ enabled, nextRun }) => (enabled ? <Time at={nextRun} /> : 'switched off'),
    sort: ({ nextRun }) => nextRun,
  },
]

/** What is watched, and how it stands. */
export function Monitoring() {
  const workspace = useWorkspace()
  const to = usePaths()
  const query = useQuery(monitorsQuery(workspace))
  return (
    <Page
      title="Monitoring"
      actions={
        <Equivalents
          cli={[
            { what: 'The same list', command: 'twinloop monitor list -o table' },
            { what: 'Make one', command: 'twinloop schedule create --file monitor.yml' },
          ]}
          rest={[{ method: 'POST', path: `${workspace.id}/monitorSummaries` }]}
        />
      }
    >
      <Panel flush>
        <Answer query={query} rows={6}>
          {(monitors) =>
            monitors.length === 0 ? (
              <Empty title="Nothing is watched yet" command="twinloop schedule create --file monitor.yml">
                A monitor is an Azure ML schedule that compares what comes in with what the model was made
                for.
              </Empty>
            ) : (
              <Table
                rows={monitors}
                columns={columns}
                rowKey={({ name }) => name}
                to={({ name }) => to.monitor(name)}
                label="monitors"
              />
            )
          }
        </Answer>
      </Panel>
    </Page>
  )
}
