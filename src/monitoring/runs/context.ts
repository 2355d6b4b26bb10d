import { createHash } from 'node:crypto'
import type { Platform } from '../../kernel/platform.ts'
import { UserError } from '../../kernel/errors.ts'
import { childId, scopeId } from '../../kernel/resources/arm-id.ts'
import type { Json, Resource } from '../../kernel/resources/resource.ts'
import { inBackground } from '../../kernel/work/background.ts'
import type { Monitor, PlannedSignal } from '../monitors/monitor.ts'
import { openPopulations } from '../populations/open.ts'
import type { Population, Populations } from '../populations/population.ts'
import { historyOf } from '../results/history.ts'
import type { SignalContext } from '../signals/signal.ts'
import { cached } from './cache.ts'
import { changeRun, withSignal } from './change.ts'
import { ownerOfRun, runProperty, runsReconciler, type MonitorRun, type SignalState } from './run.ts'

/** What a step of a run works with. */
export interface RunStep {
  readonly platform: Platform
  readonly signal: AbortSignal
  readonly run: MonitorRun
  readonly monitor: Monitor
  /** The model version that the monitor watches, where it is known. */
  readonly model: Resource | undefined
}

/** Under which name the background work of a signal is known. */
export const workPrefix = ({ id }: Pick<MonitorRun, 'id'>, { name, attempt = 1 }: SignalState): string =>
  `${id}#${name}/${attempt}/`

/** What was opened on the way, for the run's status. */
export interface Opened {
  production?: Population
  reference?: Population
}

const opened = new WeakMap<Platform, Map<string, Opened>>()

/** What an attempt has opened, in whatever step and in the background, as far as this server knows. */
export function openedBy(platform: Platform, run: MonitorRun, state: SignalState): Opened {
  const all = opened.get(platform) ?? new Map<string, Opened>()
  opened.set(platform, all)
  const prefix = workPrefix(run, state)
  const found = all.get(prefix) ?? {}
  all.set(prefix, found)
  return found
}

/** To be called when an attempt is over. */
export const forgetOpened = (platform: Platform, run: MonitorRun, state: SignalState): void =>
  void opened.get(platform)?.delete(workPrefix(run, state))

/** What a signal looks at and may do, for one step. */
export function signalContext(step: RunStep, planned: PlannedSignal, state: SignalState): SignalContext {
  const { platform, signal, run, monitor, model } = step
  const workspaceId = scopeId(run.id) ?? ''
  const actor = ownerOfRun(run)
  const at = new Date(run.properties.at)
  const prefix = workPrefix(run, state)
  const populations = openPopulations({ platform, signal, workspaceId, actor, monitor, planned, at, model })
  return {
    platform,
    signal,
    workspaceId,
    actor,
    monitor,
    planned,
    at,
    model,
    populations: noting(populations, openedBy(platform, run, state)),
    history: (windows) =>
      historyOf(platform, {
        scope: run.scope,
        monitor: monitor.name,
        signal: planned.name,
        before: at,
        windows,
      }),
    seed: seedOf(run, planned.name),
    state: state.state ?? {},
    // Kinds keep apart what they call alike, but for what they say that they share.
    cached: (key, compute) =>
      cached(platform, `${run.scope}\n${key.startsWith('shared/') ? '' : planned.kind}\n${key}`, compute),
    job: (name, properties) => jobOf(step, state, name, properties),
    inBackground: (name, work) =>
      inBackground(platform, `${prefix}${name}`, work, () => platform.wake(runsReconciler, run.key)),
  }
}

function noting(populations: Populations, opened: Opened): Populations {
  return {
    production: async () => (opened.production = await populations.production()),
    reference: async () => (opened.reference = await populations.reference()),
    chunks: (of, count) => populations.chunks(of, count),
    session: (use) => populations.session(use),
  }
}

/** The same for every attempt at a window of a signal. */
const seedOf = ({ properties: { monitor, at } }: MonitorRun, signal: string): number =>
  createHash('sha256').update([monitor, signal, at].join('\0').toLowerCase()).digest().readUInt32BE(0)

/** The job of a signal: written down before it is made, so that whoever cancels the run finds it. */
async function jobOf(
  { platform, run }: RunStep,
  signal: SignalState,
  name: string,
  properties: () => Promise<Json>,
): Promise<Resource> {
  const id = childId(scopeId(run.id) ?? '', 'jobs', jobName(run, signal, name))
  const found = await platform.resources.find(id)
  if (found !== undefined) return found
  const given = await properties()
  await changeRun(platform, run.key, ({ status }) => ({
    state: withSignal(status, signal.name, (was) => ({ ...was, jobs: { ...was.jobs, [name]: id } })),
  }))
  const { monitor, at } = run.properties
  const body = {
    properties: {
      experimentName: `monitor-${monitor}`,
      displayName: `${monitor} ${signal.name} ${name} ${at}`,
      ...given,
      properties: { ...(given['properties'] as Json | undefined), [runProperty]: run.id },
    },
  }
  try {
    return (await platform.resources.put(ownerOfRun(run), id, body, { ifNoneMatch: '*' })).resource
  } catch (error) {
    // Another server was quicker.
    if (!(error instanceof UserError) || error.kind.status !== 412) throw error
    return platform.resources.get(id)
  }
}

/** The same for the same attempt, and different for any other: told apart by a hash where names grow long. */
function jobName(run: MonitorRun, { name, attempt = 1 }: SignalState, job: string): string {
  const parts = ['monitor', run.name, name, ...(attempt === 1 ? [] : [attempt]), job]
  const whole = parts.join('-').replaceAll(/[^\w-]/g, '_')
  const digest = createHash('sha256')
    .update(`${scopeId(run.id)}/${parts.join('/')}`.toLowerCase())
    .digest('hex')
  return `${whole.slice(0, 120)}-${digest.slice(0, 8)}`
}
