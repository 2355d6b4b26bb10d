import { z } from 'zod'
import type { Actor } from '../../../kernel/access/access.ts'
import { errors } from '../../../kernel/errors.ts'
import type { Platform } from '../../../kernel/platform.ts'
import { scopeId } from '../../../kernel/resources/arm-id.ts'
import type { Action, Json } from '../../../kernel/resources/resource.ts'
import { parseOrThrow, textMap } from '../../../kernel/resources/schema.ts'
import { rehearseActions } from '../../actions/planning/rehearse.ts'
import { alertLabels } from '../evaluation/labels.ts'
import {
  filled,
  inUnit,
  lasting,
  limitOf,
  measureOf,
  sentenceOf,
  subjectOf,
  unitOf,
} from '../evaluation/words.ts'
import type { Finding } from '../machine.ts'
import { checkReferences } from '../references.ts'
import type { AlertRule } from '../rule.ts'
import { ruleSchema } from '../schema.ts'
import { ruleIn } from '../stored.ts'
import { pastOf, type Past } from './past.ts'
import type { Spell } from './replay.ts'
import { thresholdOf } from './values.ts'

const dayMs = 86_400_000
const defaultDays = 30
/** So many times of pending and firing are told of series, the latest. */
const mostSpells = 500

const input = z.strictObject({
  /** A rule that is not kept; default: the one of this name. */
  properties: z.record(z.string(), z.unknown()).optional(),
  /** How far back, in days. */
  days: z.number().positive().max(365).optional(),
  /** The time that is looked at, instead of `days`; of signals every window is, whatever its time. */
  from: z.iso.datetime({ offset: true }).optional(),
  to: z.iso.datetime({ offset: true }).optional(),
  /** Only what an alert with these labels could be about. */
  labels: textMap.optional(),
  /** True: also the values that it looked at, and when it would have been pending and firing. */
  series: z.boolean().optional(),
  /** False: without what its actions would do. */
  actions: z.boolean().optional(),
})
type Input = z.infer<typeof input>

/**
 * `POST {rule}/test`: when the rule would have fired in the past, and what its actions would do; nothing of it happens. The
 * rule is the one that is kept, or the one that is sent.
 */
export const testRule: Action = {
  operation: 'read',
  input,
  async runAhead({ platform, actor, id, input: given }) {
    const asked = given as Input
    const properties =
      asked.properties === undefined
        ? (await platform.resources.get(id)).properties
        : parseOrThrow(ruleSchema, asked.properties, 'The alert rule', 'properties')
    const workspaceId = scopeId(id)
    if (workspaceId === undefined)
      throw errors.badRequest(`An alert rule belongs to a workspace; '${id}' is not in one.`)
    const rule = ruleIn(properties)
    // A rule that is kept was checked when it was written; what has gone since does not keep one from looking back.
    const isLookedAtOnly = asked.properties === undefined && asked.actions === false
    const { warnings } = isLookedAtOnly
      ? { warnings: [] }
      : await checkReferences(platform, workspaceId, rule, actor)
    const { labels } = asked
    const past = await pastOf(platform, actor, workspaceId, {
      rule,
      ...timeOf(asked, platform.clock().getTime()),
      ...(labels === undefined ? {} : { labels }),
    })
    const name = id.split('/').at(-1) ?? ''
    return { body: await told(platform, { actor, workspaceId, name, rule, warnings, asked }, past) }
  },
}

/** The time that is looked at; throws validation for one that is empty, longer than a year or to come. */
function timeOf({ days = defaultDays, from, to }: Input, now: number): { from: number; to: number } {
  const end = to === undefined ? now : Math.min(Date.parse(to), now)
  const begin = from === undefined ? end - days * dayMs : Date.parse(from)
  if (begin >= end)
    throw errors.validation(
      `There is nothing to look at: ${new Date(begin).toISOString()} is not before ${new Date(end).toISOString()}.`,
      { target: 'from' },
    )
  if (end - begin > 365 * dayMs)
    throw errors.validation('A rule is tried on a year at most.', { target: 'from' })
  return { from: begin, to: end }
}

interface Told {
  readonly actor: Actor
  readonly workspaceId: string
  readonly name: string
  readonly rule: AlertRule
  readonly warnings: readonly string[]
  readonly asked: Input
}

const iso = (time: number) => new Date(time).toISOString()

async function told(platform: Platform, about: Told, past: Past): Promise<Json> {
  const { rule, name, warnings, asked } = about
  const { looks, withoutData, dataSince, error, from, to, now, notes } = past
  const shown = (one: Finding) => ({ labels: one.labels, shown: inUnit(rule.condition, one.value) })
  return {
    rule: name,
    subject: subjectOf(rule.condition),
    limit: limitOf(rule.condition),
    every: lasting(rule.everyMs),
    from: iso(from),
    to: iso(to),
    looks,
    withoutData,
    ...(dataSince === undefined ? {} : { dataSince: iso(dataSince) }),
    ...(error === undefined ? {} : { error }),
    warnings,
    notes,
    firings: firingsIn(past).map((spell) => ({
      labels: alertLabels(name, rule, spell.labels),
      ...times(spell),
      summary: sentenceOf(rule, spell.value, spell.labels),
    })),
    now: {
      state: now.noData ? 'no_data' : now.found.length > 0 ? 'true' : 'false',
      values: [...now.found, ...now.quiet].slice(0, 20).map(shown),
    },
    ...(asked.series === true ? valuesTold(rule, past) : {}),
    ...(asked.actions === false ? {} : { actions: await rehearsal(platform, about, past) }),
  }
}

const firingsIn = ({ spells }: Past) => spells.filter(({ state }) => state === 'firing')
const times = ({ from, to }: Spell) => ({ from: iso(from), to: to === undefined ? null : iso(to) })

/** What the rule looked at, in its own unit, against what it may be. Labels are those that the condition tells apart. */
const valuesTold = ({ condition }: AlertRule, { values, spells }: Past): Json => ({
  measure: measureOf(condition),
  unit: unitOf(condition) ?? null,
  threshold: thresholdOf(condition),
  series: values.map(({ labels, points }) => ({
    labels,
    points: points.map(({ at, value }) => ({ at: iso(at), value })),
  })),
  states: spells
    .slice(-mostSpells)
    .map((spell) => ({ labels: spell.labels, state: spell.state, ...times(spell) })),
})

/** What the actions would do about the last firing, or about one that is made up. */
async function rehearsal(
  platform: Platform,
  { actor, workspaceId, name, rule }: Told,
  past: Past,
): Promise<unknown> {
  const { now } = past
  const last: Pick<Spell, 'labels' | 'value'> = firingsIn(past).at(-1) ??
    now.found[0] ??
    now.quiet[0] ?? { labels: {}, value: Number.NaN }
  const labels = alertLabels(name, rule, last.labels)
  const value = inUnit(rule.condition, last.value)
  return rehearseActions(platform, {
    workspaceId,
    actor,
    rule: {
      id: `${workspaceId}/providers/Twinloop/alertRules/${name}`,
      name,
      severity: rule.severity,
      annotations: Object.fromEntries(
        Object.entries(rule.annotations).map(([key, text]) => [key, filled(text, { value, labels })]),
      ),
      actions: rule.actions,
      coolDownMs: rule.coolDownMs,
    },
    alert: {
      labels,
      value: last.value,
      summary: sentenceOf(rule, last.value, last.labels),
      firedAt: platform.clock(),
    },
  })
}
