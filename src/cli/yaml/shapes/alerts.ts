import { anything, choice, object } from '../shape.ts'
import { spoken } from './spoken.ts'
import type { Infer, Shape } from '../shape.ts'
import { header } from './values.ts'

const ruleFields = object('an alert rule', {
  ...header,
  type: choice('alert_rule'),
  when: anything(),
  every: anything(),
  severity: anything(),
  labels: anything(),
  annotations: anything(),
  no_data: anything(),
  limit: anything(),
  actions: anything(),
  cool_down: anything(),
  enabled: anything(),
})
export type AlertRuleFile = Infer<typeof ruleFields>

const routingFields = object('an alert routing', {
  ...header,
  type: choice('alert_routing'),
  receivers: anything(),
  route: anything(),
  inhibit_rules: anything(),
  alertmanagers: anything(),
})
export type AlertRoutingFile = Infer<typeof routingFields>

const silenceFields = object('a silence', {
  ...header,
  type: choice('silence'),
  matchers: anything(),
  from: anything(),
  to: anything(),
  for: anything(),
  time_zone: anything(),
  reason: anything(),
})
export type SilenceFile = Infer<typeof silenceFields>

export const alertRule: Shape<AlertRuleFile> = spoken(ruleFields, 'alertRule')
export const alertRouting: Shape<AlertRoutingFile> = spoken(routingFields, 'alertRouting')
export const silence: Shape<SilenceFile> = spoken(silenceFields, 'silence')
