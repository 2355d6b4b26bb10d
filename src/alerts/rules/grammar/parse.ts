import { below, complain, isMap, shown } from '../../../kernel/grammar/place.ts'
import type { Mistake, Place } from '../../../kernel/grammar/place.ts'
import { fieldsOf, optional } from '../../../kernel/grammar/fields.ts'
import { count, duration, flag, oneOf, text } from '../../../kernel/grammar/values.ts'
import type { Read } from '../../../kernel/grammar/values.ts'
import type { Json } from '../../../kernel/resources/resource.ts'
import type { Labels } from '../machine.ts'
import type { AlertRule, PlannedAction } from '../rule.ts'
import { readCondition, readHolding } from './condition.ts'
import { ruleWords } from './words.ts'

const minuteMs = 60_000
/** With those that every resource may have. */
const allWords = [...ruleWords, 'description', 'tags', 'properties']
const says = { what: 'an alert rule', example: 'when: { metric: NAME, above: 0.8, for: 10m }' }

/**
 * Reads an alert rule as a person writes it, in YAML or as properties of the resource. A rule whenever nothing is wrong
 * with it; otherwise every mistake with its place.
 */
export function parseRule(properties: Json): {
  readonly rule?: AlertRule
  readonly mistakes: readonly Mistake[]
} {
  const place: Place = { path: [], mistakes: [] }
  const rule = readRule(place, properties)
  return place.mistakes.length === 0 && rule !== undefined
    ? { rule, mistakes: [] }
    : { mistakes: place.mistakes }
}

function readRule(place: Place, properties: Json): AlertRule | undefined {
  const { evaluation: _, isArchived: _archived, ...own } = properties
  const fields = fieldsOf(place, own, allWords, says)
  if (fields === undefined) return undefined
  if (fields['when'] === undefined || fields['when'] === null)
    return complain(place, 'An alert rule says when it fires', { hint: says.example })
  const when = below(place, 'when')
  const condition = readCondition(when, fields['when'])
  const holding = readHolding(when, fields['when'])
  const limit = optional(place, fields, 'limit', count, 0)
  const everyMs = optional(place, fields, 'every', duration, minuteMs)
  const severity = optional(place, fields, 'severity', text, 'warning')
  const labels = optional(place, fields, 'labels', words, {})
  const annotations = optional(place, fields, 'annotations', words, {})
  const noData = optional(place, fields, 'no_data', oneOf('ok', 'keep', 'alert'), 'keep')
  const actions = optional(place, fields, 'actions', readActions, [])
  const coolDownMs = optional(place, fields, 'cool_down', duration, 0)
  const enabled = optional(place, fields, 'enabled', flag, true)
  if (!condition || !holding || limit === undefined || !everyMs || !severity || !labels || !annotations)
    return undefined
  if (!noData || !actions || coolDownMs === undefined || enabled === undefined) return undefined
  if (everyMs < minuteMs / 4)
    return complain(below(place, 'every'), ': rules are looked at every 15 seconds at most')
  return {
    condition,
    holding: { ...holding, limit },
    everyMs,
    severity,
    labels,
    annotations,
    noData,
    actions,
    coolDownMs,
    enabled,
  }
}

const words: Read<Labels> = (place, value) => {
  if (!isMap(value)) return complain(place, `: ${shown(value)} is not a map of texts`)
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, one]) => {
      const plain = typeof one === 'number' || typeof one === 'boolean' ? String(one) : one
      const read = text(below(place, key), plain)
      return read === undefined ? [] : [[key, read]]
    }),
  )
}

/** `[notify: {…}, retrain: {…}]`: each a map of one word, with what stands `then:` beside it, or the bare word. */
const readActions: Read<readonly PlannedAction[]> = (place, value) => {
  if (!Array.isArray(value))
    return complain(place, `: ${shown(value)} is not a list of actions`, { hint: '[notify: { email: […] }]' })
  return value.flatMap((item, i) => {
    const read = readAction(below(place, i), item)
    return read === undefined ? [] : [read]
  })
}

function readAction(place: Place, item: unknown): PlannedAction | undefined {
  if (typeof item === 'string') return { kind: item, parameters: {} }
  if (!isMap(item))
    return complain(place, `: ${shown(item)} is not an action`, { hint: 'notify: { email: […] }' })
  const { then, ...own } = item
  const [[kind, parameters] = [], second] = Object.entries(own)
  if (kind === undefined || second !== undefined)
    return complain(place, ' is not one action', { hint: 'a list item for each' })
  if (parameters !== null && !isMap(parameters))
    return complain(below(place, kind), `: ${shown(parameters)} is not what an action is told`, {
      hint: '{ … }',
    })
  if (then !== undefined && typeof then !== 'string')
    return complain(below(place, 'then'), `: ${shown(then)} is not a word`, { hint: 'then: release' })
  return { kind, parameters: parameters ?? {}, ...(then === undefined ? {} : { afterwards: then }) }
}
