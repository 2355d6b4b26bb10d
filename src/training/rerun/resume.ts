import { errors } from '../../kernel/errors.ts'
import type { Platform } from '../../kernel/platform.ts'
import { childId } from '../../kernel/resources/arm-id.ts'
import { stableJson } from '../../kernel/resources/row.ts'
import { contentDigest, locateInput } from '../data.ts'
import { closeRun, openRun, takeOver } from '../execution/runs.ts'
import { isPipeline, kindOf } from '../jobs/job.ts'
import type { Job, JobProperties } from '../jobs/job.ts'
import { hasEnded } from '../jobs/status.ts'
import { findJob, siblingKey, stepsOf, transition } from '../jobs/transition.ts'
import { recordReuse } from '../lineage.ts'

/** Refuses a pipeline that would go on from what is no pipeline of the workspace, or has not ended. */
export async function checkResumed(
  properties: JobProperties,
  platform: Platform,
  workspace: string,
): Promise<void> {
  const { resumedFrom: name } = properties
  if (typeof name !== 'string') return
  const target = 'properties.resumedFrom'
  if (kindOf(properties) !== 'Pipeline')
    throw errors.validation('Only a pipeline goes on from an earlier one: leave resumedFrom out.', { target })
  const earlier = await findJob(platform, childId(workspace, 'jobs', name))
  if (earlier === undefined || !isPipeline(earlier))
    throw errors.validation(`There is no pipeline job '${name}' in this workspace to go on from.`, { target })
  if (!hasEnded(earlier.status.status))
    throw errors.validation(`Pipeline '${name}' is ${earlier.status.status}: wait until it has ended.`, {
      target,
    })
}

/** Of a pipeline that goes on from another one: by step, the job there whose results it may have, or may go on from. */
export async function stepsToResume(platform: Platform, pipeline: Job): Promise<ReadonlyMap<string, string>> {
  const { resumedFrom } = pipeline.properties
  if (typeof resumedFrom !== 'string') return new Map()
  const earlier = await findJob(platform, siblingKey(pipeline, resumedFrom))
  if (earlier === undefined) return new Map()
  const steps = (await stepsOf(platform, earlier)).filter(
    (step) => step.status.status === 'Completed' || isPipeline(step),
  )
  return new Map(steps.map((step) => [step.properties.stepName ?? '', step.name]))
}

/**
 * Ends a step that is about to begin with the results of the job that it goes on from, if that one completed, was asked
 * to do exactly the same with the same data, and its results are still there. False, and nothing done, otherwise: then
 * it runs.
 */
export async function resume(job: Job, platform: Platform): Promise<boolean> {
  const { resumedFrom, parentJobName } = job.properties
  if (
    job.status.status !== 'NotStarted' ||
    typeof resumedFrom !== 'string' ||
    typeof parentJobName !== 'string'
  )
    return false
  const earlier = await findJob(platform, siblingKey(job, resumedFrom))
  if (earlier?.status.status !== 'Completed' || asked(earlier) !== asked(job)) return false
  if (!(await isThere(platform, earlier))) return false
  const reusedFrom = earlier.status.reusedFrom ?? earlier.name
  const now = platform.clock()
  await openRun(platform, job)
  await takeOver(platform, job, reusedFrom)
  await transition(
    platform,
    job,
    'Completed',
    {
      reusedFrom,
      outputs: earlier.status.outputs ?? {},
      startTime: now.toISOString(),
      endTime: now.toISOString(),
    },
    async (db) => {
      await closeRun(db, job, 'Completed', now.toISOString())
      await recordReuse(db, job, reusedFrom, now.getTime())
    },
  )
  return true
}

/** What decides what a step makes. What it is called, where and how long it may run is not in it. */
const decisive = [
  'jobType',
  'componentId',
  'command',
  'codeId',
  'environmentId',
  'environmentVariables',
  'distribution',
  'inputs',
  'outputs',
  'jobs',
  'source',
] as const

const asked = ({ properties, status }: Job): string =>
  stableJson([decisive.map((name) => properties[name] ?? null), status.pinned])

/** True if nothing of what a job made has been deleted or changed since, as far as its content can be told. */
async function isThere(platform: Platform, job: Job): Promise<boolean> {
  for (const [name, { uri, digest }] of Object.entries(job.status.outputs ?? {})) {
    const at = { platform, workspace: job.parent, target: `outputs.${name}` }
    const location = await locateInput(uri, at).catch(() => undefined)
    if (location === undefined) return false
    if (digest !== undefined && (await contentDigest(platform, location)) !== digest) return false
  }
  return true
}
