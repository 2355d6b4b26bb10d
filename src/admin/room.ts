import { Hono } from 'hono'
import type { Platform, Room } from '../kernel/platform.ts'
import type { Frame } from '../kernel/rest/arm.ts'
import { activityRoutes } from './activity/routes.ts'
import { checkAccessRoutes } from './authorization/check-access.ts'
import { permissionRoutes } from './authorization/permissions.ts'
import { roleAssignments, roleDefinitionRoutes, roleDefinitions } from './authorization/roles.ts'
import { cloudRoutes } from './cloud-routes.ts'
import { computes } from './computes.ts'
import { connections } from './connections.ts'
import { wakeSubscriptions } from './events/delivery/wake.ts'
import { eventParts } from './events/parts.ts'
import { createAccessTokens } from './identity/access-tokens.ts'
import { ownPasswordRoutes } from './identity/me.ts'
import { servicePrincipals } from './identity/service-principals.ts'
import { tokenRoutes } from './identity/token-routes.ts'
import { createNoticeReconciler } from './notices/deliver.ts'
import { notices } from './notices/notice.ts'
import { serverRoutes } from './questions/server.ts'
import { resourceGroups, subscriptions } from './resource-groups.ts'
import { ensureAdministratorUser, users } from './identity/users.ts'
import { defaultWorkspaceId, workspaces } from './workspaces.ts'

const waking = new WeakMap<Platform, ReturnType<typeof wakeSubscriptions>>()

/** Element 2: workspaces, computes, connections, and who may do what. */
export const admin: Room = {
  name: 'admin',
  definitions: [
    subscriptions,
    resourceGroups,
    workspaces,
    computes,
    connections,
    roleAssignments,
    roleDefinitions,
    servicePrincipals,
    users,
    notices,
    ...eventParts.definitions,
  ],
  actions: eventParts.actions,
  reconcilers: [createNoticeReconciler(), ...eventParts.reconcilers],
  routes(platform) {
    const tokens = createAccessTokens(platform)
    // Along with the routes, because it must be there before the first request.
    platform.access.addVerifier((token) => tokens.verify(token))
    return new Hono<Frame>()
      .route('/', tokenRoutes(platform, tokens))
      .route('/', cloudRoutes(platform))
      .route('/', roleDefinitionRoutes(platform))
      .route('/', permissionRoutes(platform))
      .route('/', checkAccessRoutes(platform))
      .route('/', activityRoutes(platform))
      .route('/', serverRoutes(platform))
      .route('/', ownPasswordRoutes(platform))
  },
  async start(platform) {
    await ensureAdministratorUser(platform)
    const id = defaultWorkspaceId(platform.config)
    if ((await platform.resources.find(id)) === undefined)
      await platform.resources.put(platform.identity('admin'), id, {
        location: platform.config.location,
        properties: {
          friendlyName: platform.config.workspace,
          description: 'The first workspace, made with the server.',
        },
      })
    waking.set(platform, wakeSubscriptions(platform))
  },
  async stop(platform) {
    await waking.get(platform)?.stop()
  },
}
