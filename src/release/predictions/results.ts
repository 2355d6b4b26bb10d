import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { resolve } from '../../data/resolve.ts'
import { fetchTo } from '../../data/transfer.ts'
import { errors } from '../../kernel/errors.ts'
import type { Platform } from '../../kernel/platform.ts'
import { childId, scopeId } from '../../kernel/resources/arm-id.ts'
import type { Resource } from '../../kernel/resources/resource.ts'
import { predictionsFile } from './columns.ts'
import type { Role } from './steps.ts'

/**
 * Where the predictions of a model are that a scoring job made, as a reference to one Parquet file. Undefined for a role
 * that the job has not.
 */
export async function predictionsOf(
  platform: Platform,
  job: Resource,
  role: Role,
): Promise<string | undefined> {
  const folder = await outputOf(platform, job, role, 'predictions')
  return folder === undefined ? undefined : `${folder.replace(/\/+$/, '')}/${predictionsFile}`
}

/** Where an output of a step is; undefined where there is no such step or it made none. */
async function outputOf(
  platform: Platform,
  job: Resource,
  step: string,
  output: string,
): Promise<string | undefined> {
  const found = await stepOf(platform, job, step)
  const outputs = found?.status['outputs'] as Readonly<Record<string, { uri?: string }>> | undefined
  return outputs?.[output]?.uri
}

async function stepOf(platform: Platform, job: Resource, step: string): Promise<Resource | undefined> {
  const steps = job.status['steps'] as
    | Readonly<Record<string, { job?: string; problem?: string }>>
    | undefined
  const name = steps?.[step]?.job
  return name === undefined
    ? undefined
    : platform.resources.find(childId(scopeId(job.id) ?? '', 'jobs', name))
}

/** What a step of a job has written into a file of its output `conclusion`, as text. Throws notFound if it has not. */
export async function conclusionOf(
  platform: Platform,
  job: Resource,
  step: string,
  file: string,
): Promise<string> {
  const uri = await outputOf(platform, job, step, 'conclusion')
  if (uri === undefined)
    throw errors.notFound(`The job '${job.name}' has no step '${step}' with a conclusion.`)
  const { location } = await resolve(platform, scopeId(job.id) ?? '', `${uri.replace(/\/+$/, '')}/${file}`)
  const folder = await mkdtemp(join(platform.config.home, 'conclusion-'))
  try {
    const { path } = await fetchTo(platform, location, folder)
    const found = await stat(path)
    return await readFile(found.isDirectory() ? join(path, file) : path, 'utf8')
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/**
 * Throws why a job that asks models did not complete, with what its step said last; a gate that throws is an error.
 * `asking` is what its steps do with a model.
 */
export async function requireCompleted(
  platform: Platform,
  job: Resource,
  asking = 'Scoring with',
): Promise<void> {
  const { status, steps, error } = job.status as {
    status?: string
    steps?: Readonly<Record<string, { state: string; problem?: string }>>
    error?: { message?: string }
  }
  if (status === 'Completed') return
  const [name, record] = Object.entries(steps ?? {}).find(([, { state }]) => state === 'failed') ?? []
  const step = name === undefined ? undefined : await stepOf(platform, job, name)
  const said = (step?.status['error'] as { message?: string } | undefined)?.message
  const why = said ?? record?.problem ?? error?.message ?? 'it says nothing.'
  throw errors.conflict(
    name === undefined
      ? `The job '${job.name}' is ${status}: ${why}`
      : `${wordsOf(name, asking)} failed (job ${step?.name ?? job.name}): ${why}`,
  )
}

const wordsOf = (step: string, asking: string): string =>
  step === 'rows'
    ? 'Reading the data'
    : step === 'candidate' || step === 'champion'
      ? `${asking} the ${step}`
      : `The step '${step}'`
