import { UserError } from '../../../kernel/errors.ts'
import type { Platform } from '../../../kernel/platform.ts'
import { abandonWorks } from '../../../kernel/work/background.ts'
import { workPrefix } from '../context.ts'
import { hasSettled, ownerOfRun, type MonitorRun } from '../run.ts'
import { endRun } from './end.ts'

/** Ends a run that somebody has cancelled, with what it has under way; what it has found until then stays. */
export async function cancelRun(platform: Platform, run: MonitorRun): Promise<void> {
  const open = run.status.signals.filter((signal) => !hasSettled(signal))
  for (const signal of open) {
    abandonWorks(platform, workPrefix(run, signal))
    for (const job of Object.values(signal.jobs ?? {}))
      try {
        await platform.resources.act(ownerOfRun(run), job, 'cancel', {})
      } catch (error) {
        // It has ended meanwhile, or has gone.
        if (!(error instanceof UserError)) throw error
      }
  }
  await endRun(platform, run, 'Canceled', `${run.status.cancelling?.by ?? 'Somebody'} cancelled it.`)
}
