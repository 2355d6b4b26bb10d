import { Hono } from 'hono'
import { z } from 'zod'
import { errors } from '../../kernel/errors.ts'
import { nearest } from '../../kernel/nearest.ts'
import type { ResourceDefinition } from '../../kernel/resources/resource.ts'
import { builtInRoles, type RoleDefinition } from '../../kernel/access/roles.ts'
import type { Platform } from '../../kernel/platform.ts'
import { present } from '../../kernel/resources/present.ts'
import type { Frame } from '../../kernel/rest/arm.ts'
import { oneOf } from '../../kernel/resources/schema.ts'

const guid = /^[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/

/** Who may do what where. Hangs on the server, a subscription, a resource group, a workspace or anything below. */
export const roleAssignments: ResourceDefinition<{ roleDefinitionId: string; principalId: string }> = {
  type: 'roleAssignments',
  provider: 'Microsoft.Authorization',
  summary: 'Gives a principal a role on a scope and all below it.',
  schema: z.looseObject({
    roleDefinitionId: z.string().min(1),
    principalId: z.string().min(1),
    principalType: oneOf(['User', 'ServicePrincipal', 'Group']).nullish(),
    description: z.string().nullish(),
  }),
  name: guid,
  parent: 'any',
  immutable: ['roleDefinitionId', 'principalId'],
  filters: { principalId: 'properties.principalId' },
  async prepare({ body }, platform) {
    const wanted = body.properties.roleDefinitionId.split('/').at(-1)?.toLowerCase() ?? ''
    const custom = await platform.resources.list({ type: 'roleDefinitions', view: 'all' })
    const ids = [...builtInRoles.map((r) => r.id), ...custom.map((r) => r.name.toLowerCase())]
    const byName = builtInRoles.find((r) => r.name.toLowerCase() === wanted)
    if (byName === undefined && !ids.includes(wanted)) {
      const near = nearest(
        wanted,
        builtInRoles.map((r) => r.name),
      )
      throw errors.validation(
        `There is no role definition '${body.properties.roleDefinitionId}'.${near === undefined ? '' : ` Did you mean '${near}'?`}`,
        { target: 'properties.roleDefinitionId' },
      )
    }
    const roleDefinitionId = `/providers/Microsoft.Authorization/roleDefinitions/${byName?.id ?? wanted}`
    return { properties: { ...body.properties, roleDefinitionId } }
  },
  present: (resource) => ({ scope: resource.parent === '' ? '/' : resource.parent }),
}

/** A role of the house's own, beside Azure's built-in ones. */
export const roleDefinitions: ResourceDefinition = {
  type: 'roleDefinitions',
  provider: 'Microsoft.Authorization',
  summary: 'A set of operations that can be assigned.',
  schema: z.looseObject({
    roleName: z.string().min(1),
    description: z.string().nullish(),
    permissions: z
      .array(
        z.looseObject({ actions: z.array(z.string()).nullish(), notActions: z.array(z.string()).nullish() }),
      )
      .min(1),
    assignableScopes: z.array(z.string()).nullish(),
  }),
  name: guid,
  parent: 'any',
  present: () => ({ type: 'CustomRole' }),
}

/**
 * `GET {scope}/providers/Microsoft.Authorization/roleDefinitions[/{id}]`: Azure's built-in roles, which are at every scope,
 * before those of the house's own. `$filter=roleName eq '…'` finds one by its name, as `az role` does.
 */
export function roleDefinitionRoutes(platform: Platform): Hono<Frame> {
  const app = new Hono<Frame>()
  for (const route of ['/subscriptions/*', '/providers/*'])
    app.get(route, async (context, next) => {
      const [, scope, name] = definitionsPath.exec(context.req.path) ?? []
      const builtIn = builtInRoles.find((role) => role.id === name?.toLowerCase())
      if (scope === undefined || (name !== undefined && builtIn === undefined)) return next()
      const actor = await platform.access.authenticate(context.req.raw.headers)
      await platform.access.require(actor, 'Microsoft.Authorization/roleDefinitions/read', scope)
      if (builtIn !== undefined) return context.json(presentBuiltIn(builtIn))
      const custom = await platform.resources.list({ type: 'roleDefinitions', parent: scope, view: 'all' })
      const own = await Promise.all(custom.map((role) => present(role, roleDefinitions, platform)))
      const wanted = /^\s*roleName eq '(.+)'\s*$/i
        .exec(context.req.query('$filter') ?? '')?.[1]
        ?.toLowerCase()
      const isWanted = (roleName: unknown) =>
        wanted === undefined || (typeof roleName === 'string' && roleName.toLowerCase() === wanted)
      return context.json({
        value: [
          ...builtInRoles.filter((role) => isWanted(role.name)).map(presentBuiltIn),
          ...own.filter((_, i) => isWanted(custom[i]?.properties['roleName'])),
        ],
      })
    })
  return app
}

const definitionsPath = /^(.*)\/providers\/microsoft\.authorization\/roledefinitions(?:\/([^/]+))?\/?$/i

const presentBuiltIn = ({ id, name, description, actions, notActions }: RoleDefinition) => ({
  id: `/providers/Microsoft.Authorization/roleDefinitions/${id}`,
  name: id,
  type: 'Microsoft.Authorization/roleDefinitions',
  properties: {
    roleName: name,
    type: 'BuiltInRole',
    description,
    permissions: [{ actions, notActions, dataActions: [], notDataActions: [] }],
    assignableScopes: ['/'],
  },
})
