import { useQuery } from '@tanstack/react-query'
import type { Endpoint, EndpointProperties } from '../../api/endpoints.ts'
import type { Incident, IncidentProperties } from '../../api/incidents.ts'
import { recentJobsQuery, type Job } from '../../api/jobs.ts'
import { monitorsQuery } from '../../api/monitors.ts'
import type { ModelProperties } from '../../api/models.ts'
import { listQuery } from '../../api/queries.ts'
import { releasesQuery, type Release } from '../../api/releases.ts'
import { pathOf } from '../../frame/paths.ts'
import { usePaths, useWorkspace } from '../../frame/workspace.ts'
import { Equivalents } from '../../parts/equivalents.tsx'
import { Go } from '../../parts/go.tsx'
import { IconAlertTriangle, IconBell, IconCircleCheck, IconHandStop, IconX } from '../../parts/icons.ts'
import { Page } from '../../parts/page.tsx'
import { Panel } from '../../parts/panel.tsx'
import { Answer, Empty } from '../../parts/states.tsx'
import { Status } from '../../parts/status.tsx'
import { Time, Took, useNow } from '../../parts/time.tsx'
import { JobName } from '../jobs/job-name.tsx'
import { Command } from '../../parts/copy.tsx'
import { EndpointRows } from './endpoint-rows.tsx'
import { Loops } from './loops.tsx'
import { needs, type Need } from './needs.ts'
import style from './home.module.css'

/** What is in production, how it does, and what waits for me. */
export function Home() {
  const workspace = useWorkspace()
  const jobs = useQuery(recentJobsQuery(workspace.id))
  const releases = useQuery(releasesQuery(workspace))
  const endpoints = useQuery(listQuery<EndpointProperties>(`${workspace.id}/onlineEndpoints`))
  const incidents = useQuery(
    listQuery<IncidentProperties>(`${workspace.id}/providers/Twinloop/incidents`, { state: 'Firing' }),
  )
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
          />
          <div className={style.columns}>
            <Needed
              jobs={jobs.data}
              releases={releases.data}
              endpoints={endpoints.data}
              incidents={incidents.data}
            />
            <Panel title="Endpoints" subtitle="last 24 hours" flush>
              <Answer query={endpoints}>{(all) => <EndpointRows endpoints={all} />}</Answer>
            </Panel>
          </div>
          <Panel title="Recent jobs" flush>
            <Answer query={jobs}>{(all) => <Recent jobs={all} />}</Answer>
          </Panel>
        </>
      )}
    </Page>
  )
}

const looks: Readonly<
  Record<Need['kind'], { readonly Icon: typeof IconX; readonly family: string; readonly word: string }>
> = {
  approval: { Icon: IconHandStop, family: 'attention', word: 'Waits for approval' },
  blocked: { Icon: IconX, family: 'bad', word: 'Blocked' },
  incident: { Icon: IconBell, family: 'bad', word: 'Firing' },
  'failed job': { Icon: IconX, family: 'bad', word: 'Job failed' },
  'failed endpoint': { Icon: IconAlertTriangle, family: 'bad', word: 'Endpoint failed' },
}

function Needed({
  jobs,
  releases,
  endpoints,
  incidents,
}: {
  readonly jobs: readonly Job[] | undefined
  readonly releases: readonly Release[] | undefined
  readonly endpoints: readonly Endpoint[] | undefined
  readonly incidents: readonly Incident[] | undefined
}) {
  const workspace = useWorkspace()
  const now = useNow(60_000)
  if (jobs === undefined || releases === undefined || endpoints === undefined || incidents === undefined)
    return <Panel title="Needs you">{null}</Panel>
  const all = needs({ jobs, releases, endpoints, incidents }, now)
  return (
    <Panel title="Needs you" {...(all.length === 0 ? {} : { subtitle: `${all.length}, oldest first` })} flush>
      {all.length === 0 ? (
        <p className={style.calm}>
          <IconCircleCheck size={18} aria-hidden /> Nothing waits for you.
        </p>
      ) : (
        <ul className={style.needs}>
          {all.map(({ key, kind, title, why, since, id }) => {
            const { Icon, family, word } = looks[kind]
            return (
              <li key={key}>
                <span className={style.sign} data-family={family}>
                  <Icon size={16} aria-hidden />
                </span>
                <span className={style.need}>
                  <Go to={pathOf(workspace.key, id) ?? ''}>{title}</Go>
                  <span className="muted" title={why}>
                    {word}: {why}
                  </span>
                </span>
                <span className="muted">
                  <Time at={since} />
                </span>
              </li>
            )
          })}
        </ul>
      )}
    </Panel>
  )
}

function Recent({ jobs }: { readonly jobs: readonly Job[] }) {
  const to = usePaths()
  if (jobs.length === 0)
    return (
      <Empty title="No job has run here yet" command="twinloop job create --file pipeline.yml --stream" />
    )
  return (
    <ul className={style.rows}>
      {jobs.slice(0, 8).map((job) => (
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
