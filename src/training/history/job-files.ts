import { buffer } from 'node:stream/consumers'
import { errors } from '../../kernel/errors.ts'
import type { Platform } from '../../kernel/platform.ts'
import { scopeId } from '../../kernel/resources/arm-id.ts'
import type { Resource } from '../../kernel/resources/resource.ts'
import { artifactsContainer } from '../data.ts'
import { logName, runPath } from '../execution/outputs.ts'
import { asJob, type Job } from '../jobs/job.ts'
import { hasEnded } from '../jobs/status.ts'

/** The job, once it has ended; undefined before. Throws conflict for one that was cancelled: nobody knows what it found. */
export function endedJob(resource: Resource): Job | undefined {
  const job = asJob(resource)
  if (!hasEnded(job.status.status)) return undefined
  if (job.status.status === 'Canceled') throw errors.conflict(`Job '${job.name}' was cancelled.`)
  return job
}

/** A file that a job left in its `./outputs`, or its log (`user_logs/…`); undefined if there is none. */
export async function fileOfJob(platform: Platform, job: Job, path: string): Promise<Buffer | undefined> {
  const container = await artifactsContainer(platform, scopeId(job.id) ?? '')
  const name = { container, path: runPath(job, path) }
  if ((await platform.artifacts.head(name)) === undefined) return undefined
  return buffer(await platform.artifacts.read(name))
}

/** What a job printed; '' if nothing is kept of it. */
export const logOfJob = async (platform: Platform, job: Job): Promise<string> =>
  (await fileOfJob(platform, job, logName))?.toString('utf8') ?? ''
