import type { Room } from '../kernel/platform.ts'
import { actionParts } from './actions/parts.ts'
import { incidents } from './incidents/incidents.ts'
import { alertRouting } from './routing/policy/routing.ts'
import { routeAlerts } from './routing/reconcile.ts'
import { alertRules } from './rules/alert-rules.ts'
import { lookAfterRuns } from './rules/evaluation/on-runs.ts'
import { evaluateRules } from './rules/evaluation/reconcile.ts'
import { silences, silencesReconciler } from './silences/silences.ts'

/** Elements 9 and 10: rules about what is measured and monitored, the incidents that they open, and who is told of them. */
export const alerts: Room = {
  name: 'alerts',
  definitions: [alertRules, incidents, silences, alertRouting, ...actionParts.definitions],
  reconcilers: [evaluateRules, routeAlerts, silencesReconciler, ...actionParts.reconcilers],
  consumers: [lookAfterRuns, ...actionParts.consumers],
}
