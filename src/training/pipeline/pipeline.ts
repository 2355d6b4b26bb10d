import { UserError } from '../../kernel/errors.ts'
import type { Platform } from '../../kernel/platform.ts'
import type { ReconcileContext } from '../../kernel/work/reconcile.ts'
import { runUri } from '../data.ts'
import { closeRun, markRunning, openRun } from '../execution/runs.ts'
import { readInputs, readOutputs } from '../jobs/io.ts'
import type { JobInput } from '../jobs/io.ts'
import type { Job, JobResult, StepRecord } from '../jobs/job.ts'
import { stepJobName } from '../jobs/names.ts'
import { hasEnded } from '../jobs/status.ts'
import type { JobStatus } from '../jobs/status.ts'
import { note, siblingKey, stepsOf, transition } from '../jobs/transition.ts'
import { stepJob } from './bind.ts'
import type { Bindings } from './bind.ts'
import { stepsToResume } from '../rerun/resume.ts'
import { present } from '../wire.ts'
import { decide } from './graph.ts'
import type { StepState } from './graph.ts'
import { loadPlan } from './load.ts'
import type { PipelinePlan, PlannedStep } from './plan.ts'
import { readSettings } from './settings.ts'

/**
 * Takes one step with a pipeline job: looks how its steps stand, starts those whose time has come, stops those that
 * are not wanted any more, and ends when nothing is left to do. A step is a job of its own; which one it became is
 * written down after the job was put and found by name before, so a kill in between starts nothing twice.
 */
export async function stepPipeline(job: Job, { platform, signal }: ReconcileContext): Promise<void> {
  switch (job.status.status) {
    case 'NotStarted': {
      await openRun(platform, job)
      const startTime = platform.clock().toISOString()
      await transition(platform, job, 'Running', { startTime }, (db) => markRunning(db, job, startTime))
      return
    }
    case 'Running':
    case 'CancelRequested':
      return advance(job, platform, signal)
    default:
  }
}

async function advance(job: Job, platform: Platform, signal: AbortSignal): Promise<void> {
  const settings = readSettings(job.properties)
  const children = await childrenOf(job, platform)
  const plan = await planOf(job, platform)
  if (typeof plan === 'string') return giveUp(job, plan, children, platform)
  const decision = decide(plan.steps, statesOf(job, children), {
    ...settings,
    canceling: job.status.status === 'CancelRequested',
  })
  for (const name of decision.cancel) await cancelStep(children.get(name), platform)
  const bindings = bindingsOf(job, plan, children)
  const records = new Map(plan.steps.flatMap(({ name }) => recordOf(name, job, children, decision.skip)))
  const earlier = decision.start.length === 0 ? new Map() : await stepsToResume(platform, job)
  for (const name of decision.start) {
    if (signal.aborted) return
    const step = bindings.steps.get(name)
    const resumedFrom = earlier.get(name)
    if (step !== undefined) records.set(name, await startStep(job, step, { bindings, resumedFrom }, platform))
  }
  const steps = Object.fromEntries(records)
  if (decision.outcome === undefined) {
    await note(platform, job, { steps })
    return
  }
  const status = ({ completed: 'Completed', failed: 'Failed', canceled: 'Canceled' } as const)[
    decision.outcome
  ]
  await end(platform, job, status, { steps, ...endingOf(job, status, plan, children, steps) })
}

/** Without a plan nothing can go on: what still runs is stopped, and then the pipeline has failed. */
async function giveUp(
  job: Job,
  why: string,
  children: ReadonlyMap<string, Job>,
  platform: Platform,
): Promise<void> {
  const active = [...children.values()].filter((child) => !hasEnded(child.status.status))
  for (const child of active) await cancelStep(child, platform)
  if (active.length === 0)
    await end(platform, job, 'Failed', { error: { code: 'PipelineInvalid', message: why } })
}

/** The plan, or why there is none any more (a component that was deleted since). */
async function planOf(job: Job, platform: Platform): Promise<PipelinePlan | string> {
  try {
    return await loadPlan(job.properties, {
      platform,
      workspace: job.parent,
      pipeline: job.name,
      thorough: false,
    })
  } catch (error) {
    if (error instanceof UserError) return error.message
    throw error
  }
}

/** The jobs of the steps, by step: also one that was put just before the server was killed. */
async function childrenOf(job: Job, platform: Platform): Promise<ReadonlyMap<string, Job>> {
  return new Map((await stepsOf(platform, job)).map((child) => [child.properties.stepName ?? '', child]))
}

/** How the steps stand: as their jobs stand, or as it is written down of those that could not become jobs. */
function statesOf(job: Job, children: ReadonlyMap<string, Job>): ReadonlyMap<string, StepState> {
  const written = Object.entries(job.status.steps ?? {}).filter(([name]) => !children.has(name))
  return new Map<string, StepState>([
    ...written.map(([name, { state }]) => [name, state] as const),
    ...[...children].map(([name, child]) => [name, stateOf(child)] as const),
  ])
}

