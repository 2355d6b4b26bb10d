import { ruleWords } from '../../../alerts/rules/grammar/words.ts'
import type { Infer, Shape } from '../shape.ts'
import { spoken, wordsOf } from './spoken.ts'

const ruleFields = wordsOf('an alert rule', 'alert_rule', ruleWords)
export type AlertRuleFile = Infer<typeof ruleFields>

const routingFields = wordsOf('an alert routing', 'alert_routing', [
  'receivers',
  'route',
  'inhibit_rules',
  'alertmanagers',
])
export type AlertRoutingFile = Infer<typeof routingFields>

const silenceFields = wordsOf('a silence', 'silence', [
  'matchers',
  'from',
  'to',
  'for',
  'time_zone',
  'reason',
])
export type SilenceFile = Infer<typeof silenceFields>

export const alertRule: Shape<AlertRuleFile> = spoken(ruleFields, 'alertRule')
export const alertRouting: Shape<AlertRoutingFile> = spoken(routingFields, 'alertRouting')
export const silence: Shape<SilenceFile> = spoken(silenceFields, 'silence')
