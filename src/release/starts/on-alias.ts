import type { ModelStatus } from '../../registry/aliases.ts'
import type { Reconciler } from '../../kernel/work/reconcile.ts'
import type { PlanStatus } from '../plan/stored.ts'
import { releasesOf } from '../releases/steps/others.ts'
import { plansFor, startByItself } from './automatic.ts'

/** An alias that is set to a version makes it a candidate of the plans that listen for it. */
export const startOnAlias: Reconciler = {
  name: 'release/aliases',
  types: ['workspaces/models'],
  async reconcile(model, { platform }) {
    const { aliasHistory = [] } = model.status as ModelStatus
    if (aliasHistory.length === 0 || model.deleting) return
    for (const { resource, plan } of await plansFor(platform, model.scope, model.name, 'alias')) {
      const last = aliasHistory.findLast(({ alias }) => alias === plan.start.alias)
      const { anchor } = resource.status as unknown as PlanStatus
      if (last === undefined || last.to === null || last.at < anchor) continue
      const { to, at, by } = last
      // Releases set such an alias themselves while they run.
      const own = (await releasesOf(platform, resource.id)).some(
        ({ properties, status }) =>
          properties.version === to && status.startedAt <= at && (status.endedAt ?? at) >= at,
      )
      if (!own)
        await startByItself(platform, resource, {
          version: to,
          trigger: `alias ${last.alias}, which ${by} set to ${model.name}:${to} at ${at}`,
        })
    }
  },
}
