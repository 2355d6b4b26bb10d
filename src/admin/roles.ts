import { z } from 'zod'
import { errors } from '../kernel/errors.ts'
import { nearest } from '../kernel/nearest.ts'
import type { ResourceDefinition } from '../kernel/resources/resource.ts'
import { builtInRoles } from '../kernel/access/roles.ts'
import { oneOf } from '../kernel/resources/schema.ts'

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
