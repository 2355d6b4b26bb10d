import { parseRule } from '../../../../../src/alerts/rules/grammar/parse.ts'
import { lasting, limitOf, subjectOf } from '../../../../../src/alerts/rules/evaluation/words.ts'
import type { AlertRule, Condition } from '../../../../../src/alerts/rules/rule.ts'

type Words = Readonly<Record<string, unknown>>

/** What of a rule's properties people write: the rest is what the server adds. */
export function ownWords(properties: Words): Words {
  const { evaluation: _e, warnings: _w, provisioningState: _p, isArchived: _i, ...words } = properties
  return Object.fromEntries(
    Object.entries(words).filter(
      ([, value]) => value != null && !(typeof value === 'object' && Object.keys(value).length === 0),
    ),
  )
}

/** When a rule fires, in sentences; undefined of one that cannot be read. */
export function ruleInWords(properties: Words): readonly string[] | undefined {
  const { rule } = parseRule(ownWords(properties))
  return rule === undefined
    ? undefined
    : [`Fires when ${conditionInWords(rule.condition)}.`, ...restInWords(rule)]
}

/** A condition in words: `p99 of latency_seconds > 500 ms over 1m, for each endpoint`. */
export function conditionInWords(condition: Condition): string {
  switch (condition.kind) {
    case 'threshold': {
      const { of, by } = condition
      return `${subjectOf(condition)} ${limitOf(condition)} over ${lasting(of.overMs)}${ofLabels(of.where)}${forEach(by)}`
    }
    case 'signal': {
      const { windows, monitor, where } = condition
      const many = windows === 1 ? '' : ` in ${windows} windows one after another`
      return `${subjectOf(condition)} ${limitOf(condition)}${many}${monitor === undefined ? '' : `, of monitor ${monitor}`}${ofLabels(where)}`
    }
    case 'burn_rate': {
      const { bad, all, objective, windows, by } = condition
      const budget = Number(((1 - objective) * 100).toPrecision(6))
      const fast = windows.map(
        ({ longMs, shortMs, factor }) =>
          `${factor} times too fast in ${lasting(longMs)} and still in ${lasting(shortMs)}`,
      )
      return `the error budget (${budget} % of ${all.metric}${ofLabels(all.where)} may be ${bad.metric}${ofLabels(bad.where)}) is used up ${fast.join(', or ')}${forEach(by)}`
    }
    case 'anomaly': {
      const { of, by, seasonMs, seasons, deviations, direction } = condition
      const how = { both: 'away from', above: 'above', below: 'below' }[direction]
      return `${subjectOf(condition)} over ${lasting(of.overMs)}${ofLabels(of.where)} is ${deviations} standard deviations ${how} what it was at this time in ${seasons} times ${lasting(seasonMs)} before${forEach(by)}`
    }
    case 'absent':
      return `${condition.of.metric}${ofLabels(condition.of.where)} was not measured for ${lasting(condition.overMs)}`
  }
}

const ofLabels = (labels: Readonly<Record<string, string>>) => {
  const said = Object.entries(labels).map(([name, value]) => `${name} ${value}`)
  return said.length === 0 ? '' : ` of ${said.join(', ')}`
}
const forEach = (by: readonly string[]) => (by.length === 0 ? '' : `, for each ${by.join(' and ')}`)

function restInWords({ holding, everyMs, noData, condition }: AlertRule): readonly string[] {
  const { forMs, keepFiringForMs } = holding
  const looked = condition.kind === 'signal' ? ' and whenever a monitor has run' : ''
  const nothing = {
    keep: 'what it is stays as it is',
    ok: 'it is over',
    alert: 'that is an alert, too',
  }[noData]
  return [
    ...(forMs > 0 ? [`It has to be so for ${lasting(forMs)} before it fires.`] : []),
    ...(keepFiringForMs > 0 ? [`It goes on firing for ${lasting(keepFiringForMs)} after it ceased.`] : []),
    `It is looked at every ${lasting(everyMs)}${looked}; where nothing is measured, ${nothing}.`,
  ]
}
