import { useQuery } from '@tanstack/react-query'
import { listQuery } from '../../../api/queries.ts'
import { triggerWords, type Schedule, type ScheduleProperties } from '../../../api/schedules.ts'
import { usePaths, useWorkspace } from '../../../frame/workspace.ts'
import { Equivalents } from '../../../parts/equivalents.tsx'
import { NewButton } from '../../../parts/make.tsx'
import { Page } from '../../../parts/page.tsx'
import { Panel } from '../../../parts/panel.tsx'
import { Answer, Empty } from '../../../parts/states.tsx'
import { Status } from '../../../parts/status.tsx'
import { Table, type Column } from '../../../parts/table/table.tsx'
import { Time } from '../../../parts/time.tsx'
import { JobPlaces } from '../list/job-places.tsx'
import { LastResult } from './last-result.tsx'

/** What each kind of schedule makes. */
export const makes: Readonly<Record<string, string>> = {
  createjob: 'Job',
  createmonitor: 'Monitor',
  importdata: 'Import of data',
  invokebatchendpoint: 'Batch scoring',
}
export const makesOf = ({ properties }: Schedule) =>
  makes[properties.action.actionType.toLowerCase()] ?? properties.action.actionType

const columns: readonly Column<Schedule>[] = [
  {
    id: 'name',
    header: 'Name',
    width: 'minmax(180px, 2fr)',
    cell: ({ name, properties }) => properties.displayName ?? name,
    sort: ({ name }) => name,
    text: ({ name, properties }) => `${name} ${properties.displayName ?? ''}`,
  },
  {
    id: 'state',
    header: 'State',
    width: '120px',
    cell: ({ properties }) => (
      <Status kind="schedule" state={properties.isEnabled ? 'Enabled' : 'Disabled'} />
    ),
    sort: ({ properties }) => String(properties.isEnabled),
  },
  { id: 'makes', header: 'Makes', width: '140px', cell: makesOf, sort: makesOf, text: makesOf },
  {
    id: 'when',
    header: 'When',
    width: 'minmax(200px, 2fr)',
    cell: ({ properties }) => triggerWords(properties.trigger),
    text: ({ properties }) => triggerWords(properties.trigger),
  },
  {
    id: 'next',
    header: 'Next',
    width: '130px',
    cell: ({ properties }) => <Time at={properties.nextRun} />,
    sort: ({ properties }) => properties.nextRun,
  },
  {
    id: 'last',
    header: 'Last',
    width: '130px',
    cell: ({ properties }) => <Time at={properties.lastRun?.due} />,
    sort: ({ properties }) => properties.lastRun?.due,
  },
  {
    id: 'result',
    header: 'Result',
    width: 'minmax(140px, 1fr)',
    cell: ({ properties }) => <LastResult lastRun={properties.lastRun} />,
  },
]

/** What is made again and again, when next, and what came of the last time. */
export function Schedules() {
  const workspace = useWorkspace()
  const to = usePaths()
  const path = `${workspace.id}/schedules`
  const query = useQuery(listQuery<ScheduleProperties>(path))
  return (
    <Page
      title="Schedules"
      actions={
        <>
          <NewButton kind="schedule" />
          <Equivalents
            cli={[
              { what: 'The same list', command: 'twinloop schedule list -o table' },
              { what: 'Make one', command: 'twinloop schedule create --file schedule.yml' },
            ]}
            rest={[{ method: 'GET', path }]}
          />
        </>
      }
    >
      <JobPlaces />
      <Panel flush>
        <Answer query={query} rows={8}>
          {(schedules) =>
            schedules.length === 0 ? (
              <Empty
                title="Nothing is made by itself yet"
                command="twinloop schedule create --file schedule.yml"
              >
                A schedule makes a job, an import of data, batch scoring or a window of a monitor at its
                times.
              </Empty>
            ) : (
              <Table
                rows={schedules}
                columns={columns}
                rowKey={({ id }) => id}
                to={({ name }) => to.schedule(name)}
                label="schedules"
                initial="next"
              />
            )
          }
        </Answer>
      </Panel>
    </Page>
  )
}
