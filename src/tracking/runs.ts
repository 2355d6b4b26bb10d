import type { Db } from '../store/database.ts'
import type { RunStatus } from '../store/tracking-tables.ts'
import {
  createExperiment,
  ensureDefaultExperiment,
  findExperimentByName,
  type Experiment,
} from '../store/tracking/experiments.ts'
import { copyRunData } from '../store/tracking/copy-run.ts'
import { addDatasets } from '../store/tracking/inputs.ts'
import { runNameTag, setRunTags } from '../store/tracking/log.ts'
import type { DatasetInput } from '../store/tracking/run-data.ts'
import { createRun, findRun, updateRun, type RunInfo } from '../store/tracking/runs.ts'
import { experimentArtifacts, runArtifacts } from './artifact-paths.ts'

/** Tag by which MLflow's clients know the children of a run. */
const parentRunTag = 'mlflow.parentRunId'

export interface WantedRun {
  /** Key of the workspace. */
  readonly scope: string
  readonly runId: string
  readonly experimentName: string
  readonly runName: string
  readonly userId: string
  readonly parentRunId?: string | undefined
  readonly status?: RunStatus
  readonly tags?: Readonly<Record<string, string>>
  /** Milliseconds since 1970; the start of the run, and of its experiment if that is new. */
  readonly now: number
}

/**
 * Sees that the run is there, and its experiment: what is there stays as it is, but tags are set again. For the
 * training room, in whose transactions a job and its run begin together. Idempotent.
 */
export async function ensureRun(db: Db, wanted: WantedRun): Promise<RunInfo> {
  const { scope, runId, now } = wanted
  await ensureDefaultExperiment(db, scope, experimentArtifacts, now)
  const experiment = await ensureExperiment(db, wanted)
  const tags = {
    [runNameTag]: wanted.runName,
    'mlflow.user': wanted.userId,
    ...(wanted.parentRunId === undefined ? {} : { [parentRunTag]: wanted.parentRunId }),
    ...wanted.tags,
  }
  await createRun(db, {
    scope,
    runId,
    experiment: experiment.key,
    name: wanted.runName,
    userId: wanted.userId,
    startTime: now,
    artifactUri: runArtifacts(runId),
    status: wanted.status ?? 'RUNNING',
  })
  const run = await findRun(db, scope, runId)
  if (run === undefined) throw new Error(`run ${runId} vanished while it was made`)
  await setRunTags(
    db,
    Object.entries(tags).map(([name, value]) => [run.key, name, value] as const),
  )
  return run
}

async function ensureExperiment(db: Db, wanted: WantedRun): Promise<Experiment> {
  const { scope, experimentName: name, now } = wanted
  const found =
    (await findExperimentByName(db, scope, name)) ??
    (await createExperiment(db, { scope, name, artifactLocation: experimentArtifacts, now })) ??
    (await findExperimentByName(db, scope, name))
  if (found === undefined) throw new Error(`experiment ${name} vanished while it was made`)
  return found
}

/** Marks a run as under way, with the moment when its process started. Does nothing if there is no such run. */
export async function startRun(
  db: Db,
  started: { scope: string; runId: string; startTime: number },
): Promise<void> {
  const run = await findRun(db, started.scope, started.runId)
  if (run !== undefined) await updateRun(db, run.key, { status: 'RUNNING', startTime: started.startTime })
}

/** Ends a run, whatever its own client said before. Does nothing if there is no such run. Idempotent. */
export async function endRun(
  db: Db,
  ended: { scope: string; runId: string; status: 'FINISHED' | 'FAILED' | 'KILLED'; endTime: number },
): Promise<void> {
  const run = await findRun(db, ended.scope, ended.runId)
  if (run !== undefined) await updateRun(db, run.key, { status: ended.status, endTime: ended.endTime })
}

/** Records data that a run read, such as a job's inputs. Does nothing if there is no such run. Idempotent. */
export async function recordInputs(
  db: Db,
  read: { scope: string; runId: string; datasets: readonly DatasetInput[] },
): Promise<void> {
  const run = await findRun(db, read.scope, read.runId)
  if (run !== undefined) await addDatasets(db, run, read.datasets)
}

/**
 * Gives a run what an earlier one logged, for a job that reuses the earlier one's results instead of running again.
 * Does nothing if either run is not there. Idempotent.
 */
export async function adoptResults(
  db: Db,
  adopted: { readonly scope: string; readonly from: string; readonly to: string },
): Promise<void> {
  const from = await findRun(db, adopted.scope, adopted.from)
  const to = await findRun(db, adopted.scope, adopted.to)
  if (from !== undefined && to !== undefined) await copyRunData(db, from.key, to.key)
}
