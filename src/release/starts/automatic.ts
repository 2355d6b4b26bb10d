import { UserError } from '../../kernel/errors.ts'
import type { Platform } from '../../kernel/platform.ts'
import type { Resource } from '../../kernel/resources/resource.ts'
import { planIn, type PlanStatus } from '../plan/stored.ts'
import { labelOf } from '../releases/state.ts'
import type { ReleasePlan, StartEvent } from '../plan/plan.ts'
import { startRelease, type Wanted } from './start.ts'

/** The plans of a workspace for a model that this starts. */
export async function plansFor(
  platform: Platform,
  workspace: string,
  model: string,
  event: StartEvent,
): Promise<readonly { readonly resource: Resource; readonly plan: ReleasePlan }[]> {
  const all = await platform.resources.list({ type: 'releasePlans', scope: workspace, top: 100_000 })
  return all
    .filter(({ properties }) => String(properties['model']).toLowerCase() === model.toLowerCase())
    .map((resource) => ({ resource, plan: planIn(resource.properties) }))
    .filter(({ plan }) => plan.start.on.includes(event))
}

/**
 * Starts a release by itself, if whoever wrote the plan may still start one; writes on the plan what became of it. What
 * cannot be started now cannot be later: it is told, and not tried again.
 */
export async function startByItself(
  platform: Platform,
  plan: Resource,
  wanted: Wanted & { readonly trigger: string },
): Promise<void> {
  const what = await tryStart(platform, plan, wanted)
  await platform.resources.setStatus(plan.key, {
    lastStart: { at: platform.clock().toISOString(), by: wanted.trigger, what },
  })
}

async function tryStart(
  platform: Platform,
  plan: Resource,
  wanted: Wanted & { readonly trigger: string },
): Promise<string> {
  const { owner } = plan.status as unknown as PlanStatus
  try {
    await platform.access.require(owner, 'Twinloop/releasePlans/releases/write', plan.id)
    const { release, created } = await startRelease(platform, platform.identity('release'), plan.id, wanted)
    return `${created ? 'started' : 'found'} ${labelOf(release)}`
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    platform.log.warn('a release was not started', {
      plan: plan.key,
      by: wanted.trigger,
      error: error.message,
    })
    return `not started: ${error.message}`
  }
}
