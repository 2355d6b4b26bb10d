import { UserError } from '../../kernel/errors.ts'
import type { Reconciler } from '../../kernel/work/reconcile.ts'
import { publishRoutes } from '../routing/publish.ts'
import { servingOf } from '../serving.ts'
import { ensureKeys, removeKeys } from './keys.ts'

export const endpointsReconciler = 'online-endpoints'

/** How long after the gateway could not come up (its port is taken, say) it is tried again. */
const gatewayAgainMs = 15_000

/**
 * Gives an endpoint its keys and its place in the gateway's table, and lets it go when its deployments have gone. The
 * gateway comes with the first endpoint and goes with the last.
 */
export const reconcileEndpoint: Reconciler = {
  name: endpointsReconciler,
  types: ['workspaces/onlineEndpoints'],
  async reconcile(endpoint, { platform }) {
    if (!endpoint.deleting) {
      await ensureKeys(platform, endpoint.key)
      const { key, etag } = endpoint
      try {
        await servingOf(platform).gateway()
      } catch (error) {
        if (!(error instanceof UserError)) throw error
        const why = { code: error.kind.code, message: error.message }
        await platform.resources.setStatus(key, { provisioningState: 'Failed', error: why }, { etag })
        return { again: gatewayAgainMs }
      }
      await publishRoutes(platform)
      await platform.resources.setStatus(key, { provisioningState: 'Succeeded', error: null }, { etag })
      return
    }
    await publishRoutes(platform)
    const left = await platform.resources.list({
      type: 'workspaces/onlineEndpoints/deployments',
      parent: endpoint.key,
      view: 'all',
      top: 1,
    })
    // The reconciler of the last deployment wakes this one.
    if (left.length > 0) return
    await removeKeys(platform, endpoint.key)
    await platform.resources.purge(endpoint.key)
    const others = await platform.resources.list({ type: 'workspaces/onlineEndpoints', view: 'all', top: 1 })
    if (others.length === 0) await servingOf(platform).dismissGateway()
  },
}
