import type { Reconciler } from '../../../kernel/work/reconcile.ts'
import { actionsReconciler, asAction, incidentActions } from '../incident-action.ts'

const incident = /\/providers\/twinloop\/incidents\/[^/]+$/i

/** What becomes of a notice of an incident has the actions looked at that wait for it. */
export const wakeOnNotices: Reconciler = {
  name: 'alerts/notices',
  types: ['notices'],
  async reconcile(notice, { platform }) {
    const { about } = notice.properties
    if (typeof about !== 'string' || !incident.test(about)) return
    const all = await platform.resources.list({ type: incidentActions.type, parent: about, top: 1000 })
    for (const { key, status } of all.map(asAction))
      if (status.state === 'Running') platform.wake(actionsReconciler, key)
  },
}
