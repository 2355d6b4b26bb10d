import { scopeId } from '../../../kernel/resources/arm-id.ts'
import type { Platform } from '../../../kernel/platform.ts'
import type { Json } from '../../../kernel/resources/resource.ts'
import type { Reconciler } from '../../../kernel/work/reconcile.ts'
import type { Incident } from '../../incidents/incidents.ts'
import { firingIncidents, quietIn } from '../../silences/quiet.ts'
import { policyOf, routingId } from '../policy/routing.ts'
import { alertmanagerReconciler } from '../wake.ts'
import { postable, resendMs, sendAlerts } from './send.ts'

/** How long a resolved alert is told of, for who was away. */
const resolvedMs = 15 * 60_000

/**
 * Pushes the alerts of a workspace that nobody silenced to its Alertmanagers, once a minute while any fires, and for a
 * while after it is over, as Prometheus does. What keeps one from taking them is told on the routing.
 */
export const pushAlerts: Reconciler = {
  name: alertmanagerReconciler,
  types: [],
  async reconcile(resource, { platform, signal }) {
    const workspaceId = scopeId(resource.id) ?? ''
    const { alertmanagers } = await policyOf(platform, workspaceId)
    if (alertmanagers.length === 0) return undefined
    const now = platform.clock()
    const firing = await firingIncidents(platform, workspaceId)
    const quiet = await quietIn(
      platform,
      workspaceId,
      firing.map(({ properties }) => properties.labels),
    )
    const loud = [...firing, ...(await lately(platform, workspaceId, now))].filter(
      ({ properties }) => quiet(properties.labels) === undefined,
    )
    if (loud.length === 0) return undefined
    const alerts = loud.map((incident) => postable(platform, resource.name, incident, now))
    const states: Json[] = []
    for (const alertmanager of alertmanagers) {
      const error = await sendAlerts(platform, workspaceId, alertmanager, alerts, signal)
      states.push({
        alertmanager,
        state: error === undefined ? 'ok' : 'failed',
        ...(error === undefined ? {} : { error }),
      })
    }
    // The same state is not written again: only what changes is news.
    await platform.resources.setStatus(routingId(workspaceId), { alertmanagerStates: states })
    return { again: resendMs }
  },
}

/** Incidents that were resolved a little while ago. */
async function lately(platform: Platform, workspaceId: string, now: Date): Promise<readonly Incident[]> {
  const found = (await platform.resources.list({
    type: 'incidents',
    parent: workspaceId,
    where: { 'status.state': 'Resolved' },
    orderBy: { field: 'modifiedAt', descending: true },
    top: 1000,
  })) as unknown as readonly Incident[]
  return found.filter(({ status }) => Date.parse(status.resolvedAt ?? '') > now.getTime() - resolvedMs)
}
