import type { Platform } from '../kernel/platform.ts'
import type { Reconciler } from '../kernel/work/reconcile.ts'
import { stepCommand } from './execution/command.ts'
import { wakeWaiting } from './execution/places.ts'
import { stepImport, wakeImportStep } from './imports/import-step.ts'
import { asJob, kindOf } from './jobs/job.ts'
import type { Job } from './jobs/job.ts'
import { removeJob } from './jobs/remove.ts'
import { hasEnded, jobStatuses } from './jobs/status.ts'
import { jobsReconciler, note } from './jobs/transition.ts'
import { stepPipeline } from './pipeline/pipeline.ts'
import { resume } from './rerun/resume.ts'

/** Brings every job nearer to its end, and gives waiting ones the places that a changed compute has. */
export const jobReconciler: Reconciler = {
  name: jobsReconciler,
  types: ['workspaces/jobs', 'workspaces/computes', 'dataImports'],
  async reconcile(resource, context) {
    if (resource.type === 'workspaces/computes') return wakeWaiting(context.platform, resource.key)
    if (resource.type === 'dataImports') return wakeImportStep(context.platform, resource)
    const job = asJob(resource)
    if (job.deleting) return removeJob(job, context.platform)
    try {
      if (await resume(job, context.platform)) return
      return await stepOf(job)(job, context)
    } catch (error) {
      if (!context.signal.aborted) await tellTrouble(context.platform, resource.key, error)
      throw error
    }
  },
}

const stepOf = ({ properties }: Job) => {
  switch (kindOf(properties)) {
    case 'Pipeline':
      return stepPipeline
    case 'DataTransfer':
      return stepImport
    default:
      return stepCommand
  }
}

/** Says on the job why it does not go on: what failed is tried again, and nobody should have to read the server's log. */
async function tellTrouble(platform: Platform, key: string, error: unknown): Promise<void> {
  const found = await platform.resources.find(key)
  if (found === undefined) return
  const job = asJob(found)
  const what = error instanceof Error ? error.message : String(error)
  const warning = `A step of the platform failed while the job was ${job.status.status}, and is tried again: ${what}`
  const warnings = [...new Set([...(job.status.warnings ?? []), warning])]
  if (!hasEnded(job.status.status) && warnings.length <= mostWarnings) await note(platform, job, { warnings })
}

/** Troubles that change their words each time do not fill the store. */
const mostWarnings = 20

/** Has every job looked at that has not ended: what they wait for may have come about while no server was there. */
export async function wakeUnfinished(platform: Platform): Promise<void> {
  for (const status of jobStatuses.filter((s) => !hasEnded(s))) {
    const found = await platform.resources.list({
      type: 'workspaces/jobs',
      view: 'all',
      where: { 'status.status': status },
      top: 100_000,
    })
    for (const job of found) platform.wake(jobsReconciler, job.key)
  }
}
