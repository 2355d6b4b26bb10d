import { Hono } from 'hono'
import { z } from 'zod'
import { builtInRoles, roleAllows, type RoleDefinition } from '../../kernel/access/roles.ts'
import { decodedPath } from '../../kernel/http/routed-path.ts'
import type { Platform } from '../../kernel/platform.ts'
import { keyOf } from '../../kernel/resources/arm-id.ts'
import { parseOrThrow } from '../../kernel/resources/schema.ts'
import { readJson } from '../../kernel/rest/body.ts'
import type { Frame } from '../../kernel/rest/arm.ts'
import { listPrincipals } from '../../store/access-rows.ts'

const path = /^(.*)\/providers\/microsoft\.authorization\/checkaccess\/?$/i

const question = z.looseObject({
  Subject: z.looseObject({ Attributes: z.looseObject({ ObjectId: z.string().min(1) }) }),
  Actions: z
    .array(z.looseObject({ Id: z.string().min(1) }))
    .min(1)
    .max(100),
})

/** An assignment that counts at the scope that was asked about. */
interface Held {
  readonly id: string
  readonly scope: string
  readonly principal: string
  readonly role: RoleDefinition
}

/**
 * `POST {scope}/providers/Microsoft.Authorization/checkAccess`, as Azure has it: may this principal do these operations
 * there? For each operation `accessDecision` (`Allowed` or `NotAllowed`), the assignment that decided, and, beyond
 * Azure, `reason`: the same as a sentence. Anybody may ask about themselves; about others, who may read assignments.
 */
export function checkAccessRoutes(platform: Platform): Hono<Frame> {
  const app = new Hono<Frame>()
  for (const route of ['/subscriptions/*', '/providers/*'])
    app.post(route, async (context, next) => {
      const [, raw] = path.exec(context.req.path) ?? []
      if (raw === undefined) return next()
      const scope = decodedPath(raw)
      const actor = await platform.access.authenticate(context.req.raw.headers)
      const body = await readJson(context, platform.config.maxBodyBytes)
      const { Subject, Actions } = parseOrThrow(question, body, 'The body of checkAccess')
      const principal = Subject.Attributes.ObjectId
      if (principal !== actor.id)
        await platform.access.require(actor, 'Microsoft.Authorization/roleAssignments/read', scope)
      const found = (await listPrincipals(platform.store.db)).find(({ id }) => id === principal)
      const held = await heldAt(platform, principal, scope)
      return context.json(
        Actions.map(({ Id }) => ({ actionId: Id, isDataAction: false, ...decide(Id, scope, found, held) })),
      )
    })
  return app
}

/** The principal's assignments at the scope or above, the nearest first. */
async function heldAt(platform: Platform, principal: string, scope: string): Promise<readonly Held[]> {
  const key = keyOf(scope)
  const own = await platform.resources.list({
    type: 'roleAssignments',
    view: 'all',
    where: { 'properties.principalId': principal },
    top: 10_000,
  })
  const custom = await platform.resources.list({ type: 'roleDefinitions', view: 'all', top: 10_000 })
  const roles = new Map<string, RoleDefinition>(builtInRoles.map((role) => [role.id, role]))
  for (const { name, properties } of custom) {
    const permissions = properties['permissions'] as readonly {
      readonly actions?: readonly string[]
      readonly notActions?: readonly string[]
    }[]
    roles.set(name.toLowerCase(), {
      id: name,
      name: String(properties['roleName']),
      description: '',
      actions: permissions.flatMap(({ actions = [] }) => actions),
      notActions: permissions.flatMap(({ notActions = [] }) => notActions),
    })
  }
  return own
    .filter(({ parent }) => parent === '' || key === parent || key.startsWith(`${parent}/`))
    .toSorted((a, b) => b.parent.length - a.parent.length)
    .flatMap(({ id, parent, properties }) => {
      const role = roles.get(String(properties['roleDefinitionId']).toLowerCase().split('/').at(-1) ?? '')
      return role === undefined ? [] : [{ id, scope: parent === '' ? '/' : parent, principal, role }]
    })
}

/** What comes of the assignments for an operation, and why. */
export function decide(
  operation: string,
  scope: string,
  principal: { readonly name: string; readonly disabled: number } | undefined,
  held: readonly Held[],
) {
  const [who, where] = [principal?.name ?? 'This principal', placeOf(scope)]
  const granting = held.find(({ role }) => roleAllows(role, operation))
  if (granting !== undefined && principal?.disabled !== 1)
    return {
      accessDecision: 'Allowed' as const,
      roleAssignment: assignmentOf(granting),
      reason: `${who} has the role '${granting.role.name}' on ${placeOf(granting.scope)}, which allows it.`,
    }
  return { accessDecision: 'NotAllowed' as const, roleAssignment: null, reason: `${why()}${advice()}` }

  function why(): string {
    if (principal === undefined) return 'There is no such user or program here.'
    if (principal.disabled === 1) return `${who} is disabled, and may do nothing.`
    if (held.length === 0) return `${who} has no role on ${where} or above.`
    const names = held.map(({ role, scope: at }) => `'${role.name}' on ${placeOf(at)}`)
    const taken = held.find(({ role }) => roleAllows({ ...role, notActions: [] }, operation))
    if (taken !== undefined) return `'${taken.role.name}' on ${placeOf(taken.scope)} excepts this operation.`
    return `${who} has ${names.join(' and ')}, which ${names.length === 1 ? 'does' : 'do'} not include it.`
  }
  function advice(): string {
    if (principal === undefined || principal.disabled === 1) return ''
    const allowing = builtInRoles.filter((role) => roleAllows(role, operation)).map(({ name }) => `'${name}'`)
    return ` Built-in roles that allow it: ${allowing.join(', ')}.`
  }
}

const assignmentOf = ({ id, scope, principal, role }: Held) => ({
  id,
  roleDefinitionId: `/providers/Microsoft.Authorization/roleDefinitions/${role.id}`,
  roleName: role.name,
  principalId: principal,
  scope,
})

/** A scope as people call it: `workspace dev`, `the whole server`. */
function placeOf(scope: string): string {
  const [type = '', name] = scope.replace(/\/$/, '').split('/').slice(-2)
  if (name === undefined || name === '') return 'the whole server'
  const kind = type
    .replace(/ies$/i, 'y')
    .replace(/s$/i, '')
    .replace(/^resourcegroup$/i, 'resource group')
  return `${kind} ${name}`
}
