import type { Mistake } from '../../../kernel/grammar/place.ts'
import { anything, choice, object, report } from '../shape.ts'
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

type Words = Readonly<Record<string, unknown>>

/** Fields as any file has them, and in them what the server's own grammar says of each, at its place in the file. */
function spoken<T extends object>(
  fields: Shape<T>,
  parser: () => Promise<(words: Words) => readonly Mistake[]>,
): Shape<T> {
  let mistakesIn: ((words: Words) => readonly Mistake[]) | undefined
  return {
    says: fields.says,
    async load() {
      mistakesIn = await parser()
    },
    read(reading, node, path) {
      const before = reading.problems.length
      const value = fields.read(reading, node, path)
      if (value === undefined || reading.problems.slice(before).some((p) => p.severity === 'error'))
        return value
      for (const { path: at, part, message, hint } of mistakesIn?.(ownWords(value)) ?? [])
        report(reading, [...path, ...at], message, { part, hint })
      return value
    },
  }
}

/** A file's words without those that every file has. */
const ownWords = (value: object): Words =>
  Object.fromEntries(
    Object.entries(value).filter(([word, one]) => one !== undefined && !(word in header) && word !== 'type'),
  )

export const alertRule: Shape<AlertRuleFile> = spoken(ruleFields, async () => {
  const { parseRule } = await import('../../../alerts/rules/grammar/parse.ts')
  const { readActions } = await import('../../../alerts/actions/planning/read.ts')
  return (words) => {
    const { rule, mistakes } = parseRule(words)
    return rule === undefined ? mistakes : readActions(rule.actions).mistakes
  }
})

export const alertRouting: Shape<AlertRoutingFile> = spoken(routingFields, async () => {
  const { parsePolicy } = await import('../../../alerts/routing/policy/parse.ts')
  return (words) => parsePolicy(words).mistakes
})

export const silence: Shape<SilenceFile> = spoken(silenceFields, async () => {
  const { parseSilence } = await import('../../../alerts/silences/silence.ts')
  return (words) => parseSilence(words, new Date()).mistakes
})
