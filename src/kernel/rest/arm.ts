import { Hono, type Context } from 'hono'
import type { Actor } from '../access/access.ts'
import { isInRegistry, keyOf, parentId, parseArmId } from '../resources/arm-id.ts'
import { operationOf, type Catalogue } from '../resources/catalogue.ts'
import { errors } from '../errors.ts'
import type { Platform } from '../platform.ts'
import { present } from '../resources/present.ts'
import type { Json, Resource, ResourceBody, ResourceDefinition, WriteOptions } from '../resources/resource.ts'
import { readJson } from './body.ts'
import { listQuery, nextLink } from './list-query.ts'
import { acceptOperation, operationStatus } from './operations.ts'
import { providers } from './providers.ts'
import { decodedPath } from '../http/routed-path.ts'

/** What the frame around every route leaves for it. */
export interface Frame {
  Variables: { actor: Actor; requestId: string }
}
type ArmContext = Context<Frame>

/**
 * The one generic surface: PUT, PATCH, GET, LIST, DELETE and POST actions for every kind of resource in the
 * catalogue, in Azure Resource Manager's shape. Any api-version is accepted, and paths in any case.
 */
export function armRoutes(platform: Platform, catalogue: Catalogue): Hono<Frame> {
  const app = new Hono<Frame>()
  const serve = (context: ArmContext) => route(context, platform, catalogue)
  app.all('/subscriptions', serve)
  app.all('/subscriptions/*', serve)
  app.all('/providers/*', serve)
  app.all(`${frontend}/subscriptions/*`, serve)
  return app
}

/** Where Azure's clients reach a registry's assets, once they were told where the registry is. */
const frontend = '/mferp/managementfrontend'
const isFrontend = (path: string) => path.startsWith(`${frontend}/`)

function route(context: ArmContext, platform: Platform, catalogue: Catalogue): Promise<Response> {
  const path = pathOf(context.req.url)
  const operation = /\/mfeOperationsStatus\/([^/]+)$/i.exec(path)?.[1]
  if (operation !== undefined) return operationStatus(context, platform, operation)
  const provider = /^\/subscriptions\/[^/]+\/providers(?:\/([^/]+))?(?:\/register)?$/i.exec(path)
  if (provider !== null) return Promise.resolve(providers(context, catalogue, path, provider[1]))
  const verb = context.req.method
  if (verb === 'POST') return act(context, platform, path)
  if (isCollection(path)) {
    if (verb === 'GET') return list(context, platform, catalogue, path)
    throw errors.methodNotAllowed(
      `${verb} is not possible on a collection: a name is missing after '${path}'.`,
    )
  }
  const handler = { GET: get, HEAD: get, PUT: put, PATCH: patch, DELETE: remove }[verb]
  if (handler === undefined) throw errors.methodNotAllowed(`${verb} is not a method for resources.`)
  return handler(context, platform, catalogue.definitionOf(path), path)
}

async function get(context: ArmContext, platform: Platform, definition: ResourceDefinition, id: string) {
  await platform.access.require(context.var.actor, operationOf(definition, 'read'), id)
  return answer(context, platform, definition, await platform.resources.get(id), 200)
}

async function put(context: ArmContext, platform: Platform, definition: ResourceDefinition, id: string) {
  const body = (await readJson(context, platform.config.maxBodyBytes)) as unknown as ResourceBody
  const { resource, created } = await platform.resources.put(
    context.var.actor,
    id,
    body,
    writeOptions(context),
  )
  if (definition.longRunning === true) acceptOperation(context, platform, 'put', resource.id)
  return answer(context, platform, definition, resource, created ? (definition.createdStatus ?? 201) : 200)
}

async function patch(context: ArmContext, platform: Platform, definition: ResourceDefinition, id: string) {
  const body = await readJson(context, platform.config.maxBodyBytes)
  const { resource } = await platform.resources.patch(context.var.actor, id, body, writeOptions(context))
  if (definition.longRunning === true) acceptOperation(context, platform, 'put', resource.id)
  return answer(context, platform, definition, resource, 200)
}

async function remove(context: ArmContext, platform: Platform, definition: ResourceDefinition, id: string) {
  const existed = await platform.resources.remove(context.var.actor, id, writeOptions(context))
  if (!existed) return context.body(null, 204)
  if (definition.reconciledDelete !== true) return context.body(null, 200)
  acceptOperation(context, platform, 'delete', id)
  return context.body(null, 202)
}

