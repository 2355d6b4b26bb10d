import type { Reconciler } from '../../kernel/work/reconcile.ts'
import { routingReconciler, wakeRouting } from './wake.ts'

/** Sees that those are told of a workspace's alerts whom its routing names, when it says so. */
export const routeAlerts: Reconciler = {
  name: routingReconciler,
  types: ['alertRouting'],
  async reconcile(resource, { platform }) {
    if (resource.type === 'alertRouting') return wakeRouting(platform, resource.scope)
    return undefined
  },
}
