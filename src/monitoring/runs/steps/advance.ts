import { tellable } from '../../../kernel/errors.ts'
import { abandonWorks } from '../../../kernel/work/background.ts'
import type { PlannedSignal } from '../../monitors/monitor.ts'
import { NoData } from '../../populations/population.ts'
import type { SignalResult } from '../../results/result.ts'
import { prepareSignal } from '../../signals/prepare.ts'
import type { Signal, SignalContext, SignalProgress } from '../../signals/signal.ts'
import { signalOf } from '../../signals/signals.ts'
import { changeRun, withSignal } from '../change.ts'
import { forgetOpened, openedBy, signalContext, workPrefix, type Opened, type RunStep } from '../context.ts'
import type { MonitorRun, SignalState } from '../run.ts'
import { settle } from './settle.ts'

/** Lets a signal take a step, and writes down how far it is. Returns when it wants to be looked at again. */
export async function advance(step: RunStep, state: SignalState): Promise<number | undefined> {
  const { platform, run, monitor, signal } = step
  const opened = openedBy(platform, run, state)
  const planned = monitor.signals.find(({ name }) => name === state.name)
  try {
    if (planned === undefined) throw new Error(`The monitor has no signal '${state.name}'.`)
    const progress = await look(planned, (plan) => signalContext(step, plan, state))
    if ('result' in progress) {
      await end(step, state, opened, progress.result)
      return undefined
    }
    await changeRun(platform, run.key, ({ status }) =>
      isSameAttempt(status, state)
        ? {
            state: withSignal(status, state.name, (was) => ({
              ...was,
              ...looked(opened),
              doing: progress.doing,
              ...(progress.state === undefined ? {} : { state: progress.state }),
            })),
          }
        : undefined,
    )
    return progress.again
  } catch (error) {
    // The next server goes on.
    if (signal.aborted) throw error
    if (error instanceof NoData) {
      await end(step, state, opened, { outcome: 'no_data', reason: error.message })
      return undefined
    }
    const told = tellable(error)
    if (told === undefined)
      platform.log.error('a signal failed to look', { run: run.key, signal: state.name, error })
    const message = told?.message ?? (error instanceof Error ? error.message : String(error))
    await end(step, state, opened, { outcome: 'error', reason: message })
    return undefined
  }
}

/** Asks the signal, once all is there that it has to know. */
async function look(
  planned: PlannedSignal,
  open: (planned: PlannedSignal) => SignalContext,
): Promise<SignalProgress> {
  const prepared = await prepareSignal(planned, open)
  if ('doing' in prepared) return prepared
  const progress = await kindOf(planned).advance(planned.parameters, open(prepared.planned))
  if (!('result' in progress) || progress.result.outcome === 'no_data') return progress
  return { result: { ...progress.result, notes: [...prepared.notes, ...progress.result.notes] } }
}

function kindOf({ kind }: PlannedSignal): Signal {
  const found = signalOf(kind)
  if (found === undefined) throw new Error(`This server has no signals of kind '${kind}'.`)
  return found
}

/** Rows that were looked at, for lists. */
export const looked = ({ production, reference }: Opened): Pick<SignalState, 'production' | 'reference'> => ({
  ...(production === undefined
    ? {}
    : {
        production: {
          rows: production.rows,
          ...(production.window === undefined
            ? {}
            : { from: production.window.from.toISOString(), to: production.window.to.toISOString() }),
          ...(production.labelled === undefined ? {} : { labelled: production.labelled }),
        },
      }),
  ...(reference === undefined ? {} : { reference: { rows: reference.rows } }),
})

/** Writes to the attempt that was looked at, and to no later one. */
export const isSameAttempt = (
  { signals }: Pick<MonitorRun['status'], 'signals'>,
  state: SignalState,
): boolean =>
  signals.some(
    ({ name, attempt, outcome }) => name === state.name && attempt === state.attempt && outcome === 'running',
  )

async function end(
  step: RunStep,
  state: SignalState,
  opened: Opened,
  found: SignalResult | { readonly outcome: 'error'; readonly reason: string },
): Promise<void> {
  abandonWorks(step.platform, workPrefix(step.run, state))
  await settle(step, state, looked(opened), found)
  forgetOpened(step.platform, step.run, state)
}
