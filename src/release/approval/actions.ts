import { z } from 'zod'
import { builtInRoles } from '../../kernel/access/roles.ts'
import type { Actor } from '../../kernel/access/access.ts'
import { errors } from '../../kernel/errors.ts'
import type { Platform } from '../../kernel/platform.ts'
import type { Action, Resource } from '../../kernel/resources/resource.ts'
import { changeRelease } from '../releases/change.ts'
import type { Decision } from '../releases/release.ts'
import { asRelease } from '../releases/release.ts'
import { stageWorkspace } from '../releases/stage-workspace.ts'
import { currentStage, labelOf, withStage } from '../releases/state.ts'

const input = z.looseObject({ comment: z.string().nullish() })

/** `POST {release}/approve { comment? }` and `…/refuse`: what somebody in one of the stage's roles decides. */
const decide = (verdict: Decision['verdict']): Action => ({
  operation: 'read',
  input,
  async run({ platform, resource, actor, input: given }) {
    const { comment } = given as z.infer<typeof input>
    const workspace = await stageWorkspace(platform, asRelease(resource))
    const held = await rolesOf(platform, actor, workspace)
    await changeRelease(platform, resource.key, (release) => {
      const stage = currentStage(release.status)
      const approval = stage?.record.approval
      const rule = stage?.plan.approval
      if (stage === undefined || rule === undefined || approval?.state !== 'open')
        throw errors.conflict(
          `Release ${labelOf(release)} waits for no approval: it is ${release.status.state}.`,
        )
      const role = held.find((name) =>
        rule.roles.some((wanted) => wanted.toLowerCase() === name.toLowerCase()),
      )
      if (role === undefined)
        throw errors.forbidden(
          `${actor.name} has no role that may decide this in workspace '${workspace.name}': ${rule.roles.join(', ')}.`,
        )
      const wants = approval.requesters.find(({ id, name }) => id === actor.id || name === actor.name)
      if (verdict === 'approve' && rule.notRequester && wants !== undefined)
        throw errors.forbidden(`${actor.name} ${wants.why}, and nobody approves what he wants himself.`)
      const decision: Decision = {
        verdict,
        by: { id: actor.id, name: actor.name },
        role,
        at: platform.clock().toISOString(),
        ...(comment == null ? {} : { comment }),
        evidence: approval.evidence,
        via: 'rest',
      }
      const others = approval.decisions.filter(({ by }) => by.id !== actor.id)
      return {
        state: withStage(release.status, stage.record.name, {
          approval: { ...approval, decisions: [...others, decision] },
        }),
        happened: [
          { who: actor.name, what: `${verdict}d it as ${role}${comment == null ? '' : `: ${comment}`}` },
        ],
      }
    })
    return { body: { release: resource.id, verdict } }
  },
})

/** Names of the roles that somebody holds on a workspace. */
async function rolesOf(platform: Platform, actor: Actor, workspace: Resource): Promise<readonly string[]> {
  const custom = await platform.resources.list({ type: 'roleDefinitions', view: 'all' })
  const names = new Map([
    ...builtInRoles.map(({ id, name }) => [id, name] as const),
    ...custom.map((role) => [role.name.toLowerCase(), String(role.properties['roleName'])] as const),
  ])
  const assigned = await platform.resources.list({
    type: 'roleAssignments',
    view: 'all',
    where: { 'properties.principalId': actor.id },
  })
  return assigned
    .filter(
      ({ parent }) => parent === '' || workspace.key === parent || workspace.key.startsWith(`${parent}/`),
    )
    .flatMap(({ properties }) => {
      const id = String(properties['roleDefinitionId']).toLowerCase().split('/').at(-1) ?? ''
      return names.get(id) ?? []
    })
}

export const approvalActions = { approve: decide('approve'), refuse: decide('refuse') }
