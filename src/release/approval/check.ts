import { approveOperation, builtInRoles, roleAllows, type RoleDefinition } from '../../kernel/access/roles.ts'
import type { Actor } from '../../kernel/access/access.ts'
import { nearest } from '../../kernel/nearest.ts'
import type { Platform } from '../../kernel/platform.ts'
import { childId } from '../../kernel/resources/arm-id.ts'
import type { PlanMistake } from '../gates/gate.ts'
import type { ApprovalRule } from '../plan/plan.ts'

/** The part of a rule's `notify` that is addresses; the rest names connections. */
export const isAddress = (receiver: string): boolean => receiver.includes('@')

/**
 * What is wrong with a rule although it is well written: roles that there are not or whose holders may approve nothing,
 * and receivers that cannot be told. `workspaceId` is the plan's own workspace, whose connections are used.
 */
export async function checkApproval(
  rule: ApprovalRule,
  context: { readonly platform: Platform; readonly workspaceId: string; readonly actor: Actor },
): Promise<readonly PlanMistake[]> {
  return [...(await roleMistakes(rule, context.platform)), ...(await receiverMistakes(rule, context))]
}

async function roleMistakes({ roles }: ApprovalRule, platform: Platform): Promise<readonly PlanMistake[]> {
  const known = [...builtInRoles, ...(await customRoles(platform))]
  const approving = known.filter((role) => roleAllows(role, approveOperation)).map(({ name }) => name)
  return roles.flatMap((wanted, i) => {
    const path = ['roles', i]
    const found = known.filter(({ name }) => name.toLowerCase() === wanted.toLowerCase())
    if (found.some((role) => roleAllows(role, approveOperation))) return []
    if (found.length > 0)
      return [{ path, message: `'${wanted}' may not approve releases; ${approving.join(', ')} may` }]
    const near = nearest(wanted, approving)
    const hint =
      near === undefined
        ? `; those that may approve are ${approving.join(', ')}`
        : `; did you mean '${near}'?`
    return [{ path, message: `there is no role '${wanted}'${hint}` }]
  })
}

async function customRoles(platform: Platform): Promise<readonly RoleDefinition[]> {
  const all = await platform.resources.list({ type: 'roleDefinitions', view: 'all', top: 100_000 })
  return all.map(({ name, properties }) => {
    const permissions = (properties['permissions'] ?? []) as { actions?: string[]; notActions?: string[] }[]
    return {
      id: name,
      name: String(properties['roleName']),
      description: '',
      actions: permissions.flatMap(({ actions }) => actions ?? []),
      notActions: permissions.flatMap(({ notActions }) => notActions ?? []),
    }
  })
}

/** An approval asks people, it is no newsletter. */
const mostReceivers = 20

/** Connections are used in the name of who writes the plan, so they have to be theirs to read. */
async function receiverMistakes(
  { notify }: ApprovalRule,
  {
    platform,
    workspaceId,
    actor,
  }: { readonly platform: Platform; readonly workspaceId: string; readonly actor: Actor },
): Promise<readonly PlanMistake[]> {
  if (notify.length > mostReceivers)
    return [{ path: ['notify'], message: `${notify.length} receivers are more than ${mostReceivers}` }]
  const names = (
    await platform.resources.list({ type: 'workspaces/connections', parent: workspaceId, top: 100_000 })
  ).map(({ name }) => name)
  const mistakes = await Promise.all(
    notify.map(async (receiver, i): Promise<readonly PlanMistake[]> => {
      const path = ['notify', i]
      if (isAddress(receiver))
        return /^[^\s@<>,;"]+@[^\s@<>,;"]+$/.test(receiver)
          ? []
          : [{ path, message: `'${receiver}' is no address for mail` }]
      const known = names.some((name) => name.toLowerCase() === receiver.toLowerCase())
      const near = nearest(receiver, names)
      const hint = near === undefined ? '; addresses have an @' : `; did you mean '${near}'?`
      if (!known) return [{ path, message: `there is no connection '${receiver}' in this workspace${hint}` }]
      const id = childId(workspaceId, 'connections', receiver)
      const may = await platform.access.can(
        actor,
        'Microsoft.MachineLearningServices/workspaces/connections/read',
        id,
      )
      return may ? [] : [{ path, message: `${actor.name} may not use connection '${receiver}'` }]
    }),
  )
  return mistakes.flat()
}
