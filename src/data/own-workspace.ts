import { workspaceId as idOfWorkspace, keyOf } from '../kernel/resources/arm-id.ts'
import { errors } from '../kernel/errors.ts'
import { nearest } from '../kernel/nearest.ts'
import type { Platform } from '../kernel/platform.ts'
import type { Resource } from '../kernel/resources/resource.ts'
import { containerOf } from './containers.ts'
import type { Home } from './locations.ts'

/** Throws forbidden if a reference names another workspace than the one that it is used in. */
export function checkWorkspace(workspace: Resource, home: Home): void {
  const { workspace: names, workspaceGuid } = home
  const refuse = (other: string) =>
    errors.forbidden(
      `The reference is to workspace '${other}'; '${workspace.name}' can only use what is its own. Register the data here, too.`,
    )
  if (
    names !== undefined &&
    keyOf(idOfWorkspace(names.subscription, names.resourceGroup, names.workspace)) !== workspace.key
  )
    throw refuse(names.workspace)
  if (workspaceGuid !== undefined && workspaceGuid.toLowerCase() !== workspace.status['workspaceId'])
    throw refuse(workspaceGuid)
}

/**
 * The workspace or registry in which an asset lies that is referred to from `here`: its own, or a registry (which
 * everybody may name; who may read it was asked when the reference was written). Throws notFound, naming the nearest.
 */
export async function homeOf(platform: Platform, here: Resource, home: Home): Promise<Resource> {
  if (home.registry !== undefined) return registryNamed(platform, home.registry)
  checkWorkspace(here, home)
  return here
}

/** The registry of that name, of which there is one on a server. Throws notFound, naming the nearest. */
export async function registryNamed(platform: Platform, name: string): Promise<Resource> {
  const all = await platform.resources.list({ type: 'registries', view: 'all' })
  const found = all.find((registry) => registry.name.toLowerCase() === name.toLowerCase())
  if (found !== undefined) return found
  const near = nearest(
    name,
    all.map((registry) => registry.name),
  )
  throw errors.notFound(
    `There is no registry '${name}' here.${near === undefined ? '' : ` Did you mean '${near}'?`}`,
  )
}

/** Throws forbidden if a container is not one of the workspace's own two. */
export function checkContainer(workspace: Resource, container: string): void {
  if (container === containerOf(workspace, 'blobstore') || container === containerOf(workspace, 'artifacts'))
    return
  throw errors.forbidden(`Container '${container}' does not belong to workspace '${workspace.name}'.`)
}
