import type { Actor } from '../../kernel/access/access.ts'
import { childId, scopeId } from '../../kernel/resources/arm-id.ts'
import type { Platform } from '../../kernel/platform.ts'
import type { Json, Resource } from '../../kernel/resources/resource.ts'
import { asJob, type Job } from '../../training/jobs/job.ts'

/** The job that made a model version, and the whole of which it was a step. */
export interface Maker {
  readonly job: Job
  /** The topmost pipeline; the job itself, if it was a step of none. */
  readonly root: Job
  /** Id of the workspace that they ran in, which need not be the one that the version is in. */
  readonly workspace: string
}

/**
 * The job that made a model version, wherever the version was published or copied to since. Undefined where none did, or
 * where it was deleted.
 */
export async function makerOf(platform: Platform, version: Resource): Promise<Maker | undefined> {
  const { publishedFrom, lineage } = version.status as { publishedFrom?: Json; lineage?: Json }
  const own = scopeId(version.id) ?? ''
  // What was published tells ids, what is at home tells names.
  const id = (name: unknown) =>
    typeof name !== 'string' ? undefined : name.startsWith('/') ? name : childId(own, 'jobs', name)
  const from = publishedFrom ?? lineage
  const job = await found(platform, id(from?.['job']))
  if (job === undefined) return undefined
  const root = (await found(platform, id(from?.['pipeline']))) ?? job
  return { job, root, workspace: scopeId(job.id) ?? '' }
}

async function found(platform: Platform, id: string | undefined): Promise<Job | undefined> {
  const resource = id === undefined ? undefined : await platform.resources.find(id)
  return resource === undefined ? undefined : asJob(resource)
}

/** Throws forbidden for a job that the actor may not read: to run it again, or what it ran, would show what it is. */
export const requireReadable = (platform: Platform, actor: Actor, { id }: Pick<Job, 'id'>): Promise<void> =>
  platform.access.require(actor, 'Microsoft.MachineLearningServices/workspaces/jobs/read', id)

/** Property of a training that a gate asked for: the id of the version that it makes anew. */
export const retrainsProperty = 'twinloop.retrains'

/** True for what a gate had trained: to release it by itself, or to retrain it as well, would never end. */
export function isRetrained(maker: Maker | undefined): boolean {
  const marked = (maker?.root.properties['properties'] ?? {}) as Json
  return typeof marked[retrainsProperty] === 'string'
}
