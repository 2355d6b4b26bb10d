import { UserError } from '../../kernel/errors.ts'
import { scopeId } from '../../kernel/resources/arm-id.ts'
import type { Platform } from '../../kernel/platform.ts'
import type { Reconciler } from '../../kernel/work/reconcile.ts'
import { monitorOf } from '../monitors/read/read.ts'
import { findTarget } from '../monitors/target.ts'
import { changeRun, withSignal } from './change.ts'
import type { RunStep } from './context.ts'
import { asRun, hasSettled, runsReconciler, type MonitorRun, type SignalState } from './run.ts'
import { advance } from './steps/advance.ts'
import { cancelRun } from './steps/cancel.ts'
import { finish } from './steps/finish.ts'
import { endRun } from './steps/end.ts'
import { hasTurn } from './turns.ts'

/** So many signals of a run are computed side by side. */
const atOnce = 2

/**
 * Brings a run through its signals, two at a time. Every step ends with a write of its status, so that a server that is
 * killed anywhere leaves a run that the next one goes on with; what is written of a signal is written once, whole.
 */
export const runReconciler: Reconciler = {
  name: runsReconciler,
  types: ['monitorRuns'],
  async reconcile(resource, { platform, signal }) {
    const run = asRun(resource)
    if (run.status.state !== 'Running') return
    if (run.status.cancelling !== undefined) return cancelRun(platform, run)
    if (!(await hasTurn(platform, run))) return
    const step = await open(platform, run, signal)
    if (step === undefined) return
    if (run.status.signals.every(hasSettled)) return finish(step)
    const running = run.status.signals.filter(({ outcome }) => outcome === 'running')
    const next = run.status.signals
      .filter(({ outcome }) => outcome === 'waiting')
      .slice(0, Math.max(0, atOnce - running.length))
    if (next.length > 0) return begin(platform, run, next)
    const again = (await Promise.all(running.map((one) => advance(step, one)))).filter(
      (ms) => ms !== undefined,
    )
    return again.length === 0 ? undefined : { again: Math.min(...again) }
  },
}

/** The run with its monitor read; a definition that cannot be read any more fails it. */
async function open(platform: Platform, run: MonitorRun, signal: AbortSignal): Promise<RunStep | undefined> {
  const { definition, monitor: name, periodMs, at } = run.properties
  try {
    const monitor = monitorOf(definition, { name, periodMs, at: new Date(at) })
    // What has gone since the monitor was written is told by the signals that miss it.
    const place = { path: [], mistakes: [] }
    const { model } = await findTarget(platform, scopeId(run.id) ?? '', definition, place)
    return { platform, run, monitor, model, signal }
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    await endRun(platform, run, 'Failed', error.message)
    return undefined
  }
}

async function begin(platform: Platform, run: MonitorRun, next: readonly SignalState[]): Promise<void> {
  await changeRun(platform, run.key, ({ status }) => {
    let signals = status
    for (const { name } of next)
      signals = {
        ...signals,
        ...withSignal(signals, name, (was) =>
          was.outcome === 'waiting' ? { ...was, outcome: 'running' } : was,
        ),
      }
    const startedAt = status.startedAt ?? platform.clock().toISOString()
    return { state: { signals: signals.signals, startedAt } }
  })
}
