import { useQuery } from '@tanstack/react-query'
import { monitorsQuery, type MonitorSummary } from '../../api/monitors.ts'
import { usePaths, useWorkspace } from '../../frame/workspace.ts'
import { Equivalents } from '../../parts/equivalents.tsx'
import { NewButton } from '../../parts/make.tsx'
import { Page } from '../../parts/page.tsx'
import { Panel } from '../../parts/panel.tsx'
import { Answer, Empty } from '../../parts/states.tsx'
import { Status } from '../../parts/status.tsx'
import { Table, type Column } from '../../parts/table/table.tsx'
import { Time } from '../../parts/time.tsx'
import { percent } from '../../words/numbers.ts'
import { duration } from '../../words/time.ts'

const columns: readonly Column<MonitorSummary>[] = [
  {
    id: 'name',
    header: 'Monitor',
    width: 'minmax(150px, 1.5fr)',
    cell: ({ name, displayName }) => displayName ?? name,
    sort: ({ name }) => name,
    text: ({ name, displayName }) => `${name} ${displayName ?? ''}`,
  },
  {
    id: 'verdict',
    header: 'Verdict',
    width: '130px',
    cell: ({ verdict, running }) => (
      <Status kind="monitor" state={running > 0 && verdict === 'none' ? 'running' : verdict} />
    ),
    sort: ({ verdict }) => verdict,
    text: ({ verdict }) => verdict,
  },
  {
    id: 'features',
    header: 'Features beyond',
    width: '126px',
    align: 'right',
    cell: ({ features }) => (features.judged === 0 ? '–' : `${features.breached} of ${features.judged}`),
    sort: ({ features }) => features.breached,
  },
  {
    id: 'worst',
    header: 'Worst',
    width: 'minmax(150px, 2fr)',
    cell: ({ worst, problem, features }) => (
      <span title={problem ?? worst}>{problem ?? features.worst?.feature ?? worst}</span>
    ),
    text: ({ worst }) => worst ?? '',
  },
  {
    id: 'labels',
    header: 'Labels',
    width: '112px',
    cell: ({ labels }) =>
      labels === undefined ? (
        <span className="muted">–</span>
      ) : (
        <span title="of the predictions of the latest labelled window; how long 95 % of labels took at most">
          {percent(labels.share, 0)}
          {labels.lagMs === undefined ? '' : `, ${duration(labels.lagMs)}`}
        </span>
      ),
    sort: ({ labels }) => labels?.share,
  },
  {
    id: 'reference',
    header: 'Reference',
    width: 'minmax(130px, 1fr)',
    cell: ({ references }) => <span title={references.join(', ')}>{references.join(', ')}</span>,
    text: ({ references }) => references.join(' '),
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
    width: '150px',
    cell: ({ lastRun, running }) => (
      <span title={running > 0 ? `${running} under way` : undefined}>
        <Time at={lastRun?.at} />
        {running > 0 ? <span className="muted"> +{running}</span> : null}
      </span>
    ),
    sort: ({ lastRun }) => lastRun?.at,
  },
  {
    id: 'next',
    header: 'Next',
    width: '110px',
    cell: ({ enabled, nextRun }) => (enabled ? <Time at={nextRun} /> : 'paused'),
    sort: ({ nextRun }) => nextRun,
    extra: true,
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
        <>
          <NewButton kind="monitor" />
          <Equivalents
            cli={[
              { what: 'The same list', command: 'twinloop monitor list -o table' },
              { what: 'Make one', command: 'twinloop schedule create --file monitor.yml' },
            ]}
            rest={[{ method: 'POST', path: `${workspace.id}/monitorSummaries` }]}
          />
        </>
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
