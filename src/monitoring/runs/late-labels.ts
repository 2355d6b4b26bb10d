import type { Platform } from '../../kernel/platform.ts'
import { changeRun } from './change.ts'
import { asRun, type MonitorRun, type SignalState } from './run.ts'

/** Labels that have not come after so many windows are not waited for any more. */
const longestWait = 12

/** Runs of a monitor, those of the latest windows first. */
export async function runsOf(
  platform: Platform,
  scope: string,
  monitor: string,
): Promise<readonly MonitorRun[]> {
  const found = await platform.resources.list({
    type: 'monitorRuns',
    scope,
    view: 'all',
    where: { 'properties.monitor': monitor },
    top: 100_000,
  })
  return found.map(asRun).toSorted((a, b) => Date.parse(b.properties.at) - Date.parse(a.properties.at))
}

/** Has signals of a run computed again, in place of what they found; those of which `which` is true. */
export async function lookAgain(
  platform: Platform,
  run: MonitorRun,
  which: (signal: SignalState) => boolean,
): Promise<void> {
  await changeRun(platform, run.key, ({ status }) => {
    if (status.state === 'Running' || !status.signals.some(which)) return undefined
    return {
      state: {
        state: 'Running',
        startedAt: null,
        endedAt: null,
        reason: null,
        signals: status.signals.map((signal) => {
          if (!which(signal)) return signal
          const { state: _state, jobs: _jobs, reason: _reason, ...was } = signal
          return { ...was, outcome: 'waiting', attempt: (signal.attempt ?? 1) + 1 }
        }),
      },
    }
  })
}

/**
 * After a run: what was provisional in the windows before it, since labels were still to come, is computed again. So
 * late labels are judged in the end, and a window that never gets its labels is left as it is after a while.
 */
export async function judgeLateLabels(platform: Platform, run: MonitorRun): Promise<void> {
  const earlier = (await runsOf(platform, run.scope, run.properties.monitor)).filter(
    ({ properties }) => Date.parse(properties.at) < Date.parse(run.properties.at),
  )
  for (const one of earlier.slice(0, longestWait)) await lookAgain(platform, one, isProvisional)
}

const isProvisional = ({ outcome, provisional = 0 }: SignalState): boolean =>
  outcome === 'computed' && provisional > 0
