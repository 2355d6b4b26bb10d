import type { Labels } from '../machine.ts'
import type { AlertRule, Condition } from '../rule.ts'

/**
 * The labels by which an alert is grouped, silenced and told of: what the rule found, what it looked for, what it says, and
 * `alertname` and `severity`; the later ones win.
 */
export const alertLabels = (name: string, rule: AlertRule, found: Labels): Labels => ({
  ...selected(rule.condition),
  ...found,
  ...rule.labels,
  alertname: name,
  severity: rule.severity,
})

function selected(condition: Condition): Labels {
  switch (condition.kind) {
    case 'threshold':
    case 'absent':
    case 'anomaly':
      return condition.of.where
    case 'burn_rate':
      return condition.all.where
    case 'signal':
      return condition.where
  }
}

/** What an alert's labels say beyond those of its rule, in words: `carrier AA, origin JFK`. */
export const distinguished = (labels: Labels): string =>
  Object.entries(labels)
    .filter(([name, value]) => !['alertname', 'severity'].includes(name) && value !== '')
    .map(([name, value]) => `${name} ${value}`)
    .join(', ')
