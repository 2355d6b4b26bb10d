import { Hono, type Context } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { containerOf } from '../../data/containers.ts'
import { isInRegistry, keyOf } from '../../kernel/resources/arm-id.ts'
import { errors, UserError } from '../../kernel/errors.ts'
import type { Platform } from '../../kernel/platform.ts'
import type { Frame } from '../../kernel/rest/arm.ts'
import { readText, requireFlat } from '../../kernel/rest/body.ts'
import { RunLog } from '../../store/tracking/log.ts'
import { ensureDefaultExperiment } from '../../store/tracking/experiments.ts'
import { experimentArtifacts } from '../artifact-paths.ts'
import { formatMlflow } from './errors.ts'
import { readMessage } from './message.ts'
import type { AnyRoute, Call } from './route.ts'

/** Where MLflow's API is found: at the root for the default workspace, and below `/mlflow/v…{workspace}` for any. */
export const bases = [
  '',
  '/mlflow/:mlflowVersion{v[12]\\.0}/subscriptions/:subscription/:rg{resource[gG]roups}/:group/providers/:ns/workspaces/:workspace',
] as const

/** Where the part of MLflow's API that concerns models is found for a registry. */
export const registryBase =
  '/mlflow/:mlflowVersion{v[12]\\.0}/subscriptions/:subscription/:rg{resource[gG]roups}/:group/providers/:ns/registries/:registry'

/** How long another server's deletion of a workspace may go unseen here. */
const cacheMs = 5000

/** Makes calls of requests: authenticates, finds the workspace and authorises. */
export class Door {
  readonly platform: Platform
  readonly #defaultWorkspace: string
  readonly #runLog: RunLog
  readonly #workspaces = new Map<
    string,
    { readonly id: string; readonly container: string; readonly blobstore: string; readonly until: number }
  >()

  constructor(platform: Platform, defaultWorkspace: string) {
    this.platform = platform
    this.#defaultWorkspace = defaultWorkspace
    this.#runLog = new RunLog(platform.store)
  }

  /** Throws unauthenticated, forbidden, or notFound for the workspace. */
  async open(context: Context<Frame>, operation: string): Promise<Call> {
    const { platform } = this
    const actor = await platform.access.authenticate(context.req.raw.headers)
    const id = this.#workspaceOf(context)
    const what = isInRegistry(id)
      ? `registries/assets/${operation.split('/').at(-1)}`
      : `workspaces/${operation}`
    await platform.access.require(actor, `Microsoft.MachineLearningServices/${what}`, id)
    const workspace = await this.#find(id)
    return {
      platform,
      actor,
      workspace: workspace.id,
      base: `${new URL(context.req.url).origin}/mlflow/v2.0${workspace.id}`,
      scope: keyOf(workspace.id),
      container: workspace.container,
      blobstore: workspace.blobstore,
      runLog: this.#runLog,
      now: platform.clock().getTime(),
    }
  }

  #workspaceOf(context: Context<Frame>): string {
    const { subscription, group, ns, workspace, registry } = context.req.param() as Record<string, string>
    const above = `/subscriptions/${subscription}/resourceGroups/${group}/providers/${ns}`
    if (registry !== undefined) return `${above}/registries/${registry}`
    return workspace === undefined ? this.#defaultWorkspace : `${above}/workspaces/${workspace}`
  }

  async #find(id: string) {
    const key = keyOf(id)
    const now = this.platform.clock().getTime()
    const known = this.#workspaces.get(key)
    if (known !== undefined && known.until > now) return known
    const resource = await this.platform.resources.get(id)
    const isRegistry = isInRegistry(resource.id)
    if (!isRegistry) await ensureDefaultExperiment(this.platform.store.db, key, experimentArtifacts, now)
    const found = {
      id: resource.id,
      container: containerOf(resource, isRegistry ? 'blobstore' : 'artifacts'),
      blobstore: containerOf(resource, 'blobstore'),
      until: now + cacheMs,
    }
    this.#workspaces.set(key, found)
    return found
  }
}

/** Both of MLflow's prefixes. */
export const prefixes = ['/api/2.0', '/ajax-api/2.0'] as const

/** Serves declared routes at both of MLflow's prefixes below every base. Errors answer in MLflow's shape. */
export function serve(door: Door, routes: readonly AnyRoute[], at: readonly string[] = bases): Hono<Frame> {
  const app = mlflowApp(door.platform)
  for (const base of at)
    for (const prefix of prefixes)
      for (const declared of routes)
        app.on(declared.method, `${base}${prefix}${declared.path}`, async (context) => {
          const call = await door.open(context, declared.operation)
          const input = readMessage(declared.input, await inputOf(context, door.platform.config.maxBodyBytes))
          return context.json(await declared.handle(input, call))
        })
  return app
}

/** An app whose errors answer in MLflow's shape. */
export function mlflowApp(platform: Platform): Hono<Frame> {
  const app = new Hono<Frame>()
  app.onError((error, context) => {
    const requestId = context.get('requestId') ?? ''
    if (!(error instanceof UserError))
      platform.log.error('request failed', { requestId, path: context.req.path, error })
    const { status, body } = formatMlflow(error, requestId)
    if (status === 401) context.header('WWW-Authenticate', 'Basic realm="mlflow"')
    if (error instanceof UserError && error.retryAfter !== undefined)
      context.header('Retry-After', String(error.retryAfter))
    return context.json(body, status as ContentfulStatusCode)
  })
  return app
}

/** The request's fields: its JSON body, or for GET its query parameters (a repeated one is a list), and its path's. */
async function inputOf(context: Context<Frame>, maxBytes: number): Promise<object> {
  const { req } = context
  const parts = req.param() as Record<string, string>
  if (req.method === 'GET') {
    const query = Object.entries(req.queries()).map(([name, values]) => [
      name.replace(/\[\]$/, ''),
      values.length === 1 ? values[0] : values,
    ])
    return { ...Object.fromEntries(query), ...parts }
  }
  const type = req.header('content-type')?.split(';')[0]?.trim().toLowerCase()
  if ((req.method === 'POST' || req.method === 'PUT') && type !== 'application/json')
    throw errors.badRequest("Bad Request. Content-Type must be one of ['application/json'].")
  return { ...readJson(await readText(context, maxBytes)), ...parts }
}

function readJson(body: string): object {
  if (body === '') return {}
  try {
    const value = JSON.parse(body) as unknown
    // Old clients encode twice.
    const object = typeof value === 'string' ? (JSON.parse(value) as unknown) : value
    if (typeof object === 'object' && object !== null && !Array.isArray(object)) {
      requireFlat(object)
      return object
    }
  } catch (error) {
    if (error instanceof UserError) throw error
    throw errors.badRequest(`The body is not JSON: ${(error as Error).message}.`)
  }
  throw errors.badRequest('The body must be a JSON object.')
}
