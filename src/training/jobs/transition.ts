import { scopeId } from '../../kernel/resources/arm-id.ts'
import type { Platform } from '../../kernel/platform.ts'
import type { Json, NewEvent } from '../../kernel/resources/resource.ts'
import type { Db } from '../../store/database.ts'
import { asJob } from './job.ts'
import type { Job, JobState } from './job.ts'
import { hasEnded, mayGo } from './status.ts'
import type { JobStatus } from './status.ts'

/** Name of the reconciler of jobs, by which it is woken. */
export const jobsReconciler = 'training.jobs'

type Change = { readonly [K in keyof JobState]?: JobState[K] | null }

/**
 * Moves a job from the state in which it was read to another, with the events that this means and with whatever
 * `also` writes, all in one transaction. Undefined, and nothing written, if the job has gone or has left that state
 * meanwhile (it was cancelled, say); a mere change of its tags is no hindrance.
 */
export async function transition(
  platform: Platform,
  job: Job,
  to: JobStatus,
  change: Change = {},
  also?: (db: Db) => Promise<void>,
): Promise<Job | undefined> {
  const from = job.status.status
  if (!mayGo(from, to)) throw new Error(`A job does not go from ${from} to ${to} (${job.id}).`)
  let fresh: Job | undefined = job
  while (fresh !== undefined && fresh.status.status === from) {
    const written = await platform.resources.setStatus(
      job.key,
      { ...change, status: to },
      { etag: fresh.etag, events: eventsOf(fresh, to), ...(also === undefined ? {} : { also }) },
    )
    if (written !== undefined) {
      if (hasEnded(to)) wakeParent(platform, job)
      return asJob(written)
    }
    fresh = await findJob(platform, job.key)
  }
  return undefined
}

/** Changes what is known of a job while it stays in its state. Undefined if it has left it meanwhile. */
export async function note(platform: Platform, job: Job, change: Change): Promise<Job | undefined> {
  let fresh: Job | undefined = job
  while (fresh !== undefined && fresh.status.status === job.status.status) {
    const written = await platform.resources.setStatus(job.key, change, { etag: fresh.etag })
    if (written !== undefined) return asJob(written)
    fresh = await findJob(platform, job.key)
  }
  return undefined
}

export async function findJob(platform: Platform, id: string): Promise<Job | undefined> {
  const found = await platform.resources.find(id)
  return found === undefined ? undefined : asJob(found)
}

/** The jobs of a pipeline's steps, oldest first. */
export async function stepsOf(platform: Platform, pipeline: Job): Promise<readonly Job[]> {
  const found = await platform.resources.list({
    type: 'workspaces/jobs',
    parent: pipeline.parent,
    view: 'all',
    where: { 'properties.parentJobName': pipeline.name },
    orderBy: { field: 'createdAt', descending: false },
  })
  return found.map(asJob)
}

/** The pipeline whose step this is, so that it looks again: only the end of a step tells it what to do. */
export function wakeParent(platform: Platform, job: Job): void {
  const parent = job.properties.parentJobName
  if (typeof parent === 'string') platform.wake(jobsReconciler, siblingKey(job, parent))
}

/** Key of another job of the same workspace. */
export const siblingKey = (job: { readonly parent: string }, name: string): string =>
  `${job.parent}/jobs/${name.toLowerCase()}`

/** Event Grid's event types for runs. */
function eventsOf(job: Job, to: JobStatus): readonly NewEvent[] {
  const data: Json = {
    experimentName: job.properties.experimentName ?? 'Default',
    runId: job.name,
    runType: job.properties.jobType,
    runTags: job.properties.tags ?? {},
    runProperties: job.properties.properties ?? {},
    runStatus: to,
    ...(typeof job.properties.parentJobName === 'string'
      ? { parentRunId: job.properties.parentJobName }
      : {}),
  }
  const event = (type: string): NewEvent => ({
    type: `Microsoft.MachineLearningServices.${type}`,
    subject: `jobs/${job.name}`,
    source: scopeId(job.id) ?? '/',
    data,
  })
  return hasEnded(to) ? [event('RunStatusChanged'), event('RunCompleted')] : [event('RunStatusChanged')]
}
