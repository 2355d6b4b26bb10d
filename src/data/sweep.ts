import type { Platform } from '../kernel/platform.ts'

const everyMs = 3_600_000

/** Bytes live at least a day after their last name went: a client may be about to give them another. */
const graceMs = 24 * 3_600_000

interface Sweeping {
  readonly timer: NodeJS.Timeout
  running: Promise<void>
}

const sweepings = new WeakMap<Platform, Sweeping>()

/** Sweeps artifacts that nothing means any more, now and then, until `stopSweeping`. */
export function startSweeping(platform: Platform): void {
  const sweep = async () => {
    try {
      const swept = await platform.artifacts.sweep(graceMs)
      if (swept.files > 0) platform.log.info('artifacts swept', swept)
    } catch (error) {
      platform.log.error('artifacts could not be swept', { error })
    }
  }
  const timer = setInterval(() => {
    const sweeping = sweepings.get(platform)
    if (sweeping !== undefined) sweeping.running = sweeping.running.then(sweep)
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
