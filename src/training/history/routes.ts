import { Hono } from 'hono'
import type { Context } from 'hono'
import { errors } from '../../kernel/errors.ts'
import type { Platform } from '../../kernel/platform.ts'
import type { Json } from '../../kernel/resources/resource.ts'
import type { Frame } from '../../kernel/rest/arm.ts'
import { readJson } from '../../kernel/rest/body.ts'
import { pinInput } from '../data.ts'
import { asJob } from '../jobs/job.ts'
import type { Job } from '../jobs/job.ts'
import { stepsOf } from '../jobs/transition.ts'
import { text } from '../wire.ts'
import { dataTypesFor, runDetails, runDto } from './details.ts'
import { logLinks, serveLog } from './logs.ts'
import { decodedPath } from '../../kernel/http/routed-path.ts'

/**
 * The part of Azure ML's services beside its resource model that its clients need to follow a job and to download what
 * it made: run history, and the places behind the ids of outputs. Paths are understood in any case.
 */
export function historyRoutes(platform: Platform): Hono<Frame> {
  const app = new Hono<Frame>()
  for (const service of ['history', 'data', 'modelregistry'])
    app.all(`/${service}/v1.0/*`, (context) => answer(context, platform, service))
  return app
}

const workspacePath =
  '(/subscriptions/[^/]+/resourcegroups/[^/]+/providers/microsoft.machinelearningservices/workspaces/[^/]+)'
const pathOf = (service: string) => new RegExp(`^/${service}/v1\\.0${workspacePath}/(.*)$`, 'i')

async function answer(context: Context<Frame>, platform: Platform, service: string): Promise<Response> {
  const [, workspace, rest] = pathOf(service).exec(decoded(context)) ?? []
  if (workspace === undefined || rest === undefined) throw nothingAt(context)
  const { method } = context.req
  const log = /^runs\/([^/]+)\/logs\/(.+)$/i.exec(rest)
  if (service === 'history' && method === 'GET' && log !== null)
    return serveLog(context, platform, `${workspace}/jobs/${log[1]}`, log[2] ?? '')

  context.set('actor', await platform.access.authenticate(context.req.raw.headers))
  await platform.access.require(
    context.var.actor,
    'Microsoft.MachineLearningServices/workspaces/jobs/read',
    workspace,
  )
  if (method === 'POST') {
    const body = await readJson(context, platform.config.maxBodyBytes)
    if (service === 'history' && /^rundata$/i.test(rest))
      return context.json(await runData(context, platform, workspace, body))
    if (service !== 'history' && /^(?:dataversion|models)\/batchGetResolvedUris$/i.test(rest))
      return context.json(await resolvedUris(platform, workspace, body))
  }
  const [, run = '', what] =
    /^(?:experiments\/[^/]+\/|experimentids\/[^/]+\/)?runs\/([^/]+)(?:\/(details|children))?$/i.exec(rest) ??
    []
  if (service !== 'history' || method !== 'GET' || run === '') throw nothingAt(context)
  const job = await jobOf(platform, workspace, run)
  if (what === undefined) return context.json(runDto(job))
  if (what.toLowerCase() === 'children')
    return context.json({
      value: (await stepsOf(platform, job)).map((child) => runDto(child)),
      continuationToken: null,
      nextLink: null,
    })
  const base = new URL(context.req.url).origin
  return context.json(runDetails(job, await logLinks(platform, job, base)))
}

const decoded = (context: Context): string => decodedPath(new URL(context.req.url).pathname)

const nothingAt = (context: Context) =>
  errors.noSuchRoute(`Nothing is at ${context.req.method} ${context.req.path}.`)

async function jobOf(platform: Platform, workspace: string, name: string): Promise<Job> {
  return asJob(await platform.resources.get(`${workspace}/jobs/${name}`))
}

async function runData(context: Context, platform: Platform, workspace: string, body: Json): Promise<Json> {
  const name = text(body['runId'])
  if (name === undefined) throw errors.badRequest('rundata needs a runId.', { target: 'runId' })
  const job = await jobOf(platform, workspace, name)
  const runMetadata = runDto(job, dataTypesFor(context.req.header('user-agent')))
  return { runMetadata, runDefinition: null, jobSpecification: null, systemSettings: null }
}

/** Where the things behind these ids are: for data `{ uri }`, for models `{ path }`; both are given. */
async function resolvedUris(platform: Platform, workspace: string, body: Json): Promise<Json> {
  const ids = Array.isArray(body['values']) ? body['values'].map(String) : []
  const values: Record<string, Json> = {}
  for (const id of ids) {
    const uri = await uriOf(platform, workspace, id)
    values[id] = { uri, path: uri, legacyDatasetType: null }
  }
  return { values }
}

async function uriOf(platform: Platform, workspace: string, id: string): Promise<string> {
  const pinned = await pinInput({ type: 'uri_folder', uri: id }, { platform, workspace, target: 'values' })
  if (!pinned.startsWith('/')) return pinned
  const { properties } = await platform.resources.get(pinned)
  return text(properties['dataUri']) ?? text(properties['modelUri']) ?? pinned
}
