import type { Json } from '../client/client.ts'
import type { MonitorRunState, SignalState } from '../../monitoring/runs/run.ts'
import type { SignalValue } from '../../monitoring/results/result.ts'
import { clean, snakeKeys, type Body } from './present.ts'

/** What the server answers of the values of a run. */
export type RunValue = SignalValue & { readonly signal: string; readonly kind: string }

/** What a run is and found, without the definition that it was asked with. */
export type RunProperties = MonitorRunState & { readonly at: string; readonly monitor: string }

export const runOf = (body: Body): RunProperties => body.properties as unknown as RunProperties

/** A run as commands print it. */
export function presentRun(body: Body, values?: readonly RunValue[]): Json {
  const { monitor, at, state, breached, reason, startedAt, endedAt, signals } = runOf(body)
  return clean({
    name: body.name,
    monitor,
    at,
    state: state.toLowerCase(),
    breached,
    reason,
    started_at: startedAt,
    ended_at: endedAt,
    signals: signals.map((signal) => presentSignal(signal, values)),
    id: body.id,
  })
}

function presentSignal(signal: SignalState, values: readonly RunValue[] | undefined): Json {
  const { state: _, alertEnabled, jobs, ...rest } = signal
  const own = values?.filter(({ signal: name }) => name === signal.name)
  return clean({
    ...(snakeKeys(rest) as Json),
    alert_enabled: alertEnabled,
    jobs,
    values: own?.map(presentValue),
  })
}

/** A value as commands print it: names of segments are the user's own. */
export function presentValue({ segment, ...value }: Omit<RunValue, 'kind'>): Json {
  const { kind: _, ...rest } = value as RunValue
  return clean({ ...(snakeKeys(rest) as Json), value: value.value, segment })
}

/** Values beyond, of those that were judged: `2/18`. */
export const ratio = (signals: readonly Pick<SignalState, 'breached' | 'judged'>[]): string => {
  const sum = (of: 'breached' | 'judged') => signals.reduce((total, signal) => total + (signal[of] ?? 0), 0)
  return `${sum('breached')}/${sum('judged')}`
}
