import { scopeId } from '../../kernel/resources/arm-id.ts'
import type { Platform } from '../../kernel/platform.ts'
import type { Reconciler } from '../../kernel/work/reconcile.ts'
import type { Incident } from '../incidents/incidents.ts'
import { changeIncident } from '../incidents/timeline.ts'
import { planAgain } from '../rules/evaluation/settle.ts'
import { firingIncidents, quietIn, type Quiet } from '../silences/quiet.ts'
import { policyOf } from './policy/routing.ts'
import { tellGroups } from './telling/tell.ts'
import { routingReconciler, wakeRouting } from './wake.ts'

/**
 * Sees, of one workspace, that its incidents say who keeps them quiet, and that those are told of them whom its routing
 * names, when it says so.
 */
export const routeAlerts: Reconciler = {
  name: routingReconciler,
  types: ['alertRouting'],
  async reconcile(resource, { platform }) {
    if (resource.type === 'alertRouting') return wakeRouting(platform, resource.scope)
    const workspaceId = scopeId(resource.id) ?? ''
    const firing = await firingIncidents(platform, workspaceId)
    const quiet = await quietIn(
      platform,
      workspaceId,
      firing.map(({ properties }) => properties.labels),
    )
    for (const incident of firing) await sayWhoQuiets(platform, incident, quiet)
    const policy = await policyOf(platform, workspaceId)
    const again = await tellGroups(platform, workspaceId, policy, { firing, quiet })
    return again === undefined ? undefined : { again: Math.max(again - platform.clock().getTime(), 0) }
  },
}

/** Writes into an incident why nobody is told of it. When that ends, what it kept back is done. */
async function sayWhoQuiets(platform: Platform, incident: Incident, quiet: Quiet): Promise<void> {
  const reason = quiet(incident.properties.labels)
  if (reason === incident.status.silencedBy) return
  const changed = await changeIncident(platform, incident.key, ({ status }) =>
    status.state === 'Resolved' || status.silencedBy === reason
      ? undefined
      : {
          state: { silencedBy: reason ?? null },
          happened: [{ what: reason === undefined ? 'people are told again' : `nobody is told: ${reason}` }],
        },
  )
  if (changed !== undefined && reason === undefined) await planAgain(platform, changed)
}
