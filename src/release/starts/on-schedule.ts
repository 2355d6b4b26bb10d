import type { Reconciler } from '../../kernel/work/reconcile.ts'
import { planIn, type PlanStatus } from '../plan/stored.ts'
import { at } from '../releases/steps/context.ts'
import { startByItself } from './automatic.ts'
import { nextDue } from './due.ts'

/**
 * Starts a release of the newest version at the times of a plan's schedule. Times that passed while no server was there
 * are made up for once; a version that was released already is not released again.
 */
export const startOnSchedule: Reconciler = {
  name: 'release/schedules',
  types: ['releasePlans'],
  async reconcile(resource, { platform }) {
    const { nextRun, anchor } = resource.status as unknown as PlanStatus
    if (nextRun === undefined || resource.archived || resource.deleting) return
    if (Date.parse(nextRun) > platform.clock().getTime()) return at(platform, nextRun)
    await startByItself(platform, resource, { trigger: `its schedule, due at ${nextRun}` })
    const next = nextDue(planIn(resource.properties), anchor, platform.clock())
    // Whoever changed the plan meanwhile has said when it is due next.
    const now = await platform.resources.find(resource.key)
    if (now?.generation === resource.generation)
      await platform.resources.setStatus(
        resource.key,
        { nextRun: next?.toISOString() ?? null },
        { etag: now.etag },
      )
  },
}
