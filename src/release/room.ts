import { Hono } from 'hono'
import type { Room } from '../kernel/platform.ts'
import type { Frame } from '../kernel/rest/arm.ts'
import { releaseEventTypes } from './event-types.ts'
import { releaseGrammars } from './grammars.ts'
import { approvalDelegations } from './approval/delegations.ts'
import { approvalRoutes } from './approval/links/routes.ts'
import { approvalNewcomers, approvalNotices } from './notices/approval-notices.ts'
import { card } from './card/card-action.ts'
import { ci } from './ci/parts.ts'
import { releasePlans } from './plan/plans.ts'
import { stopWorks } from '../kernel/work/background.ts'
import { evidenceRoutes } from './releases/evidence/routes.ts'
import { releaseReconciler } from './releases/reconcile.ts'
import { releasesReconciler } from './releases/reconcilers.ts'
import { releases } from './releases/releases.ts'
import { scorecardRoutes } from './scorecard/routes.ts'
import { startOnAlias } from './starts/on-alias.ts'
import { startOnRegistration, wakeOnJobs } from './starts/on-events.ts'
import { startOnSchedule } from './starts/on-schedule.ts'

/** Elements 5 and 6: release plans and their releases, through gates and approvals to delivery and back. */
export const release: Room = {
  name: 'release',
  definitions: [releasePlans, releases, approvalDelegations, ...ci.definitions],
  actions: { 'workspaces/models/versions': { card } },
  reconcilers: [releaseReconciler, startOnAlias, startOnSchedule, ...ci.reconcilers],
  consumers: [startOnRegistration, wakeOnJobs, approvalNotices, approvalNewcomers, ...ci.consumers],
  grammars: releaseGrammars,
  eventTypes: releaseEventTypes,
  routes(platform) {
    const app = new Hono<Frame>()
    for (const routes of [evidenceRoutes, scorecardRoutes, approvalRoutes, ci.routes])
      app.route('/', routes(platform))
    return app
  },
  async start(platform) {
    // What a gate did in the background went with the server before, and what it waits for may have come meanwhile.
    const where = { 'status.phase': 'open' }
    const open = await platform.resources.list({ type: releases.type, view: 'all', where, top: 100_000 })
    for (const { key } of open) platform.wake(releasesReconciler, key)
  },
  async stop(platform) {
    stopWorks(platform)
  },
}
