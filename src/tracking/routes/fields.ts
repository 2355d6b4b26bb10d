import { errors } from '../../kernel/errors.ts'
import { findExperiment, type Experiment } from '../../store/tracking/experiments.ts'
import type { Lifecycle, RunStatus } from '../../store/tracking-tables.ts'
import { findRun, type RunInfo } from '../../store/tracking/runs.ts'
import { experimentNumber, truncated } from '../protocol/limits.ts'
import { double, int64, message, named, text } from '../protocol/message.ts'
import type { Call } from '../protocol/route.ts'

/** Fields that several of MLflow's messages share, and how what they name is found. */
export const viewType = named({ ACTIVE_ONLY: 1, DELETED_ONLY: 2, ALL: 3 })

export const runStatus = named<RunStatus>({ RUNNING: 1, SCHEDULED: 2, FINISHED: 3, FAILED: 4, KILLED: 5 })

export const metric = message({
  key: text,
  value: double,
  timestamp: int64,
  step: int64.default(0),
  model_id: text.optional(),
  dataset_name: text.optional(),
  dataset_digest: text.optional(),
})

/** Old clients call a run's id `run_uuid`; new ones send both. */
export const runId = { run_id: text.optional(), run_uuid: text.optional() }

export interface HasRunId {
  readonly run_id?: string | undefined
  readonly run_uuid?: string | undefined
}

export function runIdOf(input: HasRunId): string {
  const id = input.run_id || input.run_uuid
  if (id !== undefined && id !== '') return id
  throw errors.badRequest(
    "Missing value for required parameter 'run_id'. See the API docs for more information about request parameters.",
    { target: 'run_id' },
  )
}

export const lifecycles = (view: 'ACTIVE_ONLY' | 'DELETED_ONLY' | 'ALL'): readonly Lifecycle[] =>
  ({ ACTIVE_ONLY: ['active'], DELETED_ONLY: ['deleted'], ALL: ['active', 'deleted'] })[
    view
  ] as readonly Lifecycle[]

export const pairs = (tags: readonly { readonly key: string; readonly value: string }[], max: number) =>
  tags.map(({ key, value }) => ({ name: key, value: truncated(value, max) }))

/** Throws RESOURCE_DOES_NOT_EXIST. */
export async function theRun(call: Call, input: HasRunId): Promise<RunInfo> {
  const id = runIdOf(input)
  const run = await findRun(call.platform.store.db, call.scope, id)
  if (run === undefined) throw noRun(id)
  return run
}

export const noRun = (id: string) => errors.notFound(`Run with id=${id} not found`, { target: 'run_id' })

/** As `theRun`; throws also if the run is deleted. */
export async function theActiveRun(call: Call, input: HasRunId): Promise<RunInfo> {
  const run = await theRun(call, input)
  if (run.lifecycle !== 'active') throw notActive(run.run_id)
  return run
}

export const notActive = (id: string) =>
  errors.badRequest(`The run ${id} must be in the 'active' state. Current state is deleted.`, {
    target: 'run_id',
  })

/** Throws RESOURCE_DOES_NOT_EXIST. */
export async function theExperiment(call: Call, id: string): Promise<Experiment> {
  const found = await findExperiment(call.platform.store.db, call.scope, experimentNumber(id))
  if (found === undefined)
    throw errors.notFound(`No Experiment with id=${id} exists`, { target: 'experiment_id' })
  return found
}
