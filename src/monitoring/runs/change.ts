import type { Platform } from '../../kernel/platform.ts'
import type { NewEvent } from '../../kernel/resources/resource.ts'
import type { Db } from '../../store/database.ts'
import { asRun, type MonitorRun, type MonitorRunState, type SignalState } from './run.ts'

export interface RunChange {
  /** Parts of the status; a null removes. */
  readonly state: { readonly [K in keyof MonitorRunState]?: MonitorRunState[K] | null }
  readonly events?: readonly NewEvent[]
  /** More writes for the same transaction; if they fail, nothing is written. */
  readonly also?: (db: Db) => Promise<void>
}

/**
 * Changes a run by what `how` makes of it as it is, again if another write came between. `how` returns undefined to leave
 * it as it is; the answer is then undefined, too.
 */
export async function changeRun(
  platform: Platform,
  key: string,
  how: (run: MonitorRun) => RunChange | undefined,
): Promise<MonitorRun | undefined> {
  for (;;) {
    const found = await platform.resources.find(key)
    if (found === undefined) return undefined
    const change = how(asRun(found))
    if (change === undefined) return undefined
    const { state, events, also } = change
    const written = await platform.resources.setStatus(key, state, {
      etag: found.etag,
      ...(events === undefined ? {} : { events }),
      ...(also === undefined ? {} : { also }),
    })
    if (written !== undefined) return asRun(written)
  }
}

/** The state with one signal changed. */
export const withSignal = (
  { signals }: Pick<MonitorRunState, 'signals'>,
  name: string,
  change: (signal: SignalState) => SignalState,
): Pick<MonitorRunState, 'signals'> => ({
  signals: signals.map((signal) => (signal.name === name ? change(signal) : signal)),
})
