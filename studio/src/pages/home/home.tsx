import { useQuery } from '@tanstack/react-query'
import type { EndpointProperties } from '../../api/endpoints.ts'
import { recentJobsQuery, type Job } from '../../api/jobs.ts'
import { monitorsQuery } from '../../api/monitors.ts'
import type { ModelProperties } from '../../api/models.ts'
import { listQuery } from '../../api/queries.ts'
import { releasesQuery } from '../../api/releases.ts'
import { meQuery } from '../../api/workspaces.ts'
import { usePaths, useWorkspace } from '../../frame/workspace.ts'
import { Equivalents } from '../../parts/equivalents.tsx'
import { Go } from '../../parts/go.tsx'
import { Page } from '../../parts/page.tsx'
import { Panel } from '../../parts/panel.tsx'
import { Answer, Empty } from '../../parts/states.tsx'
import { Status } from '../../parts/status.tsx'
import { Time, Took } from '../../parts/time.tsx'
import { JobName } from '../jobs/job-name.tsx'
import { Command } from '../../parts/copy.tsx'
import { Around } from './around.tsx'
import { EndpointRows } from './endpoint-rows.tsx'
import { Loops } from './loops.tsx'
import { Needed } from './needed.tsx'
import { useSituation } from './use-situation.ts'
import style from './home.module.css'

/** What is in production, how it does, and what waits for me. */
export function Home() {
  const workspace = useWorkspace()
  const jobs = useQuery(recentJobsQuery(workspace.id))
  const releases = useQuery(releasesQuery(workspace))
  const endpoints = useQuery(listQuery<EndpointProperties>(`${workspace.id}/onlineEndpoints`))
  const situation = useSituation()
  const monitors = useQuery(monitorsQuery(workspace))
  const models = useQuery(listQuery<ModelProperties>(`${workspace.id}/models`))
  const data = useQuery(listQuery<Readonly<Record<string, unknown>>>(`${workspace.id}/data`))
  const isKnown = [jobs, releases, endpoints, models, data].every((query) => query.data !== undefined)
  const isEmpty =
    isKnown &&
    [jobs, releases, endpoints, models, data].every(
      (query) => (query.data as readonly unknown[]).length === 0,
    )
  return (
    <Page
      title="Home"
      heading={workspace.title}
      actions={
        <Equivalents
          cli={[
            { what: 'What runs', command: 'twinloop job list -o table' },
            { what: 'What is released', command: 'twinloop release list -o table' },
            { what: 'What answers', command: 'twinloop online-endpoint list -o table' },
          ]}
          rest={[{ method: 'GET', path: workspace.id }]}
        />
      }
    >
      {isEmpty ? (
        <FirstSteps />
      ) : (
        <>
          <Loops
            data={data.data ?? []}
            jobs={jobs.data ?? []}
            models={models.data ?? []}
            releases={releases.data ?? []}
            endpoints={endpoints.data ?? []}
            monitors={monitors.data ?? []}
            situation={situation}
          />
          <Around situation={situation} />
          <div className={style.columns}>
            <Needed situation={situation} />
            <Panel title="My recent runs" flush>
              <Answer query={jobs} rows={8}>
                {(all) => <Recent jobs={all} />}
              </Answer>
            </Panel>
          </div>
          <Panel
            title="In production"
            subtitle="rate and p95 of the last minute, errors of 24 hours; the band is what is usual at that hour"
            flush
          >
            <Answer query={endpoints}>
              {(all) => <EndpointRows endpoints={all} monitors={monitors.data ?? []} />}
            </Answer>
          </Panel>
        </>
      )}
    </Page>
  )
}

/** One's own first; where one has none, everybody's. */
function Recent({ jobs }: { readonly jobs: readonly Job[] }) {
  const to = usePaths()
  const { data: me } = useQuery(meQuery)
  const own = jobs.filter(({ systemData }) => systemData.createdBy === me?.displayName)
  if (jobs.length === 0)
    return (
      <Empty title="No job has run here yet" command="twinloop job create --file pipeline.yml --stream" />
    )
  return (
    <>
      {own.length === 0 ? <p className={style.more}>None of them is yours; these are everybody’s.</p> : null}
      <ul className={style.rows}>
        {(own.length === 0 ? jobs : own).slice(0, 8).map((job) => (
          <li key={job.id}>
            <Go to={to.job(job.name)}>
              <JobName job={job} />
            </Go>
            <Status kind="job" state={job.properties.status} />
            <span className="tabular muted">
              <Took from={job.properties.startTime} to={job.properties.endTime} />
            </span>
            <span className="muted">
              <Time at={job.systemData.createdAt} />
            </span>
          </li>
        ))}
      </ul>
    </>
  )
}

const FirstSteps = () => (
  <Panel title="Nothing is here yet: three commands to begin with">
    <ol className={style.first}>
      <li>
        <p>Name your data, so that everybody means the same version:</p>
        <Command text="twinloop data create --name flights --version 1 --path flights.csv --type uri_file" />
      </li>
      <li>
        <p>Run a pipeline, in Azure ML's YAML as it is:</p>
        <Command text="twinloop job create --file pipeline.yml --stream" />
      </li>
      <li>
        <p>Or let existing MLflow code log here:</p>
        <Command text={'eval "$(twinloop env)" && python train.py'} />
      </li>
    </ol>
  </Panel>
)