function stateOf(child: Job): Exclude<StepState, 'waiting' | 'skipped'> {
  const ends: Readonly<Partial<Record<JobStatus, 'completed' | 'failed' | 'canceled'>>> = {
    Completed: 'completed',
    Failed: 'failed',
    Canceled: 'canceled',
  }
  return ends[child.status.status] ?? 'active'
}

/** What is to be written down of a step; nothing of one that waits. */
function recordOf(
  name: string,
  job: Job,
  children: ReadonlyMap<string, Job>,
  skip: readonly string[],
): readonly (readonly [string, StepRecord])[] {
  const child = children.get(name)
  if (child !== undefined) return [[name, { job: child.name, state: stateOf(child) }]]
  if (skip.includes(name)) return [[name, { state: 'skipped' }]]
  const before = job.status.steps?.[name]
  return before === undefined ? [] : [[name, before]]
}

function bindingsOf(job: Job, plan: PipelinePlan, children: ReadonlyMap<string, Job>): Bindings {
  const steps = new Map(plan.steps.map((s) => [s.name, s]))
  const inputs = Object.entries(readInputs(job.properties.inputs)).map(
    ([name, input]): [string, JobInput] => {
      const pinned = job.status.pinned[name]
      return [name, 'uri' in input && pinned !== undefined ? { ...input, uri: pinned } : input]
    },
  )
  return {
    inputs: Object.fromEntries(inputs),
    outputs: readOutputs(job.properties.outputs),
    steps,
    result(step, output) {
      const child = children.get(step)
      const made = child?.status.outputs?.[output]
      if (made !== undefined || child === undefined || output !== 'artifacts') return made
      return { type: 'uri_folder', uri: runUri(child) }
    },
  }
}

async function startStep(
  job: Job,
  step: PlannedStep,
  { bindings, resumedFrom }: { readonly bindings: Bindings; readonly resumedFrom: string | undefined },
  platform: Platform,
): Promise<StepRecord> {
  const name = await freeName(job, step.name, platform)
  const id = `${job.id.slice(0, job.id.lastIndexOf('/'))}/${name}`
  try {
    const properties = stepJob(step, {
      pipeline: job.name,
      experimentName: job.properties.experimentName ?? 'Default',
      bindings,
      settings: readSettings(job.properties),
    })
    await platform.resources.put(platform.identity('training'), id, {
      properties: { ...properties, ...present('resumedFrom', resumedFrom) },
    })
    return { job: name, state: 'active' }
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return { state: 'failed', problem: error.message }
  }
}

/** The name for a step's job: somebody may have given it to a job of theirs. */
async function freeName(job: Job, step: string, platform: Platform): Promise<string> {
  for (let attempt = 1; ; attempt++) {
    const name = stepJobName(job.name, step, attempt)
    if ((await platform.resources.find(siblingKey(job, name))) === undefined) return name
  }
}

async function cancelStep(child: Job | undefined, platform: Platform): Promise<void> {
  if (child === undefined || child.status.status === 'CancelRequested') return
  await platform.resources.act(platform.identity('training'), child.id, 'cancel', {})
}

function endingOf(
  job: Job,
  outcome: 'Completed' | 'Failed' | 'Canceled',
  plan: PipelinePlan,
  children: ReadonlyMap<string, Job>,
  steps: Readonly<Record<string, StepRecord>>,
) {
  const outputs = outputsOf(plan, children)
  if (outcome === 'Completed') return { outputs }
  const failed = plan.steps.filter((s) => steps[s.name]?.state === 'failed').map((s) => s.name)
  const skipped = plan.steps.filter((s) => steps[s.name]?.state === 'skipped').map((s) => s.name)
  const notRun = skipped.length === 0 ? '' : `\nNot run because of that: ${skipped.join(', ')}.`
  if (outcome === 'Canceled') {
    const by = job.status.cancelRequestedBy
    return {
      outputs,
      error: {
        code: 'Canceled',
        message: `The pipeline was cancelled${by === undefined ? '' : ` by ${by}`}.${notRun}`,
      },
    }
  }
  const reasons = failed.map((name) => {
    const child = children.get(name)
    return child === undefined
      ? `Step '${name}' could not be submitted: ${steps[name]?.problem ?? ''}`
      : `Step '${name}' (job ${child.name}) failed: ${child.status.error?.message ?? ''}`
  })
  return { outputs, error: { code: 'StepFailed', message: `${reasons.join('\n')}${notRun}` } }
}

/** The pipeline's outputs: what the steps that they are bound to have made. */
function outputsOf(
  plan: PipelinePlan,
  children: ReadonlyMap<string, Job>,
): Readonly<Record<string, JobResult>> {
  return Object.fromEntries(
    plan.steps.flatMap(({ name, node }) =>
      Object.entries(node.outputs).flatMap(([output, { to }]) => {
        const result = children.get(name)?.status.outputs?.[output]
        return to === undefined || result === undefined ? [] : [[to, result]]
      }),
    ),
  )
}

async function end(
  platform: Platform,
  job: Job,
  status: 'Completed' | 'Failed' | 'Canceled',
  change: Parameters<typeof transition>[3],
): Promise<void> {
  const endTime = platform.clock().toISOString()
  await transition(platform, job, status, { ...change, endTime }, (db) => closeRun(db, job, status, endTime))
}
