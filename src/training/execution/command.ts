import { rm } from 'node:fs/promises'
import type { ProcessState, ProcessTotals } from '../../compute/compute.ts'
import type { Platform } from '../../kernel/platform.ts'
import type { ReconcileContext } from '../../kernel/work/reconcile.ts'
import type { Job, JobResult } from '../jobs/job.ts'
import { recordReuse, recordWrites } from '../lineage.ts'
import { transition, jobsReconciler } from '../jobs/transition.ts'
import { findEarlier } from './earlier.ts'
import { maxRestarts } from '../jobs/limits.ts'
import { verdict, wasLost } from './verdict.ts'
import { folderOf, processId } from './folder.ts'
import { keepCaptured, keepLog, keepOutputs } from './outputs.ts'
import { forgetBuild } from '../programs.ts'
import { takePlace, waiting, wakeWaiting } from './places.ts'
import { prepareProcess } from './prepare-process.ts'
import { closeRun, markRunning, openRun, takeOver } from './runs.ts'

/** How long a process that was asked to end may take before it is ended. */
const graceMs = 10_000

/**
 * Takes one step with a command job. Each state says what is there already, so that after a kill at any point the same
 * step is taken again and does no harm: a process is found by its id, outputs are stored whole or not at all.
 */
export async function stepCommand(job: Job, context: ReconcileContext): Promise<void> {
  const { platform } = context
  switch (job.status.status) {
    case 'NotStarted':
      return begin(job, platform)
    case 'Queued':
      // Whoever frees a place wakes the next in the queue.
      await takePlace(platform, job)
      return
    case 'Preparing':
      return start(job, context)
    case 'Running':
      return watch(job, context)
    case 'Finalizing':
      return finish(job, platform)
    case 'CancelRequested':
      return stop(job, context)
    case 'Completed':
    case 'Failed':
    case 'Canceled':
      return tidy(job, platform)
  }
}

async function begin(job: Job, platform: Platform): Promise<void> {
  await openRun(platform, job)
  const earlier = await findEarlier(platform, job)
  if (earlier?.job === undefined) {
    await transition(platform, job, 'Queued', {
      slot: waiting(job.status.computeKey),
      reuseKey: earlier?.key ?? null,
    })
    return
  }
  const now = platform.clock().toISOString()
  const reusedFrom = earlier.job.status.reusedFrom ?? earlier.job.name
  await takeOver(platform, job, reusedFrom)
  await end(platform, job, 'Completed', {
    reuseKey: earlier.key,
    reusedFrom,
    outputs: earlier.job.status.outputs ?? {},
    startTime: now,
  })
}

/** Lays everything out and starts the process; or finds that it was started before the server was killed. */
async function start(job: Job, context: ReconcileContext): Promise<void> {
  const { platform } = context
  const id = processId(job)
  let change: Ending = {}
  if ((await platform.compute.inspect(id)).phase === 'unknown') {
    const prepared = await prepareProcess(job, context)
    if ('wait' in prepared) return
    if ('problem' in prepared)
      return end(platform, job, 'Failed', { error: { code: 'PreparationFailed', message: prepared.problem } })
    await platform.compute.start(prepared.process)
    const warnings = [...(job.status.warnings ?? []), ...prepared.notes]
    if (warnings.length > 0) change = { warnings: [...new Set(warnings)] }
  }
  const startTime = platform.clock().toISOString()
  await transition(platform, job, 'Running', { ...change, startTime }, (db) =>
    markRunning(db, job, startTime),
  )
}

/** Looks on while it runs. The end of the process wakes the job. */
async function watch(job: Job, context: ReconcileContext): Promise<void> {
  const state = await context.platform.compute.inspect(processId(job))
  if (state.phase === 'exited' || state.phase === 'unknown') {
    await transition(context.platform, job, 'Finalizing')
    return
  }
  wakeAtEnd(job, context)
}

/** One watch for each process and server life, however often the job is looked at. */
const watched = new WeakMap<AbortSignal, Set<string>>()

function wakeAtEnd(job: Job, { platform, signal }: ReconcileContext): void {
  const mine = watched.get(signal) ?? new Set<string>()
  watched.set(signal, mine)
  if (mine.has(job.key)) return
  mine.add(job.key)
  platform.compute
    .wait(processId(job), signal)
    .catch((error: unknown) => {
      if (!signal.aborted) platform.log.warn('a process cannot be waited for', { job: job.id, error })
    })
    .finally(() => {
      mine.delete(job.key)
      if (!signal.aborted) platform.wake(jobsReconciler, job.key)
    })
}

