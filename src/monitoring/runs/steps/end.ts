import type { Platform } from '../../../kernel/platform.ts'
import { changeRun } from '../change.ts'
import { hasSettled, type MonitorRun, type RunState } from '../run.ts'
import { completionEvents } from './finish.ts'

/** Ends a run before its signals have: those that are open have the reason, and what was found until then stays. */
export async function endRun(
  platform: Platform,
  run: MonitorRun,
  state: Extract<RunState, 'Failed' | 'Canceled'>,
  reason: string,
): Promise<void> {
  await changeRun(platform, run.key, (now) => {
    if (now.status.state !== 'Running') return undefined
    const signals = now.status.signals.map(({ doing: _, ...signal }) =>
      hasSettled(signal) ? signal : { ...signal, outcome: 'error' as const, reason },
    )
    const status = { ...now.status, signals }
    return {
      state: { signals, state, reason, cancelling: null, endedAt: platform.clock().toISOString() },
      events: completionEvents({ ...now, status }, state),
    }
  })
}
