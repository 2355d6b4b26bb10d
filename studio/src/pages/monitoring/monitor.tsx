import { Tabs } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { monitorsQuery, type MonitorSummary } from '../../api/monitors.ts'
import { resourceQuery } from '../../api/queries.ts'
import { useSearchWord } from '../../frame/search.ts'
import { useWorkspace } from '../../frame/workspace.ts'
import { Equivalents } from '../../parts/equivalents.tsx'
import { EditButton } from '../../parts/make.tsx'
import { Page } from '../../parts/page.tsx'
import { Answer, Empty } from '../../parts/states.tsx'
import { Status } from '../../parts/status.tsx'
import { Time } from '../../parts/time.tsx'
import { MonitorActions } from './overview/actions.tsx'
import { Overview } from './overview/overview.tsx'
import { Runs } from './overview/runs.tsx'

/** A monitor: its signals, the features that have moved, performance, and its windows. */
export function MonitorPage() {
  const { monitor = '' } = useParams({ strict: false })
  const query = useQuery(monitorsQuery(useWorkspace()))
  return (
    <Answer query={query}>
      {(all) => {
        const found = all.find(({ name }) => name === monitor)
        return found === undefined ? <NoMonitor name={monitor} /> : <Shown monitor={found} />
      }}
    </Answer>
  )
}

/** Where an address names a monitor that is not there. */
export const NoMonitor = ({ name }: { readonly name: string }) => (
  <Page title={name}>
    <Empty title={`There is no monitor '${name}' here`} command="twinloop monitor list -o table" />
  </Page>
)

function Shown({ monitor }: { readonly monitor: MonitorSummary }) {
  const workspace = useWorkspace()
  const [tab, setTab] = useSearchWord('tab', 'overview')
  const { name, problem } = monitor
  const schedule = useQuery(
    resourceQuery<Readonly<Record<string, unknown>>>(`${workspace.id}/schedules/${name}`),
  )
  return (
    <Page
      title={monitor.displayName ?? name}
      status={<Status kind="monitor" state={monitor.verdict} />}
      meta={
        <>
          <span className="mono">{name}</span>
          {monitor.watches === undefined ? null : <span>watches {monitor.watches}</span>}
          {monitor.references.length === 0 ? null : <span>against {monitor.references.join(', ')}</span>}
          <span>
            {monitor.enabled ? (
              <>
                next <Time at={monitor.nextRun} />
              </>
            ) : (
              'paused'
            )}
          </span>
        </>
      }
      actions={
        <>
          <EditButton kind="monitor" id={`${workspace.id}/schedules/${name}`} />
          <MonitorActions monitor={monitor} />
          <Equivalents
            cli={[
              { what: 'Show it', command: `twinloop monitor show --name ${name}` },
              {
                what: 'Compute the window that ends now',
                command: `twinloop monitor run --name ${name} --wait`,
              },
              {
                what: 'Compute windows of the past',
                command: `twinloop monitor backfill --name ${name} --from 2026-01-01 --to 2026-06-01`,
              },
              { what: 'Its values', command: `twinloop monitor values --name ${name} -o table` },
              { what: 'Its windows', command: `twinloop monitor-run list --monitor ${name} -o table` },
              {
                what: 'Pause it',
                command: `twinloop schedule disable --name ${name}`,
              },
            ]}
            rest={[
              { method: 'POST', path: `${workspace.id}/monitorResults` },
              { method: 'POST', path: `${workspace.id}/schedules/${name}/trigger` },
              { method: 'POST', path: `${workspace.id}/schedules/${name}/backfill` },
            ]}
            resource={schedule.data}
          />
        </>
      }
    >
      {problem === undefined ? null : (
        <p role="alert" style={{ color: 'var(--bad)' }}>
          {problem}
        </p>
      )}
      <Tabs value={tab} onChange={(value) => setTab(value ?? 'overview')} keepMounted={false}>
        <Tabs.List mb="md">
          <Tabs.Tab value="overview">Overview</Tabs.Tab>
          <Tabs.Tab value="runs">Windows</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="overview">
          <Overview monitor={monitor} />
        </Tabs.Panel>
        <Tabs.Panel value="runs">
          <Runs monitor={name} />
        </Tabs.Panel>
      </Tabs>
    </Page>
  )
}
