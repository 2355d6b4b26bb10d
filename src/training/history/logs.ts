import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { Readable } from 'node:stream'
import type { Context } from 'hono'
import { authorize, issueSas } from '../../data/blob-face/authorize.ts'
import { BlobError } from '../../data/blob-face/blob-error.ts'
import { containerOf } from '../../data/containers.ts'
import { parentId, parseArmId } from '../../kernel/resources/arm-id.ts'
import { errors } from '../../kernel/errors.ts'
import type { Platform } from '../../kernel/platform.ts'
import { artifactsContainer } from '../data.ts'
import { folderOf } from '../execution/folder.ts'
import { buildLogName, logName, runPath } from '../execution/outputs.ts'
import { asJob, isPipeline } from '../jobs/job.ts'
import type { Job } from '../jobs/job.ts'
import { stepsOf } from '../jobs/transition.ts'
import { buildLogOf } from '../programs.ts'
import { pipelineLog } from './details.ts'

/** Where Azure's clients look for the log of a pipeline. */
const pipelineLogName = 'logs/azureml/executionlogs.txt'

/** Clients ask for the addresses anew while they follow a log. */
const linkMs = 3_600_000

/**
 * The logs that a job has now, each with an address at which anybody who was given it may read it for an hour: while
 * the job runs what is there so far, afterwards what was kept.
 */
export async function logLinks(
  platform: Platform,
  job: Job,
  base: string,
): Promise<Readonly<Record<string, string>>> {
  const container = await artifactsContainer(platform, job.parent)
  const expiresOn = new Date(platform.clock().getTime() + linkMs)
  const links: Record<string, string> = {}
  for (const name of isPipeline(job) ? [pipelineLogName] : [buildLogName, logName]) {
    if ((await findLog(platform, job, name)) === undefined) continue
    const path = runPath(job, name)
    const sas = await issueSas(platform, { container, path, resource: 'b', permissions: ['r'], expiresOn })
    links[name] =
      `${base}/history/v1.0${job.id.slice(0, job.id.lastIndexOf('/jobs/'))}/runs/${job.name}/logs/${name}?${sas}`
  }
  return links
}

/**
 * Answers a log's bytes, all or (by `Range`) from where a client left off, to who has its address. Nobody else learns
 * so much as whether there is such a job.
 */
export async function serveLog(
  context: Context,
  platform: Platform,
  jobId: string,
  name: string,
): Promise<Response> {
  const query = new URL(context.req.url).searchParams
  const workspace = await platform.resources.find(parentId(jobId))
  const container = workspace === undefined ? '' : containerOf(workspace, 'artifacts')
  const path = runPath({ name: parseArmId(jobId).names.at(-1) ?? '' }, name)
  try {
    await authorize(platform, { container, path, query }, context.req.raw.headers, ['r'])
  } catch (error) {
    if (error instanceof BlobError) throw errors.forbidden(error.message)
    throw error
  }
  const job = asJob(await platform.resources.get(jobId))
  const log = await findLog(platform, job, name)
  if (log === undefined) throw errors.notFound(`Job '${job.name}' has no log '${name}' (yet).`)
  const [, first] = /^bytes=(\d+)-/.exec(context.req.header('range') ?? '') ?? []
  const start = Number(first ?? 0)
  context.header('Content-Type', 'text/plain; charset=utf-8')
  context.header('Accept-Ranges', 'bytes')
  if (first === undefined) return context.body(Readable.toWeb(await log.read(0)) as ReadableStream)
  if (start >= log.size) {
    context.header('Content-Range', `bytes */${log.size}`)
    return context.body(null, 416)
  }
  context.header('Content-Range', `bytes ${start}-${log.size - 1}/${log.size}`)
  return context.body(Readable.toWeb(await log.read(start)) as ReadableStream, 206)
}

interface LogFile {
  readonly size: number
  /** From byte `start`, which is within it, to `size`. */
  read(start: number): Promise<Readable>
}

async function findLog(platform: Platform, job: Job, name: string): Promise<LogFile | undefined> {
  if (name === pipelineLogName) return isPipeline(job) ? ofPipeline(platform, job) : undefined
  const blob = { container: await artifactsContainer(platform, job.parent), path: runPath(job, name) }
  const kept = await platform.artifacts.head(blob)
  if (kept !== undefined)
    return {
      size: kept.size,
      read: (start) => (kept.size === 0 ? nothing() : platform.artifacts.read(blob, { start })),
    }
  if (name !== logName && name !== buildLogName) return undefined
  const file = name === logName ? folderOf(platform.config, job).log : buildLogOf(platform, job)
  const found = file === undefined ? undefined : await stat(file).catch(() => undefined)
  if (file === undefined || found === undefined) return undefined
  const end = found.size - 1
  return {
    size: found.size,
    read: (start) => (found.size === 0 ? nothing() : Promise.resolve(createReadStream(file, { start, end }))),
  }
}

const nothing = () => Promise.resolve(Readable.from([]))

async function ofPipeline(platform: Platform, job: Job): Promise<LogFile> {
  const steps = await stepsOf(platform, job)
  const text = Buffer.from(pipelineLog(steps))
  return { size: text.length, read: (start) => Promise.resolve(Readable.from([text.subarray(start)])) }
}
