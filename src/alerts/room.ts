import type { Platform, Room } from '../kernel/platform.ts'
import { actionParts } from './actions/parts.ts'
import { alertEventTypes } from './event-types.ts'
import { alertGrammars } from './grammars.ts'
import { watchClock } from './clock.ts'
import { incidents } from './incidents/incidents.ts'
import { forgetOldIncidents } from './incidents/retention.ts'
import { incidentSummaries } from './incidents/summaries.ts'
import { exportAlertRules } from './prometheus/export.ts'
import { pushAlerts } from './routing/alertmanager/push.ts'
import { alertRouting } from './routing/policy/routing.ts'
import { routeAlerts } from './routing/reconcile.ts'
import { wakeRouting } from './routing/wake.ts'
import { alertRules } from './rules/alert-rules.ts'
import { exposeAlerts } from './rules/evaluation/gauges.ts'
import { lookAfterRuns } from './rules/evaluation/on-runs.ts'
import { evaluateRules, rulesReconciler } from './rules/evaluation/reconcile.ts'
import { silences, silencesReconciler } from './silences/silences.ts'

const clocks = new WeakMap<Platform, ReturnType<typeof watchClock>>()

/** Elements 9 and 10: rules about what is measured and monitored, the incidents that they open, and who is told of them. */
export const alerts: Room = {
  name: 'alerts',
  definitions: [alertRules, incidents, silences, alertRouting, ...actionParts.definitions],
  grammars: alertGrammars,
  eventTypes: alertEventTypes,
  actions: { workspaces: { exportAlertRules, incidentSummaries } },
  reconcilers: [evaluateRules, routeAlerts, pushAlerts, silencesReconciler, ...actionParts.reconcilers],
  consumers: [lookAfterRuns, ...actionParts.consumers],
  async start(platform) {
    exposeAlerts(platform)
    clocks.set(
      platform,
      watchClock(platform, () => wakeAll(platform)),
    )
    // What was to be told when a server ended is told by the next.
    await wakeAll(platform)
  },
  tidy: forgetOldIncidents,
  async stop(platform) {
    clocks.get(platform)?.stop()
  },
}

/** Has every rule looked at that is due, and every workspace's alerts told of. */
async function wakeAll(platform: Platform): Promise<void> {
  const rules = await platform.resources.list({ type: 'alertRules', view: 'all', top: 100_000 })
  for (const { key } of rules) platform.wake(rulesReconciler, key)
  for (const scope of new Set(rules.map((rule) => rule.scope))) wakeRouting(platform, scope)
}
