import type { EventConsumer } from '../../../kernel/platform.ts'
import type { Reconciler } from '../../../kernel/work/reconcile.ts'
import { actionsReconciler, asAction, incidentActionsType } from '../incident-action.ts'
import { actionProperty } from '../job/make.ts'

const incident = /\/providers\/twinloop\/incidents\/[^/]+$/i

/** What becomes of a notice of an incident has the actions looked at that wait for it. */
export const wakeOnNotices: Reconciler = {
  name: 'alerts/notices',
  types: ['notices'],
  async reconcile(notice, { platform }) {
    const { about } = notice.properties
    if (typeof about !== 'string' || !incident.test(about)) return
    const all = await platform.resources.list({ type: incidentActionsType, parent: about, top: 1000 })
    for (const { key, status } of all.map(asAction))
      if (status.state === 'Running') platform.wake(actionsReconciler, key)
  },
}

/** The end of a job has the action looked at that made it. */
export const wakeOnJobs: EventConsumer = {
  name: 'alerts/jobs',
  types: ['Microsoft.MachineLearningServices.RunCompleted'],
  async handle({ data }, platform) {
    const { runProperties } = data as { readonly runProperties?: Readonly<Record<string, string>> }
    const action = runProperties?.[actionProperty]
    if (action !== undefined && action !== '') platform.wake(actionsReconciler, action)
  },
}
