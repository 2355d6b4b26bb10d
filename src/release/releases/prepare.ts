import { childId, scopeId } from '../../kernel/resources/arm-id.ts'
import { errors } from '../../kernel/errors.ts'
import type { Platform } from '../../kernel/platform.ts'
import type { Prepared, Resource, Writing } from '../../kernel/resources/resource.ts'
import { planIn, type PlanStatus } from '../plan/stored.ts'
import { findChampion } from './champion.ts'
import { releaseEvent } from './change.ts'
import type { ReleaseProperties, ReleaseState } from './release.ts'
import { labelOf, planIdOf, stagesBefore } from './state.ts'

/**
 * A release takes the plan as it is now and the version as it is now; both are looked at before anything of it is
 * written. Throws notFound for a version that there is not, validation for an archived one.
 */
export async function prepareRelease(
  writing: Writing<ReleaseProperties>,
  platform: Platform,
): Promise<Prepared<ReleaseProperties>> {
  const { id, actor, before } = writing
  const { version, why, trigger } = writing.body.properties
  if (before !== undefined) {
    const asked = { version, why: why ?? undefined, trigger: trigger ?? undefined }
    const other = Object.entries(asked).find(
      ([name, value]) => value !== undefined && value !== before.properties[name],
    )
    if (other === undefined) return { properties: { ...before.properties, ...writing.body.properties } }
    throw errors.immutable(
      `Release ${labelOf(writing)} is a record of what was asked for, and its ${other[0]} does not change: start another release.`,
      { target: `properties.${other[0]}` },
    )
  }
  const resource = await platform.resources.get(planIdOf({ id }))
  if (resource.archived)
    throw errors.conflict(`Plan '${resource.name}' is archived, so nothing is released by it.`)
  const plan = planIn(resource.properties)
  const candidate = await candidateOf(platform, scopeId(id) ?? '', plan.model, version)
  const champion = await findChampion(platform, scopeId(id) ?? '', plan)
  const by = startedBy(trigger, actor.name)
  const status: ReleaseState = {
    phase: 'open',
    state: 'running',
    reason: 'It is about to begin.',
    stage: plan.stages[0]?.name ?? '',
    stages: stagesBefore(plan),
    plan,
    candidate: {
      id: candidate.id,
      name: plan.model,
      version: candidate.name,
      registeredBy: candidate.createdBy,
    },
    ...(champion === undefined ? {} : { champion }),
    owner: (resource.status as unknown as PlanStatus).owner,
    startedBy: { id: actor.id, name: actor.name, why: why ?? by },
    startedAt: platform.clock().toISOString(),
    timeline: [
      {
        at: platform.clock().toISOString(),
        who: actor.name,
        what: `started the release of ${plan.model}:${candidate.name}: ${why ?? by}`,
      },
    ],
  }
  return {
    properties: { ...writing.body.properties, version: candidate.name },
    status,
    events: [releaseEvent({ id, status }, 'Started', { champion: champion?.version, startedBy: actor.name })],
  }
}

const startedBy = (trigger: string | null | undefined, who: string) =>
  trigger == null ? `by hand, by ${who}` : `by ${trigger}`

/** The version that is to be released. */
async function candidateOf(
  platform: Platform,
  workspace: string,
  model: string,
  version: string,
): Promise<Resource> {
  const container = await platform.resources.get(childId(workspace, 'models', model))
  const found = await platform.resources.get(childId(container.id, 'versions', version))
  if (found.archived || container.archived)
    throw errors.validation(`${model}:${version} is archived, so it is not released. Restore it first.`, {
      target: 'properties.version',
    })
  return found
}