async function act(context: ArmContext, platform: Platform, path: string) {
  const cut = path.lastIndexOf('/')
  const [id, name] = [path.slice(0, cut), path.slice(cut + 1)]
  const input = await readJson(context, platform.config.maxBodyBytes)
  const { signal } = context.req.raw
  let result: Awaited<ReturnType<typeof platform.resources.act>>
  try {
    result = await platform.resources.act(context.var.actor, id, name, input, { signal })
  } catch (error) {
    // Nobody reads the answer; what is logged is nginx's status for a client that has gone.
    if (signal.aborted && error === signal.reason) return new Response(null, { status: 499 })
    throw error
  }
  if (result?.accepted === true) {
    acceptOperation(context, platform, 'act', id)
    return context.body(null, 202)
  }
  return result?.body === undefined ? context.body(null, 200) : context.json(result.body)
}

async function list(context: ArmContext, platform: Platform, catalogue: Catalogue, path: string) {
  const definition = catalogue.definitionOf(`${path}/-`)
  const { names, resourceGroup } = parseArmId(`${path}/-`)
  const parent = collectionParent(path)
  const { actor } = context.var
  const operation = operationOf(definition, 'read')
  const readsAll = await platform.access.can(actor, operation, parent)
  // Of what stands in the open (workspaces), everybody is shown what they may read, as Azure does.
  if (names.length > 1) await platform.access.require(actor, operation, parent)
  // Versions make their container: before the first there is none, and the list of them is empty.
  const above = definition.parent === 'created' ? parentId(parent) : parent
  if (names.length > (above === parent ? 1 : 2)) await platform.resources.get(above)
  const query = listQuery(new URL(context.req.url).searchParams, definition)
  const acrossGroups = /^(?:workspaces|registries)$/.test(definition.type) && resourceGroup === undefined
  const wanted = { ...query, type: definition.type, ...(acrossGroups ? {} : { parent }) }
  const found = await platform.resources.list({ ...wanted, top: query.top + 1 })
  const page: Resource[] = []
  for (const resource of found.slice(0, query.top))
    if (
      resource.key.startsWith(`${keyOf(parent)}/`) &&
      (readsAll || (await platform.access.can(actor, operation, resource.key)))
    )
      page.push(resource)
  const value = await Promise.all(page.map((resource) => shown(context, platform, definition, resource)))
  const rest = found.length > query.top ? { nextLink: nextLink(context.req.url, query.skip + query.top) } : {}
  // Where some may be hidden from this reader, how many there are is nobody's business.
  const all = query.counted && readsAll ? { '@odata.count': await platform.resources.count(wanted) } : {}
  return context.json({ ...all, value, ...rest })
}

async function answer(
  context: ArmContext,
  platform: Platform,
  definition: ResourceDefinition,
  resource: Resource,
  status: 200 | 201,
) {
  context.header('ETag', `"${resource.etag}"`)
  return context.json(await shown(context, platform, definition, resource), status)
}

/** A resource as the client wants it: what Azure's clients know of a registry is by names, and they expect those. */
async function shown(
  context: ArmContext,
  platform: Platform,
  definition: ResourceDefinition,
  resource: Resource,
): Promise<Json> {
  const presented = await present(resource, definition, platform)
  const isShared = isInRegistry(resource.id) && isFrontend(new URL(context.req.url).pathname)
  return isShared
    ? { ...presented, id: resource.id.replace(/^.*\/registries\//i, 'azureml://registries/') }
    : presented
}

const pathOf = (url: string): string => {
  const path = decodedPath(new URL(url).pathname).replace(/\/+$/, '')
  return isFrontend(path) ? path.slice(frontend.length) : path
}

/** True if the path ends with a type, not with a name. */
function isCollection(path: string): boolean {
  const provider = path.toLowerCase().lastIndexOf('/providers/')
  return provider < 0
    ? path.split('/').length % 2 === 0
    : path.slice(provider + 1).split('/').length % 2 === 1
}

/** Id of what a collection belongs to: its parent resource, or what stands before `/providers/{ns}/{type}`. */
function collectionParent(path: string): string {
  const provider = path.toLowerCase().lastIndexOf('/providers/')
  const isTop = provider >= 0 && path.slice(provider + 1).split('/').length === 3
  return isTop ? path.slice(0, provider) : path.slice(0, path.lastIndexOf('/'))
}

function writeOptions(context: ArmContext): WriteOptions {
  const ifMatch = context.req.header('if-match')
  const ifNoneMatch = context.req.header('if-none-match')
  return {
    requestId: context.var.requestId,
    ...(ifMatch === undefined ? {} : { ifMatch }),
    ...(ifNoneMatch === undefined ? {} : { ifNoneMatch }),
  }
}
