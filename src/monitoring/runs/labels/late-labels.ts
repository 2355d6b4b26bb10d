import type { Platform } from '../../../kernel/platform.ts'
import { signalOf } from '../../signals/signals.ts'
import { changeRun } from '../change.ts'
import { asRun, type MonitorRun, type SignalState } from '../run.ts'

/** Labels that have not come after so many windows are not waited for any more. */
export const longestWait = 12

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
 * After a run: what was provisional or without any label in the windows before it (of `all` runs of its monitor, the latest
 * first) is computed again. So late labels are judged in the end, also those of which nobody tells, and a window that never
 * gets its labels is left as it is after a while.
 */
export async function judgeLateLabels(
  platform: Platform,
  run: MonitorRun,
  all: readonly MonitorRun[],
): Promise<void> {
  const earlier = all.filter(({ properties }) => Date.parse(properties.at) < Date.parse(run.properties.at))
  for (const one of earlier.slice(0, longestWait)) await lookAgain(platform, one, isProvisional)
}

/** Labels are still to come of what it looked at, some or all. */
const isProvisional = ({ kind, outcome, provisional = 0, production }: SignalState): boolean =>
  outcome === 'computed'
    ? provisional > 0
    : outcome === 'no_data' && isByLabels(kind) && production?.rows !== 0

/** What a signal of this kind finds may change when labels come. */
export const isByLabels = (kind: string): boolean => signalOf(kind)?.byLabels === true
