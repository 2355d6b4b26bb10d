import type { Actor } from '../../kernel/access/access.ts'
import { errors } from '../../kernel/errors.ts'
import { nearest } from '../../kernel/nearest.ts'
import type { Platform } from '../../kernel/platform.ts'
import { scopeId } from '../../kernel/resources/arm-id.ts'
import type { PlannedSignal } from '../monitors/monitor.ts'
import { monitorOf } from '../monitors/read/read.ts'
import { findTarget } from '../monitors/target.ts'
import { openPopulations } from '../populations/open.ts'
import { NoData, type Populations } from '../populations/population.ts'
import { signalContext } from '../runs/context.ts'
import type { MonitorRun, SignalState } from '../runs/run.ts'
import { prepareSources } from '../signals/jobs/sources.ts'

/** What a run looked at for one signal, as it can be read again. */
export interface OpenSignal {
  readonly planned: PlannedSignal
  readonly populations: Populations
}

/** The signal of a run. Throws notFound with the nearest name. */
export function signalOfRun({ name: run, status }: MonitorRun, name: string): SignalState {
  const found = status.signals.find((one) => one.name === name)
  if (found !== undefined) return found
  const near = nearest(
    name,
    status.signals.map((one) => one.name),
  )
  throw errors.notFound(
    `Run '${run}' has no signal '${name}'${near === undefined ? '' : `; did you mean '${near}'?`}`,
    { target: 'signal' },
  )
}

/**
 * Opens the rows that a run looked at for a signal, under the rights of `actor`. Makes no jobs: what a component prepared is
 * read from where its job left it. Throws NoData where that has gone.
 */
export async function openSignal(
  platform: Platform,
  actor: Actor,
  run: MonitorRun,
  name: string,
  signal: AbortSignal = new AbortController().signal,
): Promise<OpenSignal> {
  const state = signalOfRun(run, name)
  const { definition, monitor: monitorName, periodMs, at: time } = run.properties
  const at = new Date(time)
  const workspaceId = scopeId(run.id) ?? ''
  const monitor = monitorOf(definition, { name: monitorName, periodMs, at })
  const plan = monitor.signals.find((one) => one.name === name)
  if (plan === undefined) throw new NoData(`The monitor has no signal '${name}'.`)
  const { model } = await findTarget(platform, workspaceId, definition, { path: [], mistakes: [] })
  const context = signalContext({ platform, signal, run, monitor, model }, plan, state)
  const planned = await prepareSources({
    ...context,
    async job(job) {
      const id = state.jobs?.[job]
      const found = id === undefined ? undefined : await platform.resources.find(id)
      if (found === undefined) throw new NoData('The job that prepared these rows is not there any more.')
      return found
    },
  })
  if (planned === undefined) throw new NoData('The rows are being prepared.')
  return {
    planned,
    populations: openPopulations({ platform, signal, workspaceId, actor, monitor, planned, at, model }),
  }
}
