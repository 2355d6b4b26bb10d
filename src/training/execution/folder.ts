import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { Config } from '../../config.ts'
import type { Job } from '../jobs/job.ts'

/** The working folder of a job, below the server's home. */
export interface JobFolder {
  readonly root: string
  /** The code, and the directory that the command runs in. */
  readonly code: string
  readonly inputs: string
  readonly outputs: string
  readonly log: string
}

export function folderOf(config: Pick<Config, 'home'>, job: Pick<Job, 'name' | 'parent'>): JobFolder {
  const root = join(config.home, 'jobs', markedName(job))
  return {
    root,
    code: join(root, 'code'),
    inputs: join(root, 'inputs'),
    outputs: join(root, 'outputs'),
    log: join(root, 'std_log.txt'),
  }
}

/**
 * By which a job's process is found again after any restart of the server: its name, a mark of its workspace, since
 * jobs of two workspaces may have one name, and how often it was started again. Within what `Compute` and file systems
 * take for a name.
 */
export function processId(
  job: Pick<Job, 'name' | 'parent'> & { readonly status: Pick<Job['status'], 'restarts'> },
): string {
  const { restarts = 0 } = job.status
  return restarts === 0 ? markedName(job) : `${markedName(job)}.${restarts}`
}

function markedName(job: Pick<Job, 'name' | 'parent'>): string {
  const mark = createHash('sha256')
    .update(`${job.parent}/${job.name.toLowerCase()}`)
    .digest('hex')
    .slice(0, 10)
  return `${job.name.slice(0, 200)}.${mark}`
}
