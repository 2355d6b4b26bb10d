import type { ImportProperties, ImportState } from '../../data/transfers/imports/import.ts'
import { UserError } from '../../kernel/errors.ts'
import type { Platform } from '../../kernel/platform.ts'
import type { Json, Resource } from '../../kernel/resources/resource.ts'
import type { ReconcileContext } from '../../kernel/work/reconcile.ts'
import { closeRun, markRunning, openRun } from '../execution/runs.ts'
import type { Job } from '../jobs/job.ts'
import { jobsReconciler, siblingKey, transition } from '../jobs/transition.ts'
import { json, text } from '../wire.ts'
import { importProperties, readImport } from './import-node.ts'

/** The property of an import that names the step that asked for it. */
const jobProperty = 'azureml.jobName'

/** Another server may be the one in which the import ends. */
const lookAgainMs = 15_000

/**
 * Takes one step with a job that imports data: it asks for an import of its own name, as whoever submitted the pipeline,
 * and ends as that ends. Called again after a kill, it finds the import that it asked for.
 */
export async function stepImport(
  job: Job,
  { platform }: ReconcileContext,
): Promise<{ readonly again: number } | void> {
  switch (job.status.status) {
    case 'NotStarted':
      return begin(job, platform)
    case 'Running':
    case 'CancelRequested':
      return follow(job, platform)
    default:
  }
}

const importId = (job: Job) => `${job.parent}/providers/Twinloop/dataImports/${job.name}`

async function begin(job: Job, platform: Platform): Promise<void> {
  await openRun(platform, job)
  const startTime = platform.clock().toISOString()
  try {
    const node = readImport(job.properties.stepName ?? job.name, nodeOf(job), 'properties')
    const said = { properties: { [jobProperty]: job.name } }
    const actor = { ...(job.status.owner ?? platform.identity('training')), confinedTo: '' }
    await platform.resources.put(
      actor,
      importId(job),
      { properties: importProperties(node, said) },
      { ifNoneMatch: '*' },
    )
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    // A server that was killed had asked for it already.
    if (error.kind.status !== 412) {
      const message = error.message
      return end(platform, job, 'Failed', { error: { code: error.kind.code, message } })
    }
  }
  await transition(platform, job, 'Running', { startTime }, (db) => markRunning(db, job, startTime))
}

/** The step as it stands in the pipeline, of which the job is made. */
const nodeOf = ({ properties }: Job): Json => {
  const { source, outputs } = properties
  const { sourceType, ...rest } = json(source) ?? {}
  return { task: 'import_data', source: { ...rest, type: sourceType }, outputs }
}

async function follow(job: Job, platform: Platform): Promise<{ readonly again: number } | void> {
  const found = await platform.resources.find<ImportProperties, ImportState>(importId(job))
  if (found === undefined)
    return end(platform, job, job.status.status === 'CancelRequested' ? 'Canceled' : 'Failed', {
      error: {
        code: 'ImportMissing',
        message: `Import '${job.name}', which this step asked for, was deleted.`,
      },
    })
  const { status, error, assetId } = found.status
  switch (status) {
    case 'Completed': {
      const version = await platform.resources.find(assetId ?? '')
      const uri = text(version?.properties['dataUri']) ?? found.status.dataUri
      const type = found.properties.dataType
      const sink = { type, uri, ...(assetId === undefined ? {} : { assetId }) }
      if (job.status.status === 'CancelRequested')
        return end(platform, job, 'Canceled', { outputs: { sink } })
      return end(platform, job, 'Completed', { outputs: { sink } })
    }
    case 'Failed':
      return end(platform, job, 'Failed', error === undefined ? {} : { error })
    case 'Canceled':
      return end(platform, job, job.status.status === 'Running' ? 'Failed' : 'Canceled', {
        error: { code: 'Canceled', message: `Import '${job.name}' was canceled.` },
      })
    default:
      if (job.status.status === 'CancelRequested' && found.status.cancelRequestedBy === undefined)
        await platform.resources.act(platform.identity('training'), found.id, 'cancel', {})
      return { again: lookAgainMs }
  }
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

/** Wakes the step that asked for an import once that has ended. */
export function wakeImportStep(platform: Platform, resource: Resource): void {
  const name = text(json(resource.properties['properties'])?.[jobProperty])
  const ended = ['Completed', 'Failed', 'Canceled'].includes(String(resource.status['status']))
  if (ended && name !== undefined) platform.wake(jobsReconciler, siblingKey({ parent: resource.scope }, name))
}
