import { lasting } from '../../../../../src/alerts/rules/evaluation/words.ts'
import type { Matcher } from '../../../../../src/alerts/routing/matchers.ts'
import { parsePolicy, policyWords } from '../../../../../src/alerts/routing/policy/parse.ts'
import {
  groupLabels,
  routesOf,
  type Policy,
  type Route,
} from '../../../../../src/alerts/routing/policy/policy.ts'
import type { Inhibition } from '../../../../../src/alerts/routing/mute.ts'

type Words = Readonly<Record<string, unknown>>

/** The policy that a routing's properties are; undefined of one that cannot be read here. */
export function policyOf(properties: Words): Policy | undefined {
  const own = Object.entries(properties).filter(([word]) => (policyWords as readonly string[]).includes(word))
  return parsePolicy(Object.fromEntries(own)).policy
}

const written = ({ label, operator, value }: Matcher) => `${label}${operator}"${value}"`
export const matchersInWords = (matchers: readonly Matcher[]): string =>
  matchers.length === 0 ? 'all alerts' : matchers.map(written).join(' and ')

/** How a route tells: `in groups of the same endpoint; after 30s, of changes every 5m, again every 4h`. */
export function patienceInWords({ groupBy, patience }: Route): string {
  const groups =
    groupBy === 'all'
      ? 'each alert alone'
      : groupBy.length === 0
        ? 'all in one group'
        : `in groups of the same ${groupBy.join(' and ')}`
  const { waitMs, intervalMs, repeatMs } = patience
  return `${groups}; after ${lasting(waitMs)}, of changes every ${lasting(intervalMs)}, again every ${lasting(repeatMs)}`
}

export const inhibitionInWords = ({ source, target, equal }: Inhibition): string =>
  `${matchersInWords(source)} keeps quiet ${matchersInWords(target)}${equal.length === 0 ? '' : `, where ${equal.join(' and ')} ${equal.length === 1 ? 'is' : 'are'} the same`}`

/** `endpoint=flights` on each line; what is none is a mistake. */
export function readLabels(text: string): {
  readonly labels: Readonly<Record<string, string>>
  readonly mistake?: string
} {
  const labels: Record<string, string> = {}
  for (const line of text.split('\n').filter((one) => one.trim() !== '')) {
    const [, name, value] = /^\s*([a-zA-Z_]\w*)\s*=\s*"?(.*?)"?\s*$/.exec(line) ?? []
    if (name === undefined)
      return { labels, mistake: `'${line.trim()}' is no label; write name=value, such as severity=page.` }
    labels[name] = value ?? ''
  }
  return { labels }
}

/** Where an alert with these labels would go: the routes, in the order in which they are asked, with who is told. */
export function whereTo(policy: Policy, labels: Readonly<Record<string, string>>) {
  return routesOf(policy.route, labels).map(({ route }) => {
    const receiver = policy.receivers.find(({ name }) => name === route.receiver)
    return {
      route,
      receiver: route.receiver,
      to: [...(receiver?.email ?? []), ...(receiver?.webhook ?? [])],
      group: groupLabels(route, labels),
    }
  })
}
