import { Hono, type Context } from 'hono'
import type { Platform } from '../../kernel/platform.ts'
import type { Frame } from '../../kernel/rest/arm.ts'
import { readJson } from '../../kernel/rest/body.ts'
import type { Resource } from '../../kernel/resources/resource.ts'
import { batchEndpoints, batchPath } from './batch-endpoints.ts'
import { presentBatchJob, startBatchJob } from './invoke.ts'
import { readInvocation } from './settings.ts'

const operation = `Microsoft.MachineLearningServices/${batchEndpoints.type}/jobs`

/**
 * What Azure's clients ask of a batch endpoint beside its resource: `POST {scoringUri}` starts a job, and its jobs are
 * listed at `{scoringUri}` and where the SDK looks for them, of an endpoint or of one of its deployments.
 */
export function batchRoutes(platform: Platform): Hono<Frame> {
  const app = new Hono<Frame>()
  app.post(`${batchPath}/subscriptions/*`, (context) => start(context, platform))
  app.get(`${batchPath}/subscriptions/*`, (context) => list(context, platform, batchPath))
  const frontend = '/mferp/managementfrontend'
  app.get(`${frontend}/subscriptions/*`, (context, next) =>
    /\/batchEndpoints\/[^/]+(?:\/deployments\/[^/]+)?\/jobs$/i.test(context.req.path)
      ? list(context, platform, frontend)
      : next(),
  )
  return app
}

async function start(context: Context<Frame>, platform: Platform): Promise<Response> {
  const actor = await platform.access.authenticate(context.req.raw.headers)
  const endpoint = await endpointAt(context, platform, batchPath)
  await platform.access.require(actor, `${operation}/write`, endpoint.id)
  const invocation = readInvocation(await readJson(context, platform.config.maxBodyBytes))
  const deployment = context.req.header('azureml-model-deployment') ?? invocation.deployment
  return context.json(await startBatchJob(platform, actor, endpoint, { ...invocation, deployment }), 201)
}

async function list(context: Context<Frame>, platform: Platform, prefix: string): Promise<Response> {
  const actor = await platform.access.authenticate(context.req.raw.headers)
  const endpoint = await endpointAt(context, platform, prefix)
  await platform.access.require(actor, `${operation}/read`, endpoint.id)
  const deployment = /\/deployments\/([^/]+)\/jobs\/?$/i.exec(decodeURIComponent(context.req.path))?.[1]
  const jobs = await platform.resources.list({
    type: 'workspaces/jobs',
    parent: endpoint.scope,
    where: {
      'properties.properties.batchEndpoint': endpoint.name,
      ...(deployment === undefined ? {} : { 'properties.properties.batchDeployment': deployment }),
    },
    top: 1000,
  })
  return context.json({ value: jobs.map(presentBatchJob) })
}

const endpointAt = (context: Context<Frame>, platform: Platform, prefix: string): Promise<Resource> =>
  platform.resources.get(
    decodeURIComponent(context.req.path)
      .slice(prefix.length)
      .replace(/(?:\/deployments\/[^/]+)?\/jobs\/?$/i, ''),
  )
