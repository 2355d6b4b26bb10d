import type { Platform } from '../../../kernel/platform.ts'
import type { Reconciler } from '../../../kernel/work/reconcile.ts'
import { actions } from '../actions.ts'
import { actionsReconciler, incidentActionsType, type IncidentAction } from '../incident-action.ts'
import { make } from './plan.ts'

/** Has an action that was done do what it does when its incident is over: `{incident}/actions/{i}-{kind}-resolved`, once. */
export async function planResolution(platform: Platform, action: IncidentAction): Promise<void> {
  const { properties, status, id } = action
  if (actions.find(({ name }) => name === properties.kind)?.resolve === undefined) return
  await make(platform, `${id}-resolved`, {
    ...properties,
    phase: 'resolved',
    key: `${properties.key}-resolved`,
    before: status.working ?? {},
  })
}

/** The end of an incident has its actions looked at: what was told is told to be over, and what waits for approval lapses. */
export const incidentEnds: Reconciler = {
  name: 'alerts/incident-ends',
  types: ['incidents'],
  async reconcile(incident, { platform }) {
    if (incident.status['state'] !== 'Resolved') return
    const all = await platform.resources.list({ type: incidentActionsType, parent: incident.key, top: 1000 })
    for (const { key } of all) platform.wake(actionsReconciler, key)
  },
}
