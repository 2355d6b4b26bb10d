import { replaceMonitorWindow } from '../../../store/monitor-rows.ts'
import { keepDetails } from '../../results/details.ts'
import type { SignalResult, SignalValue } from '../../results/result.ts'
import { toRow } from '../../results/stored.ts'
import { isBeyond, worstOf } from '../../results/verdict.ts'
import { changeRun, withSignal } from '../change.ts'
import type { RunStep } from '../context.ts'
import type { SignalState } from '../run.ts'
import { isSameAttempt } from './advance.ts'

/** More values than this of one signal in one window are somebody's mistake; the first are kept and said to be the first. */
const mostValues = 50_000

type Found = SignalResult | { readonly outcome: 'error'; readonly reason: string }

/**
 * What a signal found in its window is written down: values, verdict and where its details are, all or nothing, in place
 * of what was there of the same window.
 */
export async function settle(
  { platform, run }: RunStep,
  state: SignalState,
  looked: Partial<SignalState>,
  found: Found,
): Promise<void> {
  const values = found.outcome === 'computed' ? found.values.slice(0, mostValues) : []
  const details = found.outcome === 'computed' ? found.details : undefined
  const kept = details === undefined ? undefined : await keepDetails(platform, run, state.name, details)
  const notes = found.outcome === 'computed' ? [...found.notes, ...cut(found.values)] : []
  const window = {
    scope: run.scope,
    monitor: run.properties.monitor,
    signal: state.name,
    kind: state.kind,
    at: Date.parse(run.properties.at),
    outcome: found.outcome,
    reason: found.outcome === 'computed' ? '' : found.reason,
  }
  await changeRun(platform, run.key, ({ status }) =>
    isSameAttempt(status, state)
      ? {
          state: withSignal(status, state.name, (was) =>
            settled(was, found, values, { looked, notes, kept }),
          ),
          also: (db) => replaceMonitorWindow(db, window, once(values).map(toRow)),
        }
      : undefined,
  )
}

function settled(
  { state: _state, doing: _doing, ...was }: SignalState,
  found: Found,
  values: readonly SignalValue[],
  {
    looked,
    notes,
    kept,
  }: {
    readonly looked: Partial<SignalState>
    readonly notes: readonly string[]
    readonly kept: string | undefined
  },
): SignalState {
  const { details: _details, worst: _worst, reason: _reason, notes: _notes, ...same } = was
  const provisional = values.filter((value) => value.provisional === true).length
  const worst = worstOf(values)
  return {
    ...same,
    ...looked,
    outcome: found.outcome,
    ...(found.outcome === 'computed' ? {} : { reason: found.reason }),
    judged: values.filter(({ breached }) => breached !== undefined).length,
    breached: values.filter(isBeyond).length,
    provisional,
    ...(worst === undefined ? {} : { worst }),
    ...(notes.length === 0 ? {} : { notes }),
    ...(kept === undefined ? {} : { details: kept }),
  }
}

const cut = ({ length }: readonly SignalValue[]): readonly string[] =>
  length > mostValues ? [`The first ${mostValues} of ${length} values are kept.`] : []

/** A value said twice is a value; the last counts. */
const once = (values: readonly SignalValue[]): readonly SignalValue[] => [
  ...new Map(
    values.map((value) => {
      const { metric, feature, segment } = toRow(value)
      return [JSON.stringify([metric, feature, segment]), value] as const
    }),
  ).values(),
]
