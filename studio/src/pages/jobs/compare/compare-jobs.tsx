import { Switch } from '@mantine/core'
import { useQueries } from '@tanstack/react-query'
import type { Job, JobProperties } from '../../../api/jobs.ts'
import { resourceQuery } from '../../../api/queries.ts'
import { useSearchWord } from '../../../frame/search.ts'
import { usePaths, useWorkspace } from '../../../frame/workspace.ts'
import { Equivalents } from '../../../parts/equivalents.tsx'
import { Go } from '../../../parts/go.tsx'
import { Columns, Page, Stack } from '../../../parts/page.tsx'
import { Facts, Panel } from '../../../parts/panel.tsx'
import { Empty, Failure, Loading } from '../../../parts/states.tsx'
import { Status } from '../../../parts/status.tsx'
import { Time, Took } from '../../../parts/time.tsx'
import { plural } from '../../../words/names.ts'
import { CodeDiff } from '../code/code-diff.tsx'
import { differencesOf } from '../insight/differences.ts'
import { Differing } from '../insight/differing.tsx'

/** More jobs than these beside each other cannot be read. */
const mostJobs = 4

/** What jobs were asked to do, and how it went, side by side. `sel` has their names. */
export function CompareJobs() {
  const workspace = useWorkspace()
  const to = usePaths()
  const [selected] = useSearchWord('sel')
  const [same, setSame] = useSearchWord('same', 'no')
  const names = selected
    .split(',')
    .filter((name) => name !== '')
    .slice(0, mostJobs)
  const answers = useQueries({
    queries: names.map((name) => resourceQuery<JobProperties>(`${workspace.id}/jobs/${name}`)),
  })
  const failed = answers.find(({ error }) => error !== null)
  const jobs = answers.flatMap(({ data }): Job[] => (data === undefined ? [] : [data]))
  const [before, after] = jobs
  const rows = differencesOf(jobs)
  const differing = rows.filter(({ isSame }) => !isSame)
  return (
    <Page
      title={`Compare ${plural(names.length, 'job')}`}
      actions={
        <Equivalents
          cli={names.map((name) => ({ what: name, command: `twinloop job show --name ${name}` }))}
          rest={names.map((name) => ({ method: 'GET', path: `${workspace.id}/jobs/${name}` }))}
        />
      }
    >
      {names.length === 0 ? (
        <Empty title="Nothing is selected">Select two jobs in the list, and press Compare.</Empty>
      ) : failed?.error ? (
        <Failure error={failed.error} onRetry={() => void failed.refetch()} />
      ) : jobs.length < names.length ? (
        <Loading rows={8} />
      ) : (
        <Stack>
          <Columns>
            {jobs.map((job) => (
              <Panel
                key={job.name}
                title={<Go to={to.job(job.name)}>{job.properties.displayName ?? job.name}</Go>}
              >
                <Facts
                  facts={[
                    { name: 'Name', value: <span className="mono">{job.name}</span> },
                    { name: 'Status', value: <Status kind="job" state={job.properties.status} /> },
                    { name: 'Created', value: <Time at={job.systemData.createdAt} /> },
                    { name: 'By', value: job.systemData.createdBy },
                    {
                      name: 'Took',
                      value: <Took from={job.properties.startTime} to={job.properties.endTime} />,
                    },
                    { name: 'Error', value: job.properties.error?.message.split('\n')[0] },
                  ]}
                />
              </Panel>
            ))}
          </Columns>
          <Panel
            title="What they were asked to do"
            subtitle={`${differing.length} of ${rows.length} differ`}
            actions={
              <>
                <Switch
                  size="xs"
                  label="Also what is the same"
                  checked={same === 'yes'}
                  onChange={(event) => setSame(event.currentTarget.checked ? 'yes' : 'no')}
                />
                <Go to={to.compareRuns} search={{ sel: names.join(',') }}>
                  Their metrics
                </Go>
              </>
            }
          >
            {differing.length === 0 && same !== 'yes' ? (
              <p className="muted">They were asked to do the same.</p>
            ) : (
              <Differing names={jobs.map(({ name }) => name)} rows={same === 'yes' ? rows : differing} />
            )}
          </Panel>
          {before !== undefined && after !== undefined && jobs.length === 2 ? (
            <CodeDiff before={before} after={after} />
          ) : null}
        </Stack>
      )}
    </Page>
  )
}
