import { UserError } from '../../kernel/errors.ts'
import type { Platform } from '../../kernel/platform.ts'
import type { ReconcileContext } from '../../kernel/reconcile.ts'
import { runUri } from '../data.ts'
import { closeRun, markRunning, openRun } from '../execution/runs.ts'
import { readInputs, readOutputs } from '../jobs/io.ts'
import type { JobInput } from '../jobs/io.ts'
import { asJob } from '../jobs/job.ts'
import type { Job, JobResult, StepRecord } from '../jobs/job.ts'
import { stepJobName } from '../jobs/names.ts'
import type { JobStatus } from '../jobs/status.ts'
import { note, siblingKey, transition } from '../jobs/transition.ts'
import { stepJob } from './bind.ts'
import type { Bindings } from './bind.ts'
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
  const plan = await planOf(job, platform)
  if (typeof plan === 'string') {
    await end(platform, job, 'Failed', { error: { code: 'PipelineInvalid', message: plan } })
    return
  }
  const children = await childrenOf(job, plan, platform)
  const states = new Map<string, StepState>()
  for (const [name, child] of children) states.set(name, stepStates[child.status.status] ?? 'active')
  const canceling = job.status.status === 'CancelRequested'
  const decision = decide(plan.steps, states, { ...settings, canceling })

  for (const name of decision.cancel) await cancelStep(children.get(name), platform)
  const records = new Map<string, StepRecord>()
  for (const step of plan.steps) {
    const child = children.get(step.name)
    const state = decision.skip.includes(step.name) ? 'skipped' : states.get(step.name)
    if (state !== undefined && state !== 'waiting')
      records.set(step.name, child === undefined ? { state } : { job: child.name, state })
  }
  const bindings = bindingsOf(job, plan, children)
  for (const name of decision.start) {
    if (signal.aborted) return
    const step = bindings.steps.get(name)
    if (step !== undefined) records.set(name, await startStep(job, step, bindings, platform))
  }
  const steps = Object.fromEntries(records)
  if (decision.outcome === undefined) {
    await note(platform, job, { steps })
    return
  }
  const ending = { steps, ...endingOf(job, decision.outcome, plan, children, steps) }
  await end(
    platform,
    job,
    ({ completed: 'Completed', failed: 'Failed', canceled: 'Canceled' } as const)[decision.outcome],
    ending,
  )
}

/** The plan, or why there is none any more (a component that was deleted since). */
async function planOf(job: Job, platform: Platform): Promise<PipelinePlan | string> {
  try {
    return await loadPlan(job.properties, { platform, workspace: job.parent, pipeline: job.name })
  } catch (error) {
    if (error instanceof UserError) return error.message
    throw error
  }
}

/** The jobs of the steps that have one: as written down, or put before the server was killed. */
async function childrenOf(
  job: Job,
  plan: PipelinePlan,
  platform: Platform,
): Promise<ReadonlyMap<string, Job>> {
  const found = await platform.resources.list({
    type: 'workspaces/jobs',
    parent: job.parent,
    view: 'all',
    where: { 'properties.parentJobName': job.name },
  })
  const byStep = new Map(found.map((child) => [asJob(child).properties.stepName ?? '', asJob(child)]))
  return new Map(
    plan.steps.flatMap(({ name }) => {
      const child = byStep.get(name)
      return child === undefined ? [] : [[name, child] as const]
    }),
  )
}

const stepStates: Readonly<Partial<Record<JobStatus, StepState>>> = {
  Completed: 'completed',
  Failed: 'failed',
  Canceled: 'canceled',
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
      const made = child?.status.results?.[output]
      if (made !== undefined || child === undefined || output !== 'artifacts') return made
      return { type: 'uri_folder', uri: runUri(child) }
    },
  }
}

async function startStep(
  job: Job,
  step: PlannedStep,
  bindings: Bindings,
  platform: Platform,
): Promise<StepRecord> {
  const properties = stepJob(step, {
    pipeline: job.name,
    experimentName: job.properties.experimentName ?? 'Default',
    bindings,
    settings: readSettings(job.properties),
  })
  const name = await freeName(job, step.name, platform)
  const id = `${job.id.slice(0, job.id.lastIndexOf('/'))}/${name}`
  await platform.resources.put(platform.identity('training'), id, { properties })
  return { job: name, state: 'active' }
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
  outcome: 'completed' | 'failed' | 'canceled',
  plan: PipelinePlan,
  children: ReadonlyMap<string, Job>,
  steps: Readonly<Record<string, StepRecord>>,
) {
  const results = resultsOf(plan, children)
  if (outcome === 'completed') return { results }
  const failed = plan.steps.filter((s) => steps[s.name]?.state === 'failed').map((s) => s.name)
  const skipped = plan.steps.filter((s) => steps[s.name]?.state === 'skipped').map((s) => s.name)
  const notRun = skipped.length === 0 ? '' : `\nNot run because of that: ${skipped.join(', ')}.`
  if (outcome === 'canceled') {
    const by = job.status.cancelRequestedBy
    return {
      results,
      error: {
        code: 'Canceled',
        message: `The pipeline was cancelled${by === undefined ? '' : ` by ${by}`}.${notRun}`,
      },
    }
  }
  const reasons = failed.map(
    (name) =>
      `Step '${name}' (job ${children.get(name)?.name}) failed: ${children.get(name)?.status.error?.message ?? ''}`,
  )
  return { results, error: { code: 'StepFailed', message: `${reasons.join('\n')}${notRun}` } }
}

/** The pipeline's outputs: what the steps that they are bound to have made. */
function resultsOf(
  plan: PipelinePlan,
  children: ReadonlyMap<string, Job>,
): Readonly<Record<string, JobResult>> {
  return Object.fromEntries(
    plan.steps.flatMap(({ name, node }) =>
      Object.entries(node.outputs).flatMap(([output, { to }]) => {
        const result = children.get(name)?.status.results?.[output]
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
