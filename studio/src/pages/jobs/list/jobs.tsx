import { Select } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { cancel, hasEnded, type Job } from '../../../api/jobs.ts'
import { jobQuery, jobsSource } from '../../../api/jobs-list.ts'
import { resourceQuery } from '../../../api/queries.ts'
import { useSearchWord } from '../../../frame/search.ts'
import { useCan, usePaths, useWorkspace } from '../../../frame/workspace.ts'
import { Act, Confirm, tell } from '../../../parts/act.tsx'
import { Equivalents } from '../../../parts/equivalents.tsx'
import { Go } from '../../../parts/go.tsx'
import { Page } from '../../../parts/page.tsx'
import { Panel } from '../../../parts/panel.tsx'
import { Empty } from '../../../parts/states.tsx'
import { ServerTable } from '../../../parts/table/server/server-table.tsx'
import { plural } from '../../../words/names.ts'
import { jobLooks } from '../../../words/status.ts'
import { jobColumns } from './job-columns.tsx'
import { JobPeek } from './job-peek.tsx'
import { JobPlaces } from './job-places.tsx'

const kinds = ['Command', 'Pipeline']

/** What runs and ran: jobs and pipelines, without the steps of pipelines. */
export function Jobs() {
  const workspace = useWorkspace()
  const to = usePaths()
  const [status, setStatus] = useSearchWord('status')
  const [type, setType] = useSearchWord('type')
  const [experiment, setExperiment] = useSearchWord('experiment')
  const [q] = useSearchWord('q')
  const filter = { status, type, experiment }
  const path = `${workspace.id}/jobs`
  const given = Object.entries(jobQuery(q, filter)).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  )
  const clear = () => {
    setStatus('', 'replace')
    setType('', 'replace')
    setExperiment('', 'replace')
  }
  return (
    <Page
      title="Jobs"
      actions={
        <Equivalents
          cli={[
            { what: 'The same list', command: 'twinloop job list -o table' },
            { what: 'Run one', command: 'twinloop job create --file job.yml --stream' },
          ]}
          rest={[{ method: 'GET', path, query: Object.fromEntries(given) }]}
        />
      }
    >
      <JobPlaces />
      <Panel flush>
        <ServerTable<Job>
          label="jobs"
          columns={jobColumns}
          rowKey={({ name }) => name}
          to={({ name }) => to.job(name)}
          initial="-started"
          placeholder="Name, experiment or person"
          sourceOf={(words, order) => jobsSource(workspace.id, words, order, filter)}
          isFiltered={given.length > 0}
          onClear={clear}
          empty={
            <Empty title="No job has run here yet" command="twinloop job create --file pipeline.yml --stream">
              A job is a command or a pipeline in Azure ML's YAML; each is an MLflow run as well.
            </Empty>
          }
          tools={
            <>
              <Choice
                label="status"
                value={status}
                onChange={setStatus}
                data={Object.entries(jobLooks).map(([value, { word }]) => ({ value, label: word }))}
              />
              <Choice label="kind" value={type} onChange={setType} data={kinds} />
              {experiment === '' ? null : (
                <Choice label="experiment" value={experiment} onChange={setExperiment} data={[experiment]} />
              )}
            </>
          }
          peek={(name) => <JobPeek name={name} />}
          selected={(names) => <WithSelected names={names} />}
        />
      </Panel>
    </Page>
  )
}

function Choice({
  label,
  value,
  onChange,
  data,
}: {
  readonly label: string
  readonly value: string
  readonly onChange: (value: string) => void
  readonly data: readonly (string | { readonly value: string; readonly label: string })[]
}) {
  return (
    <Select
      aria-label={label.replace(/^./, (letter) => letter.toUpperCase())}
      placeholder={`Any ${label}`}
      clearable
      clearButtonProps={{ 'aria-label': `Any ${label}` }}
      data={[...data]}
      value={value === '' ? null : value}
      onChange={(chosen) => onChange(chosen ?? '')}
      w={150}
    />
  )
}

/** What can be done with some jobs at once. */
function WithSelected({ names }: { readonly names: readonly string[] }) {
  const to = usePaths()
  const can = useCan()
  const workspace = useWorkspace()
  const queries = useQueryClient()
  const [active, setActive] = useState<readonly Job[]>()
  const look = async () => {
    const jobs = await Promise.all(
      names.map((name) =>
        queries.fetchQuery({
          ...resourceQuery<Job['properties']>(`${workspace.id}/jobs/${name}`),
          staleTime: 0,
        }),
      ),
    )
    setActive(jobs.filter(({ properties }) => !hasEnded(properties.status)))
  }
  return (
    <>
      {names.length === 2 ? (
        <Go to={to.compareJobs} search={{ sel: names.join(',') }}>
          Compare jobs
        </Go>
      ) : null}
      {names.length > 1 ? (
        <Go to={to.compareRuns} search={{ sel: names.join(',') }}>
          Compare as runs
        </Go>
      ) : null}
      <Act
        label="Cancel"
        variant="default"
        size="compact-sm"
        allowed={can('jobs/cancel/action')}
        onClick={() => void look()}
      />
      {active === undefined ? null : (
        <Confirm
          title={active.length === 0 ? 'Nothing of this runs' : `Cancel ${plural(active.length, 'job')}?`}
          verb={active.length === 0 ? 'Close' : `Cancel ${plural(active.length, 'job')}`}
          danger={active.length > 0}
          onDone={async () => {
            await Promise.all(active.map(cancel))
            if (active.length > 0) tell(`Asked ${plural(active.length, 'job')} to stop`)
          }}
          onClose={() => setActive(undefined)}
        >
          <p>
            {plural(names.length - active.length, 'selected job')}{' '}
            {names.length - active.length === 1 ? 'has' : 'have'} ended already and{' '}
            {names.length - active.length === 1 ? 'stays as it is' : 'stay as they are'}.
          </p>
        </Confirm>
      )}
    </>
  )
}
