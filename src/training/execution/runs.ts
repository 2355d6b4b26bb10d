import type { Platform } from '../../kernel/platform.ts'
import { childId } from '../../kernel/resources/arm-id.ts'
import type { Db } from '../../store/database.ts'
import type { DatasetInput } from '../../store/tracking/run-data.ts'
import { adoptResults, endRun, ensureRun, recordInputs, startRun } from '../../tracking/runs.ts'
import type { Job } from '../jobs/job.ts'
import { recordReads } from '../lineage.ts'
import { strings } from '../wire.ts'

/** Tag by which Azure ML marks what kind of run it is. */
const jobTypeTag = 'azureml.jobType'

/** Sees that the job's MLflow run is there, with its experiment, its parent and its tags. */
export async function openRun(
  platform: Platform,
  job: Job,
): Promise<{ readonly id: string; readonly name: string }> {
  const experimentName = job.properties.experimentName ?? 'Default'
  const user = await submitterOf(platform, job)
  const run = await platform.store.transaction((db) =>
    ensureRun(db, {
      scope: job.scope,
      runId: job.name,
      experimentName,
      runName: job.properties.displayName ?? job.name,
      userId: user,
      parentRunId: job.properties.parentJobName ?? undefined,
      status: 'SCHEDULED',
      tags: { ...strings(job.properties.tags), [jobTypeTag]: job.properties.jobType },
      now: job.createdAt.getTime(),
    }),
  )
  return { id: String(run.experiment_number), name: experimentName }
}

/** Who is to be told of a run: whoever submitted the pipeline, though it is the platform that submits its steps. */
export async function submitterOf(platform: Platform, job: Job): Promise<string> {
  if (job.status.rootJobName === job.name) return job.createdBy
  const root = await platform.resources.find(childId(job.parent, 'jobs', job.status.rootJobName))
  return root?.createdBy ?? job.createdBy
}

/** Shows with a job that did not have to run what the earlier job had logged whose results it takes. */
export const takeOver = (platform: Platform, job: Job, from: string): Promise<void> =>
  platform.store.transaction((db) => adoptResults(db, { scope: job.scope, from, to: job.name }))

/** Marks the run as under way, in the transaction in which its job is, with the data assets that it reads. */
export async function markRunning(db: Db, job: Job, startTime: string): Promise<void> {
  const run = { scope: job.scope, runId: job.name }
  await startRun(db, { ...run, startTime: Date.parse(startTime) })
  const datasets = Object.entries(job.status.pinned).flatMap(([input, uri]) => datasetOf(input, uri))
  if (datasets.length > 0) await recordInputs(db, { ...run, datasets })
  await recordReads(db, job, Date.parse(startTime))
}

/** A version of a data asset as a dataset of MLflow's: its digest is what names this state of it, the version. */
function datasetOf(input: string, uri: string): readonly DatasetInput[] {
  const [, name, version] = /\/data\/([^/]+)\/versions\/([^/]+)$/i.exec(uri) ?? []
  if (name === undefined || version === undefined) return []
  const source = JSON.stringify({ uri })
  const tags = { 'mlflow.data.context': input }
  return [
    { name, digest: version.slice(0, 36), sourceType: 'azureml', source, schema: null, profile: null, tags },
  ]
}

/** Ends the run, in the transaction in which its job ends. */
export function closeRun(
  db: Db,
  job: Job,
  status: 'Completed' | 'Failed' | 'Canceled',
  endTime: string,
): Promise<void> {
  const ended = { Completed: 'FINISHED', Failed: 'FAILED', Canceled: 'KILLED' } as const
  return endRun(db, {
    scope: job.scope,
    runId: job.name,
    status: ended[status],
    endTime: Date.parse(endTime),
  })
}
