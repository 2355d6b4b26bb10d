import { childId, typeIn } from '../../kernel/resources/arm-id.ts'
import { errors, UserError } from '../../kernel/errors.ts'
import type { Resource, ResourceBody, WriteOptions } from '../../kernel/resources/resource.ts'
import type { Call } from '../../tracking/protocol/route.ts'
import { newestFirst, versionNumber } from './present.ts'

/** Everything of one kind: registries hold thousands, not millions. */
const all = 100_000

export const modelId = (call: Call, name: string): string =>
  childId(call.workspace, 'models', checkName(name))

export const versionId = (call: Call, name: string, version: string): string =>
  childId(modelId(call, name), 'versions', checkVersion(version))

/** Throws RESOURCE_DOES_NOT_EXIST, worded as MLflow does. */
export async function theModel(call: Call, name: string): Promise<Resource> {
  const model = await call.platform.resources.find(modelId(call, name))
  if (model === undefined)
    throw errors.notFound(`Registered Model with name=${name} not found`, { target: 'name' })
  return model
}

/** Throws RESOURCE_DOES_NOT_EXIST, worded as MLflow does. */
export async function theVersion(call: Call, name: string, version: string): Promise<Resource> {
  const found = await call.platform.resources.find(versionId(call, name, version))
  if (found !== undefined) return found
  throw errors.notFound(`Model Version (name=${name}, version=${version}) not found`, { target: 'version' })
}

const versionsIn = (call: Call) => typeIn(call.workspace, 'models/versions')

export function versionsOf(call: Call, name: string): Promise<readonly Resource[]> {
  const parent = modelId(call, name)
  return call.platform.resources.list({ type: versionsIn(call), parent, view: 'all', top: all })
}

export const allModels = (call: Call): Promise<readonly Resource[]> =>
  call.platform.resources.list({ type: typeIn(call.workspace, 'models'), scope: call.scope, top: all })

export const allVersions = (call: Call): Promise<readonly Resource[]> =>
  call.platform.resources.list({ type: versionsIn(call), scope: call.scope, top: all })

/** Makes the next version; another that is made in the same moment gets the one after. */
export async function putNextVersion(
  call: Call,
  name: string,
  body: ResourceBody,
  along: WriteOptions['along'] = {},
): Promise<Resource> {
  let next = 0
  for (;;) {
    const highest = (await versionsOf(call, name)).toSorted(newestFirst)[0]
    next = Math.max(next + 1, highest === undefined ? 1 : Math.max(0, versionNumber(highest)) + 1)
    const written = await onlyIfAbsent(call, versionId(call, name, String(next)), body, along)
    if (written !== undefined) return written
  }
}

/** Makes the resource; undefined if it is there. */
export async function onlyIfAbsent(
  call: Call,
  id: string,
  body: ResourceBody,
  along: WriteOptions['along'] = {},
): Promise<Resource | undefined> {
  try {
    return (await call.platform.resources.put(call.actor, id, body, { ifNoneMatch: '*', along })).resource
  } catch (error) {
    if (error instanceof UserError && error.kind.status === 412) return undefined
    throw error
  }
}

function checkName(name: string): string {
  if (name === '') throw errors.badRequest('Registered model name cannot be empty.', { target: 'name' })
  if (/[/:]/.test(name) || name === '.' || name === '..')
    throw errors.badRequest(`Invalid model name: '${name}'. It cannot contain '/' or ':'.`, {
      target: 'name',
    })
  return name
}

function checkVersion(version: string): string {
  if (/^[\w.-]+$/.test(version) && version !== '.' && version !== '..') return version
  throw errors.badRequest(`Model version must be an integer, got '${version}'`, { target: 'version' })
}
