import type { Platform } from '../kernel/platform.ts'
import type { Reconciler } from '../kernel/work/reconcile.ts'
import { stepCommand } from './execution/command.ts'
import { wakeWaiting } from './execution/places.ts'
import { asJob, isPipeline } from './jobs/job.ts'
import { removeJob } from './jobs/remove.ts'
import { hasEnded, jobStatuses } from './jobs/status.ts'
import { jobsReconciler } from './jobs/transition.ts'
import { stepPipeline } from './pipeline/pipeline.ts'

/** Brings every job nearer to its end, and gives waiting ones the places that a changed compute has. */
export const jobReconciler: Reconciler = {
  name: jobsReconciler,
  types: ['workspaces/jobs', 'workspaces/computes'],
  async reconcile(resource, context) {
    if (resource.type === 'workspaces/computes') return wakeWaiting(context.platform, resource.key)
    const job = asJob(resource)
    if (job.deleting) return removeJob(job, context.platform)
    return isPipeline(job) ? stepPipeline(job, context) : stepCommand(job, context)
  },
}

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