async function stop(job: Job, context: ReconcileContext): Promise<void> {
  const { platform } = context
  const id = processId(job)
  const state = await platform.compute.inspect(id)
  if (state.phase === 'starting' || state.phase === 'running') {
    await platform.compute.cancel(id, { graceMs })
    wakeAtEnd(job, context)
    return
  }
  const usage = usageIn(state)
  if (state.phase === 'exited') await keepWhatIsThere(job, platform)
  const by = job.status.cancelRequestedBy
  const message = `The job was cancelled${by === undefined ? '' : ` by ${by}`}.`
  await end(platform, job, 'Canceled', { error: { code: 'Canceled', message }, ...usage })
}

/** Keeps what the process left, and says how it went. */
async function finish(job: Job, platform: Platform): Promise<void> {
  const state = await platform.compute.inspect(processId(job))
  if (wasLost(state) && (job.status.restarts ?? 0) < maxRestarts(job.properties.limits))
    return startAgain(job, platform)
  // What the supervisor has to say of a process that ended by itself: how much of its output was dropped.
  const dropped = state.phase === 'exited' && state.reason === undefined ? state.message : undefined
  const found = {
    ...(await keepWhatIsThere(job, platform, dropped === undefined ? [] : [dropped])),
    ...usageIn(state),
  }
  const said = await verdict(state, job, platform)
  if (said.status !== 'Completed') return end(platform, job, said.status, { error: said.error, ...found })
  const kept = await keepOutputs(job, platform)
  if ('problem' in kept)
    return end(platform, job, 'Failed', {
      error: { code: 'OutputFailed', message: kept.problem },
      ...found,
    })
  await end(platform, job, 'Completed', { outputs: kept.outputs, ...found })
}

/** Back to the start, with its outputs as they are: a command that may be restarted goes on from what it wrote. */
async function startAgain(job: Job, platform: Platform): Promise<void> {
  const restarts = (job.status.restarts ?? 0) + 1
  const warning = `The job's process was lost, and was started again (${restarts}).`
  await platform.compute.remove(processId(job))
  await transition(platform, job, 'Preparing', {
    restarts,
    warnings: [...(job.status.warnings ?? []), warning],
  })
}

async function keepWhatIsThere(job: Job, platform: Platform, more: readonly string[] = []) {
  const folder = folderOf(platform.config, job)
  await keepLog(job, folder, platform)
  const warnings = [...(job.status.warnings ?? []), ...more, ...(await keepCaptured(job, folder, platform))]
  return warnings.length === 0 ? {} : { warnings }
}

interface Ending {
  readonly error?: { readonly code: string; readonly message: string }
  readonly warnings?: readonly string[]
  readonly outputs?: Readonly<Record<string, JobResult>>
  readonly reuseKey?: string
  readonly reusedFrom?: string
  readonly startTime?: string
  readonly usage?: ProcessTotals
}

const usageIn = (state: ProcessState): Pick<Ending, 'usage'> =>
  state.phase === 'exited' && state.took !== undefined ? { usage: state.took } : {}

/** Ends job and run in one transaction; what remains is tidied up when the job is looked at next. */
async function end(
  platform: Platform,
  job: Job,
  status: 'Completed' | 'Failed' | 'Canceled',
  ending: Ending,
): Promise<void> {
  const endTime = platform.clock().toISOString()
  await transition(platform, job, status, { ...ending, endTime, slot: null }, async (db) => {
    await closeRun(db, job, status, endTime)
    const { outputs = {}, reusedFrom } = ending
    await (reusedFrom === undefined
      ? recordWrites(db, job, outputs, Date.parse(endTime))
      : recordReuse(db, job, reusedFrom, Date.parse(endTime)))
  })
  await wakeWaiting(platform, job.status.computeKey)
}

/** What an ended job leaves behind on this machine goes: its folder, the record of its process and its token. */
async function tidy(job: Job, platform: Platform): Promise<void> {
  forgetBuild(platform, job)
  await platform.access.revokeTokens(job.status.submittedBy, `job:${job.key}`)
  await platform.compute.remove(processId(job))
  await rm(folderOf(platform.config, job).root, { recursive: true, force: true })
}
