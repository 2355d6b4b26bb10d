import type { Platform } from '../kernel/platform.ts'
import { isOwnContainer, ownerOfContainer } from './containers.ts'

const everyMs = 3_600_000

/** Bytes live at least a day after their last name went: a client may be about to give them another. */
const graceMs = 24 * 3_600_000

interface Sweeping {
  readonly timer: NodeJS.Timeout
  running: Promise<void>
}

const sweepings = new WeakMap<Platform, Sweeping>()

/**
 * Removes the containers of workspaces and registries that were deleted, and bytes that nothing means any more. Their names carry a
 * workspace's own GUID, so that a new workspace of an old name never sees what the old one left.
 */
export async function sweep(platform: Platform): Promise<{ readonly files: number; readonly bytes: number }> {
  for (const container of await platform.artifacts.containers()) {
    if (!isOwnContainer(container) || (await ownerOfContainer(platform, container)) !== undefined) continue
    const blobs = await platform.artifacts.removeContainer(container)
    platform.log.info('container of a deleted workspace or registry removed', { container, blobs })
  }
  return platform.artifacts.sweep(graceMs)
}

/** Sweeps now and then, until `stopSweeping`. */
export function startSweeping(platform: Platform): void {
  const trySweep = async () => {
    try {
      const swept = await sweep(platform)
      if (swept.files > 0) platform.log.info('artifacts swept', swept)
    } catch (error) {
      platform.log.error('artifacts could not be swept', { error })
    }
  }
  const timer = setInterval(() => {
    const sweeping = sweepings.get(platform)
    if (sweeping !== undefined) sweeping.running = sweeping.running.then(trySweep)
  }, everyMs)
  timer.unref()
  sweepings.set(platform, { timer, running: Promise.resolve() })
}

/** Starts no more sweeps and waits for one that runs. */
export async function stopSweeping(platform: Platform): Promise<void> {
  const sweeping = sweepings.get(platform)
  sweepings.delete(platform)
  clearInterval(sweeping?.timer)
  await sweeping?.running
}
