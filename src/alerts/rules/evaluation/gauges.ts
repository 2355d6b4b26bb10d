import { Gauge } from 'prom-client'
import { together } from '../../../kernel/metrics.ts'
import type { Platform } from '../../../kernel/platform.ts'
import { listAlertStates } from '../../../store/alert-rows.ts'
import { parseRule } from '../grammar/parse.ts'
import { read } from './state.ts'

/**
 * How many alerts of each rule are pending and firing, and which rules cannot be looked at, as gauges: what Prometheus tells
 * of its own rules as `ALERTS`. Read from the store when they are scraped.
 */
export function exposeAlerts(platform: Platform): void {
  const { registry } = platform.metrics
  if (registry.getSingleMetric('twinloop_alerts') !== undefined) return
  const collect = together(refresh)
  const labelNames = ['workspace', 'alertname', 'severity'] as const
  const alerts = new Gauge({
    name: 'twinloop_alerts',
    help: 'Alerts of a rule that are pending or firing.',
    labelNames: [...labelNames, 'state'],
    registers: [registry],
    collect,
  })
  const broken = new Gauge({
    name: 'twinloop_alert_rule_failing',
    help: '1 while a rule cannot be looked at or nothing is measured that it could be about, 0 otherwise.',
    labelNames: [...labelNames, 'why'],
    registers: [registry],
    collect,
  })

  async function refresh(): Promise<void> {
    alerts.reset()
    broken.reset()
    const rules = await platform.resources.list({ type: 'alertRules', view: 'all', top: 100_000 })
    const states = new Map(
      (await listAlertStates(platform.store.db)).map((row) => [row.rule, read(row.state)]),
    )
    for (const { key, name, scope, properties } of rules) {
      const state = states.get(key)
      const { rule } = parseRule(properties)
      if (state === undefined || rule === undefined) continue
      const of = { workspace: scope.split('/').at(-1) ?? '', alertname: name, severity: rule.severity }
      for (const { state: how } of state.alerts.values())
        if (how !== 'resolved') alerts.inc({ ...of, state: how })
      for (const why of ['error', 'no_data'] as const)
        broken.set({ ...of, why }, rule.enabled && state.outcome === why ? 1 : 0)
    }
  }
}
