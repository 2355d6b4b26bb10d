import { UserError } from '../../kernel/errors.ts'
import type { Platform } from '../../kernel/platform.ts'
import type { Resource } from '../../kernel/resources/resource.ts'
import { planIn, type PlanStatus } from '../plan/stored.ts'
import { labelOf } from '../releases/state.ts'
import type { ReleasePlan, StartEvent } from '../plan/plan.ts'
import { startRelease, type Wanted } from './start.ts'

/**
 * The plans of a workspace for a model that this starts. One that a newer grammar no longer takes says so on itself, and
 * keeps no other from starting.
 */
export async function plansFor(
  platform: Platform,
  workspace: string,
  model: string,
  event: StartEvent,
): Promise<readonly { readonly resource: Resource; readonly plan: ReleasePlan }[]> {
  const all = await platform.resources.list({ type: 'releasePlans', scope: workspace, top: 100_000 })
  const found: { readonly resource: Resource; readonly plan: ReleasePlan }[] = []
  for (const resource of all) {
    if (String(resource.properties['model']).toLowerCase() !== model.toLowerCase()) continue
    try {
      const plan = planIn(resource.properties)
      if (plan.start.on.includes(event)) found.push({ resource, plan })
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      await notStarted(platform, resource, event, error)
    }
  }
  return found
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
  const { owner } = plan.status as unknown as PlanStatus
  try {
    await platform.access.require(owner, 'Twinloop/releasePlans/releases/write', plan.id)
    const { release, created } = await startRelease(platform, platform.identity('release'), plan.id, wanted)
    const what = `${created ? 'started' : 'found'} ${labelOf(release)}`
    await tell(platform, plan, wanted.trigger, what)
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    await notStarted(platform, plan, wanted.trigger, error)
  }
}

async function notStarted(platform: Platform, plan: Resource, by: string, error: UserError): Promise<void> {
  platform.log.warn('a release was not started', { plan: plan.key, by, error: error.message })
  await tell(platform, plan, by, `not started: ${error.message}`)
}

const tell = (platform: Platform, plan: Resource, by: string, what: string) =>
  platform.resources.setStatus(plan.key, { lastStart: { at: platform.clock().toISOString(), by, what } })
