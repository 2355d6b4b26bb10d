import { childId, keyOf, scopeId } from '../../../kernel/resources/arm-id.ts'
import type { Platform } from '../../../kernel/platform.ts'
import type { Json, Resource } from '../../../kernel/resources/resource.ts'
import type { Lineage } from '../../../registry/lineage.ts'
import { completeRuns } from '../../../store/tracking/run-data.ts'
import { findRun } from '../../../store/tracking/runs.ts'
import { asJob, isPipeline, type Job, type JobResult } from '../../../training/jobs/job.ts'
import type { Metrics } from './compare.ts'

/** A job, or a pipeline with all its steps. */
async function jobsOf(platform: Platform, root: Job): Promise<readonly Job[]> {
  const scope = scopeId(root.id) ?? ''
  const where = { 'status.rootJobName': root.name }
  const all = await platform.resources.list({
    type: 'workspaces/jobs',
    scope,
    where,
    view: 'all',
    top: 10_000,
  })
  return [root, ...all.filter(({ key }) => key !== root.key).map(asJob)]
}

/** The latest value of each metric that a training logged, in whichever of its steps. */
export async function metricsOf(platform: Platform, root: Job): Promise<Metrics> {
  const { db } = platform.store
  const metrics: Record<string, number> = {}
  for (const job of await jobsOf(platform, root)) {
    const info = await findRun(db, keyOf(scopeId(job.id) ?? ''), job.name)
    const [run] = info === undefined ? [] : await completeRuns(db, [info])
    for (const { key, value } of run?.metrics ?? []) metrics[key] = value
  }
  return metrics
}

/** A model that a training made: registered by itself, or as an output of one of its jobs. */
export type Trained =
  | { readonly version: Resource }
  | {
      readonly version?: undefined
      readonly job: Job
      readonly output: string
      readonly uri: string
      readonly type: JobResult['type']
    }

/**
 * The model that a training made in the place of a version: registered by itself under the same name, put out under the
 * same name, or the only one that it put out. Undefined where it cannot be told.
 */
export async function trainedBy(
  platform: Platform,
  root: Job,
  instead: Resource,
): Promise<Trained | undefined> {
  const jobs = await jobsOf(platform, root)
  const names = new Set(jobs.map(({ name }) => name))
  const model = instead.id.split('/').at(-3) ?? ''
  const versions = await platform.resources.list({
    type: 'workspaces/models/versions',
    parent: childId(scopeId(root.id) ?? '', 'models', model),
  })
  const version = versions.find(({ status }) => {
    const run = (status['lineage'] as Lineage | undefined)?.run
    return run !== undefined && names.has(run)
  })
  if (version !== undefined) return { version }
  // A pipeline's own outputs are those of its steps.
  const made = jobs
    .filter((job) => !isPipeline(job))
    .flatMap((job) =>
      Object.entries(job.status.outputs ?? {})
        .filter(([, { type }]) => type.endsWith('_model'))
        .map(([output, { uri, type }]) => ({ job, output, uri, type })),
    )
  const wanted = (instead.properties['properties'] as Json | null | undefined)?.['outputName']
  return made.find(({ output }) => output === wanted) ?? (made.length === 1 ? made[0] : undefined)
}
