import { fieldsOf, optional, perhaps } from '../../../kernel/grammar/fields.ts'
import { below, complain, isMap, isText, shown } from '../../../kernel/grammar/place.ts'
import type { Fields, Mistake, Place } from '../../../kernel/grammar/place.ts'
import { duration, flag, listOf, text } from '../../../kernel/grammar/values.ts'
import type { Read } from '../../../kernel/grammar/values.ts'
import { nearest } from '../../../kernel/nearest.ts'
import type { Json } from '../../../kernel/resources/resource.ts'
import { readMatchers } from '../read-matchers.ts'
import type { Inhibition } from '../mute.ts'
import { silentPolicy, type AlertReceiver, type Policy, type Route } from './policy.ts'

/** The words of a routing, as YAML and REST have them. */
export const policyWords = ['receivers', 'route', 'inhibit_rules', 'alertmanagers'] as const
const says = { what: 'an alert routing', example: 'receivers: [{ name: ops, webhook: [ops-chat] }]' }

/** Reads a routing as a person writes it; every mistake with its place. */
export function parsePolicy(properties: Json): {
  readonly policy?: Policy
  readonly mistakes: readonly Mistake[]
} {
  const place: Place = { path: [], mistakes: [] }
  const policy = readPolicy(place, properties)
  return place.mistakes.length === 0 && policy !== undefined
    ? { policy, mistakes: [] }
    : { mistakes: place.mistakes }
}

function readPolicy(place: Place, properties: Json): Policy | undefined {
  const fields = fieldsOf(place, properties, policyWords, says)
  if (fields === undefined) return undefined
  const receivers = optional(place, fields, 'receivers', listOf(readReceiver, { what: 'receivers' }), [])
  const names = (receivers ?? []).map(({ name }) => name)
  for (const [i, name] of names.entries())
    if (names.indexOf(name) !== i)
      complain(below(place, 'receivers', i, 'name'), `: there is another receiver '${name}'`)
  const inhibitions = optional(
    place,
    fields,
    'inhibit_rules',
    listOf(readInhibition, { what: 'inhibitions' }),
    [],
  )
  const alertmanagers = optional(
    place,
    fields,
    'alertmanagers',
    listOf(text, { single: true, what: 'Alertmanagers' }),
    [],
  )
  const route = readRoot(place, fields, names)
  return receivers && inhibitions && alertmanagers && route
    ? { receivers, route, inhibitions, alertmanagers }
    : undefined
}

const addresses = listOf(text, { single: true, what: 'addresses' })
const connections = listOf(text, { single: true, what: 'names of connections' })

const readReceiver: Read<AlertReceiver> = (place, value) => {
  const fields = fieldsOf(place, value, ['name', 'email', 'webhook', 'send_resolved'], {
    what: 'a receiver',
    example: '{ name: ops, email: [ops@example.org], webhook: [ops-chat] }',
  })
  if (fields === undefined) return undefined
  const name =
    fields['name'] == null
      ? complain(place, ' has no name', { hint: 'routes name their receiver' })
      : text(below(place, 'name'), fields['name'])
  const email = optional(place, fields, 'email', addresses, [])
  const webhook = optional(place, fields, 'webhook', connections, [])
  const sendResolved = optional(place, fields, 'send_resolved', flag, true)
  for (const [i, address] of (email ?? []).entries())
    if (!/^[^\s@]+@[^\s@]+$/.test(address))
      complain(below(place, 'email', i), `: ${shown(address)} is not a mail address`)
  return name !== undefined && email && webhook && sendResolved !== undefined
    ? { name, email, webhook, sendResolved }
    : undefined
}

const routeWords = [
  'receiver',
  'matchers',
  'group_by',
  'group_wait',
  'group_interval',
  'repeat_interval',
  'continue',
  'routes',
]

