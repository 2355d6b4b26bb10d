import type { EventConsumer } from '../../../kernel/platform.ts'
import { runCompleted } from '../../../monitoring/runs/steps/finish.ts'
import { hastenAlertState } from '../../../store/alert-rows.ts'
import { parseRule } from '../grammar/parse.ts'
import { rulesReconciler } from './reconcile.ts'

/** Has the rules about signals looked at as soon as a monitor has computed one, whatever their rhythm. */
export const lookAfterRuns: EventConsumer = {
  name: 'alerts/after-runs',
  types: [runCompleted],
  async handle({ source }, platform) {
    const rules = await platform.resources.list({ type: 'alertRules', parent: source, top: 100_000 })
    for (const { key, properties } of rules) {
      if (parseRule(properties).rule?.condition.kind !== 'signal') continue
      await hastenAlertState(platform.store.db, key)
      platform.wake(rulesReconciler, key)
    }
  },
}
