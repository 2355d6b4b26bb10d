import { workspaceId as idOfWorkspace, keyOf } from '../kernel/resources/arm-id.ts'
import { errors } from '../kernel/errors.ts'
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

/** Throws forbidden if a container is not one of the workspace's own two. */
export function checkContainer(workspace: Resource, container: string): void {
  if (container === containerOf(workspace, 'blobstore') || container === containerOf(workspace, 'artifacts'))
    return
  throw errors.forbidden(`Container '${container}' does not belong to workspace '${workspace.name}'.`)
}