/** The tree's root; without one, everything goes to the only receiver. */
function readRoot(place: Place, fields: Fields, names: readonly string[]): Route | undefined {
  const [only, second] = names
  const at = below(place, 'route')
  if (fields['route'] == null) {
    if (only === undefined) return silentPolicy.route
    if (second === undefined) return { ...silentPolicy.route, receiver: only }
    return complain(place, 'A routing with several receivers says who is told of what', {
      hint: `route: { receiver: ${only}, routes: […] }`,
    })
  }
  const route = readRoute(at, fields['route'], {
    ...silentPolicy.route,
    receiver: only !== undefined && second === undefined ? only : '',
  })
  if (route === undefined) return undefined
  if (route.matchers.length > 0)
    return complain(below(at, 'matchers'), ': the first route takes everything', {
      hint: 'write them in routes: below it',
    })
  if (route.receiver === '' && names.length > 0)
    return complain(at, ' names no receiver', { hint: `one of ${names.join(', ')}` })
  return checkReceivers(at, route, names) ? route : undefined
}

function readRoute(place: Place, value: unknown, parent: Route): Route | undefined {
  if (isMap(value) && (value['mute_time_intervals'] ?? value['active_time_intervals']) != null)
    return complain(place, ': times in which nobody is told are silences here', {
      hint: 'twinloop silence create, with from: "0 18 * * FRI" and for: 62h',
    })
  const fields = fieldsOf(place, value, routeWords, {
    what: 'a route',
    example: '{ receiver: ops, group_by: [alertname], routes: […] }',
  })
  if (fields === undefined) return undefined
  const { patience } = parent
  const receiver = optional(place, fields, 'receiver', text, parent.receiver)
  const matchers = optional(place, fields, 'matchers', readMatchers, [])
  const groupBy = optional<Route['groupBy']>(place, fields, 'group_by', readGroupBy, parent.groupBy)
  const waitMs = optional(place, fields, 'group_wait', pause, patience.waitMs)
  const intervalMs = optional(place, fields, 'group_interval', duration, patience.intervalMs)
  const repeatMs = optional(place, fields, 'repeat_interval', duration, patience.repeatMs)
  const goesOn = optional(place, fields, 'continue', flag, false)
  if (receiver === undefined || !matchers || !groupBy || waitMs === undefined || !intervalMs) return undefined
  if (!repeatMs || goesOn === undefined) return undefined
  const own: Route = {
    receiver,
    matchers,
    groupBy,
    patience: { waitMs, intervalMs, repeatMs },
    goesOn,
    routes: [],
  }
  const child: Read<Route> = (at, one) => readRoute(at, one, own)
  const routes = optional(place, fields, 'routes', listOf(child, { what: 'routes' }), [])
  return routes === undefined ? undefined : { ...own, routes }
}

/** A time that may be none at all. */
const pause: Read<number> = (place, value) =>
  value === 0 || (isText(value) && /^0\s*[smhd]?$/.test(value.trim())) ? 0 : duration(place, value)

const readGroupBy: Read<Route['groupBy']> = (place, value) => {
  // Alertmanager's own way to say: by all labels.
  if (value === '...' || (Array.isArray(value) && value.length === 1 && value[0] === '...')) return 'all'
  if (Array.isArray(value) && value.length === 0) return []
  return listOf(text, { single: true, what: 'names of labels' })(place, value)
}

function checkReceivers(place: Place, route: Route, names: readonly string[]): boolean {
  const isKnown = route.receiver === '' || names.includes(route.receiver)
  if (!isKnown) {
    const near = nearest(route.receiver, names)
    complain(below(place, 'receiver'), `: there is no receiver '${route.receiver}'`, {
      hint: near === undefined ? `one of ${names.join(', ') || '(none)'}` : `did you mean ${near}?`,
    })
  }
  return (
    route.routes.map((child, i) => checkReceivers(below(place, 'routes', i), child, names)).every(Boolean) &&
    isKnown
  )
}

const readInhibition: Read<Inhibition> = (place, value) => {
  const fields = fieldsOf(place, value, ['source_matchers', 'target_matchers', 'equal'], {
    what: 'an inhibition',
    example:
      '{ source_matchers: [severity="page"], target_matchers: [severity="warning"], equal: [endpoint] }',
  })
  if (fields === undefined) return undefined
  const source = readMatchers(below(place, 'source_matchers'), fields['source_matchers'])
  const target = readMatchers(below(place, 'target_matchers'), fields['target_matchers'])
  const equal = perhaps(place, fields, 'equal', listOf(text, { single: true, what: 'names of labels' }))
  return source && target ? { source, target, equal: equal ?? [] } : undefined
}
