import { UserError } from '../../kernel/errors.ts'
import { childId } from '../../kernel/resources/arm-id.ts'
import type { Json } from '../../kernel/resources/resource.ts'
import type { DataSource, Lineage } from '../lineage.ts'
import { dependencyOf } from './dependencies.ts'
import type { Publishing } from './publish.ts'

/** What is kept with a registry's version of where it is from: ids of another workspace, which may be gone one day. */
interface Origin {
  /** Id of the version that was shared; none for what a run logged. */
  readonly id?: string
  readonly workspace: string
  readonly publishedBy: string
  readonly publishedAt: string
  readonly run?: string
  readonly job?: string
  readonly pipeline?: string
  readonly loggedModel?: string
  readonly data?: readonly DataSource[]
  /** What the job that made a model ran in: published along with it, or one that is here for everybody. */
  readonly environment?: string
}

/** What is published: a version that a workspace (or another registry) has, or a model that a run logged. */
export interface Source {
  readonly workspace: string
  /** Id of the version. */
  readonly id?: string
  /** Of a model, what it came of. */
  readonly lineage?: Partial<Lineage>
  /** Of a version that was published before, what is kept with it. */
  readonly earlier?: Json
}

/**
 * What to keep with a version of where it is from; the environment of the job that made a model is published along, or
 * else referred to where it is.
 */
export async function originOf(
  publishing: Publishing,
  source: Source,
  environment: 'published' | 'referred' = 'published',
): Promise<Origin> {
  const { platform, actor } = publishing
  const { workspace, id, lineage, earlier } = source
  const { run, job, pipeline, loggedModel, data } = lineage ?? {}
  const jobId = (name: string | undefined, as: string) =>
    name === undefined ? {} : { [as]: childId(workspace, 'jobs', name) }
  return {
    ...(run === undefined ? {} : { run }),
    ...jobId(job, 'job'),
    ...jobId(pipeline, 'pipeline'),
    ...(loggedModel === undefined ? {} : { loggedModel }),
    ...(data === undefined ? {} : { data }),
    ...(await environmentOf(publishing, workspace, job, environment)),
    ...earlier,
    ...(id === undefined ? {} : { id }),
    workspace,
    publishedBy: actor.name,
    publishedAt: platform.clock().toISOString(),
  }
}

/** The environment of the job that made a model, published along; nothing where that is not known any more. */
async function environmentOf(
  publishing: Publishing,
  workspace: string,
  job: string | undefined,
  how: 'published' | 'referred',
) {
  const made =
    job === undefined ? undefined : await publishing.platform.resources.find(childId(workspace, 'jobs', job))
  const environmentId = made?.properties['environmentId']
  if (typeof environmentId !== 'string') return {}
  if (how === 'referred') return { environment: environmentId }
  try {
    return { environment: await dependencyOf(publishing, workspace, 'environments', environmentId) }
  } catch (error) {
    // It was deleted since; its name is still something to go by.
    if (error instanceof UserError && error.kind.status === 404) return { environment: environmentId }
    throw error
  }
}
