import { useQuery } from '@tanstack/react-query'
import { hasEnded, logsQuery, type Job } from '../../api/jobs.ts'
import { labelOf } from '../../api/resource.ts'
import { usePaths, useWorkspace } from '../../frame/workspace.ts'
import { Go } from '../../parts/go.tsx'
import { Panel } from '../../parts/panel.tsx'
import { Failure } from '../../parts/states.tsx'
import { readable } from './log-text.ts'
import { useLog } from './use-log.ts'
import style from './jobs.module.css'

/** The log of an environment's build among those of a job, as Azure ML has it. */
const isBuildLog = (file: string) => file.endsWith('image_build_log.txt')

/** So often it is looked whether a build has begun. */
const everyMs = 2000

/**
 * How the environment of a job is or was built, where the job had to wait for that: what the build says now, or said last
 * before it failed; of one that stood in the end only that there is a log.
 */
export function EnvironmentBuild({ job }: { readonly job: Job }) {
  const workspace = useWorkspace()
  const to = usePaths()
  const { status, error, environmentId } = job.properties
  const isWaiting = ['NotStarted', 'Queued', 'Preparing'].includes(status)
  const { data: logs = [] } = useQuery({
    ...logsQuery(workspace.id, job.name),
    refetchInterval: status === 'Preparing' ? everyMs : false,
  })
  const log = logs.find(({ file }) => isBuildLog(file))
  if (log === undefined) return null
  const hasFailed = hasEnded(status) && error?.code === 'PreparationFailed'
  const name = environmentId === undefined ? 'its environment' : labelOf(environmentId)
  const whole = (
    <Go to={to.job(job.name)} search={{ tab: 'logs', log: log.file }}>
      The whole log of the build
    </Go>
  )
  if (!isWaiting && !hasFailed)
    return (
      <Panel title="It waited for its environment" actions={whole}>
        <p className="muted">{name} was built first, and stands for the jobs after it.</p>
      </Panel>
    )
  return (
    <Panel
      title={isWaiting ? 'It waits for its environment' : 'Its environment'}
      subtitle={`${name} ${isWaiting ? 'is being built' : 'could not be built'}`}
      actions={whole}
      flush
    >
      <LastLines url={log.url} isActive={isWaiting} />
    </Panel>
  )
}

/** So many lines tell what goes on. */
const fewLines = 12

function LastLines({ url, isActive }: { readonly url: string; readonly isActive: boolean }) {
  const { text, error } = useLog(url, isActive)
  if (error !== undefined) return <Failure error={error} />
  const lines = readable(text).trimEnd().split('\n').slice(-fewLines)
  return (
    <pre className={style.last} tabIndex={0} role="log" aria-label="What the build said last" aria-live="off">
      {lines.join('\n')}
    </pre>
  )
}
