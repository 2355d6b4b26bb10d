import type { Platform } from '../../kernel/platform.ts'
import { artifactsContainer } from '../data.ts'
import { findRun, updateRun } from '../../store/tracking/runs.ts'
import type { Job } from './job.ts'
import { stepsOf } from './transition.ts'

/**
 * Removes what a deleted job leaves: the jobs of its steps, its logs and captured files, and its run (which MLflow's
 * clients can restore, as any deleted run). Outputs stay: other jobs and assets may be made of them.
 */
export async function removeJob(job: Job, platform: Platform): Promise<void> {
  for (const step of await stepsOf(platform, job))
    await platform.resources.remove(platform.identity('training'), step.id)
  const container = await artifactsContainer(platform, job.parent)
  const prefix = `ExperimentRun/dcid.${job.name}/`
  for (;;) {
    const { blobs } = await platform.artifacts.list(container, prefix)
    if (blobs.length === 0) break
    for (const blob of blobs) await platform.artifacts.remove(blob)
  }
  await platform.store.transaction(async (db) => {
    const run = await findRun(db, job.scope, job.name)
    if (run !== undefined) await updateRun(db, run.key, { lifecycle: 'deleted' })
  })
  await platform.resources.purge(job.key)
}
