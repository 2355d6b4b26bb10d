import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { jobsSource } from '../../../api/jobs-list.ts'
import type { Job } from '../../../api/jobs.ts'
import { resourceQuery } from '../../../api/queries.ts'
import { triggerWords, type Schedule, type ScheduleProperties } from '../../../api/schedules.ts'
import { usePaths, useWorkspace } from '../../../frame/workspace.ts'
import { Equivalents } from '../../../parts/equivalents.tsx'
import { Go } from '../../../parts/go.tsx'
import { EditButton } from '../../../parts/make.tsx'
import { Page, Stack } from '../../../parts/page.tsx'
import { Facts, Panel } from '../../../parts/panel.tsx'
import { Answer, Empty } from '../../../parts/states.tsx'
import { Status } from '../../../parts/status.tsx'
import { ServerTable } from '../../../parts/table/server/server-table.tsx'
import { Time } from '../../../parts/time.tsx'
import { jobColumns } from '../list/job-columns.tsx'
import { JobPeek } from '../list/job-peek.tsx'
import { LastResult } from './last-result.tsx'
import { ScheduleActions } from './schedule-actions.tsx'
import { makesOf } from './schedules.tsx'

/** A schedule: when it is due, what it makes, and all that it has made. */
export function SchedulePage() {
  const { schedule: name = '' } = useParams({ strict: false })
  const workspace = useWorkspace()
  const query = useQuery(resourceQuery<ScheduleProperties>(`${workspace.id}/schedules/${name}`))
  return <Answer query={query}>{(schedule) => <Shown schedule={schedule} />}</Answer>
}

function Shown({ schedule }: { readonly schedule: Schedule }) {
  const to = usePaths()
  const { name, properties, systemData } = schedule
  const isMonitor = properties.action.actionType.toLowerCase() === 'createmonitor'
  return (
    <Page
      title={properties.displayName ?? name}
      status={<Status kind="schedule" state={properties.isEnabled ? 'Enabled' : 'Disabled'} />}
      meta={
        <>
          <span>makes: {makesOf(schedule)}</span>
          <span>{triggerWords(properties.trigger)}</span>
          <span>
            changed <Time at={systemData.lastModifiedAt} /> by {systemData.lastModifiedBy}
          </span>
        </>
      }
      actions={
        <>
          <ScheduleActions schedule={schedule} />
          <EditButton kind={isMonitor ? 'monitor' : 'schedule'} id={schedule.id} />
          <Equivalents
            cli={[
              { what: 'Show it', command: `twinloop schedule show --name ${name}` },
              { what: 'Make it now', command: `twinloop schedule trigger --name ${name}` },
              {
                what: properties.isEnabled ? 'Pause it' : 'Let it go on',
                command: `twinloop schedule ${properties.isEnabled ? 'disable' : 'enable'} --name ${name}`,
              },
            ]}
            rest={[
              { method: 'GET', path: schedule.id },
              { method: 'POST', path: `${schedule.id}/trigger` },
            ]}
            resource={schedule}
          />
        </>
      }
    >
      <Stack>
        <Panel title="When">
          <Facts
            columns={2}
            facts={[
              {
                name: 'Next',
                value:
                  properties.nextRun === undefined ? 'not due any more' : <Time at={properties.nextRun} />,
              },
              { name: 'Last', value: <Time at={properties.lastRun?.due} /> },
              { name: 'What came of it', value: <LastResult lastRun={properties.lastRun} /> },
              { name: 'Description', value: properties.description },
              {
                name: 'Endpoint',
                value: properties.action.endpointInvocationDefinition?.endpoint?.split('/').at(-1),
              },
              {
                name: 'Windows',
                value: isMonitor ? <Go to={to.monitor(name)}>the monitor's page</Go> : undefined,
              },
            ]}
          />
        </Panel>
        {isMonitor ? null : <Made schedule={name} />}
      </Stack>
    </Page>
  )
}

function Made({ schedule }: { readonly schedule: string }) {
  const workspace = useWorkspace()
  const to = usePaths()
  return (
    <Panel title="Jobs that it made" flush>
      <ServerTable<Job>
        label="jobs of the schedule"
        columns={jobColumns}
        rowKey={({ name }) => name}
        to={({ name }) => to.job(name)}
        initial="-started"
        placeholder="Name"
        sourceOf={(words, order) =>
          jobsSource(workspace.id, words, order, { status: '', type: '', experiment: '', schedule })
        }
        empty={
          <Empty title="It has made no job yet" command={`twinloop schedule trigger --name ${schedule}`} />
        }
        peek={(name) => <JobPeek name={name} />}
      />
    </Panel>
  )
}
