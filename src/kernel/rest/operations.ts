import type { Context } from 'hono'
import { isInRegistry, keyOf } from '../resources/arm-id.ts'
import { errors } from '../errors.ts'
import type { Platform } from '../platform.ts'
import type { Json, Resource } from '../resources/resource.ts'

/**
 * Long-running operations have no table of their own: an operation is a question about its resource. Its id says
 * which resource and which verb; the answer is read from the resource as it is now, so it survives everything that
 * the resource survives.
 */
type Verb = 'put' | 'delete' | 'act'

const failed = new Set(['failed'])
const canceled = new Set(['canceled'])
const done = new Set(['succeeded', 'completed', 'finished'])

/** Sets the headers by which Azure's clients follow an operation. */
export function acceptOperation(context: Context, platform: Platform, verb: Verb, id: string): void {
  // The address that the client itself used: it trusts that one's certificate and can reach it.
  const base = new URL(context.req.url).origin
  const subscription =
    /^\/subscriptions\/[^/]+/i.exec(id)?.[0] ?? `/subscriptions/${platform.config.subscription}`
  const token = Buffer.from(`${verb}:${keyOf(id)}`).toString('base64url')
  const path = `${subscription}/providers/Microsoft.MachineLearningServices/locations/${platform.config.location}/mfeOperationsStatus/${token}`
  const url = `${base}${path}?api-version=2025-12-01`
  context.header('Retry-After', '1')
  context.header('x-ms-async-operation-timeout', 'PT1H')
  if (verb === 'put') context.header('Azure-AsyncOperation', url)
  else context.header('Location', `${url}&poll=location`)
}

/** Answers `{ status, error? }` to Azure-AsyncOperation, and 202 until 200 to Location. */
export async function operationStatus(
  context: Context,
  platform: Platform,
  token: string,
): Promise<Response> {
  const [, verb, key = ''] =
    /^(put|delete|act):(\/.*)$/.exec(Buffer.from(token, 'base64url').toString('utf8')) ?? []
  if (verb === undefined) throw errors.notFound('There is no such operation.')
  await platform.access.require(
    context.get('actor'),
    `Microsoft.MachineLearningServices/${isInRegistry(key) ? 'registries' : 'workspaces'}/read`,
    key,
  )
  const { status, error } = outcome(verb as Verb, await platform.resources.find(key))
  if (status === 'InProgress') context.header('Retry-After', '1')
  if (context.req.query('poll') === 'location')
    return status === 'InProgress' ? context.body(null, 202) : context.json({ status, ...error }, 200)
  return context.json({ id: context.req.path, name: token, status, ...error })
}

function outcome(verb: Verb, resource: Resource | undefined): { status: string; error?: Json } {
  if (resource === undefined) return { status: verb === 'put' ? 'Canceled' : 'Succeeded' }
  if (verb === 'delete') return { status: resource.deleting ? 'InProgress' : 'Succeeded' }
  const found = resource.status['provisioningState'] ?? resource.status['status']
  const state = typeof found === 'string' ? found.toLowerCase() : 'succeeded'
  if (verb === 'act')
    return {
      status: done.has(state) || failed.has(state) || canceled.has(state) ? 'Succeeded' : 'InProgress',
    }
  if (failed.has(state)) {
    const error = resource.status['error'] as Json | undefined
    return {
      status: 'Failed',
      error: { error: error ?? { code: 'ProvisioningFailed', message: `'${resource.id}' failed.` } },
    }
  }
  if (canceled.has(state)) return { status: 'Canceled' }
  return { status: done.has(state) ? 'Succeeded' : 'InProgress' }
}
