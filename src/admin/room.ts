import type { Room } from '../kernel/platform.ts'
import { computes } from './computes.ts'
import { resourceGroups, subscriptions } from './resource-groups.ts'
import { roleAssignments, roleDefinitions } from './roles.ts'
import { defaultWorkspaceId, workspaces } from './workspaces.ts'

/** Element 2: workspaces, computes, and who may do what. */
export const admin: Room = {
  name: 'admin',
  definitions: [subscriptions, resourceGroups, workspaces, computes, roleAssignments, roleDefinitions],
  async start(platform) {
    const id = defaultWorkspaceId(platform.config)
    if ((await platform.resources.find(id)) === undefined)
      await platform.resources.put(platform.identity('admin'), id, {
        location: platform.config.location,
        properties: {
          friendlyName: platform.config.workspace,
          description: 'The first workspace, made with the server.',
        },
      })
  },
}
