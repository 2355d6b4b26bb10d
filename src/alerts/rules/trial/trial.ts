import { z } from 'zod'
import type { Actor } from '../../../kernel/access/access.ts'
import { errors } from '../../../kernel/errors.ts'
import type { Platform } from '../../../kernel/platform.ts'
import { keyOf, scopeId } from '../../../kernel/resources/arm-id.ts'
import type { Action, Json } from '../../../kernel/resources/resource.ts'
import { parseOrThrow } from '../../../kernel/resources/schema.ts'
import { windowsOf } from '../../../monitoring/results/results.ts'
import { rehearseActions } from '../../actions/planning/rehearse.ts'
import { ask, type Outcome } from '../conditions/conditions.ts'
import { alertLabels } from '../evaluation/labels.ts'
import { requireInstallation, scopeOf } from '../evaluation/look.ts'
import { askSignal, windowsRead } from '../evaluation/signals.ts'
import { filled, inUnit, lasting, limitOf, sentenceOf, subjectOf } from '../evaluation/words.ts'
import type { Finding } from '../machine.ts'
import { checkReferences } from '../references.ts'
import type { AlertRule } from '../rule.ts'
import { ruleSchema } from '../schema.ts'
import { ruleIn } from '../stored.ts'
import { recordedSeries, stepAt } from './recorded.ts'
import { replay, type Firing, type Replayed } from './replay.ts'

const dayMs = 86_400_000
const defaultDays = 30
/** Looks at the past at most: a month of minutes would be more than anybody waits for. */
const mostLooks = 6000
/** Windows of monitors that are looked back at, at most. */
const mostWindows = 1000

const input = z.strictObject({
  /** A rule that is not kept; default: the one of this name. */
  properties: z.record(z.string(), z.unknown()).optional(),
  /** How far back, in days. */
  days: z.number().positive().max(365).optional(),
})

/**
 * `POST {rule}/test`: when the rule would have fired in the past, and what its actions would do; nothing of it happens. The
 * rule is the one that is kept, or the one that is sent.
 */
export const testRule: Action = {
  operation: 'read',
  input,
  async runAhead({ platform, actor, id, input: asked }) {
    const { properties: sent, days = defaultDays } = asked as z.infer<typeof input>
    const properties =
      sent === undefined
        ? (await platform.resources.get(id)).properties
        : parseOrThrow(ruleSchema, sent, 'The alert rule', 'properties')
    const workspaceId = scopeId(id)
    if (workspaceId === undefined)
      throw errors.badRequest(`An alert rule belongs to a workspace; '${id}' is not in one.`)
    const rule = ruleIn(properties)
    const { warnings } = await checkReferences(platform, workspaceId, rule, actor)
    const trial = await tryOut(platform, actor, workspaceId, rule, days)
    const name = id.split('/').at(-1) ?? ''
    return { body: await told(platform, { actor, workspaceId, name, rule, days, warnings }, trial) }
  },
}

interface Trial extends Replayed {
  readonly from: number
  readonly to: number
  /** What it would find now. */
  readonly now: Outcome
  readonly notes: readonly string[]
}

async function tryOut(
  platform: Platform,
  actor: Actor,
  workspaceId: string,
  rule: AlertRule,
  days: number,
): Promise<Trial> {
  const to = platform.clock().getTime()
  const from = to - days * dayMs
  const { condition } = rule
  if (condition.kind === 'signal') return tryWindows(platform, workspaceId, { rule, condition, from, to })
  const scope = await scopeOf(platform, keyOf(workspaceId), condition)
  if (scope === '') await requireInstallation(platform, actor)
  // Seasons before the first look are looked at, too.
  const reach =
    condition.kind === 'anomaly' ? condition.seasonMs * (condition.seasons + 1) : longestWindow(rule)
  const series = recordedSeries(platform.series, { from: from - reach, now: to })
  const times = looksBetween(from, to, rule.everyMs)
  const replayed = await replay(rule, times, (time) => ask(series, scope, condition, time))
  const isCoarse = stepAt(from, to) !== 'minute'
  return {
    ...replayed,
    from,
    to,
    now: await ask(platform.series, scope, condition, to),
    notes: isCoarse ? ['of what is more than 3 days ago only hours are kept: short peaks are not seen'] : [],
  }
}

function longestWindow({ condition }: AlertRule): number {
  if (condition.kind === 'burn_rate') return Math.max(...condition.windows.map(({ longMs }) => longMs))
  if (condition.kind === 'absent') return condition.overMs
  return condition.kind === 'threshold' ? Math.max(condition.of.overMs, condition.per?.overMs ?? 0) : 0
}

/** As often as the rule is looked at, where minutes are kept; before that every hour. */
function looksBetween(from: number, to: number, everyMs: number): readonly number[] {
  const times: number[] = []
  const least = Math.max(everyMs, 60_000, (3 * dayMs) / mostLooks)
  for (
    let time = from;
    time <= to;
    time += stepAt(time, to) === 'minute' ? least : Math.max(everyMs, dayMs / 24)
  )
    times.push(time)
  return times
}

/** Looks after every window of the monitors, as if those after it were not there yet. */
async function tryWindows(
  platform: Platform,
  workspaceId: string,
  {
    rule,
    condition,
    from,
    to,
  }: {
    readonly rule: AlertRule
    readonly condition: Extract<AlertRule['condition'], { readonly kind: 'signal' }>
    readonly from: number
    readonly to: number
  },
): Promise<Trial> {
  const { monitor, signal, metric, where } = condition
  const asked = { signal, metric, where, windows: mostWindows }
  const series = await windowsOf(platform, workspaceId, monitor === undefined ? asked : { ...asked, monitor })
  // Windows may be of any time, also long ago: they are looked at in their own order, however old they are.
  const ends = [...new Set(series.flatMap(({ windows }) => windows.map(({ at }) => at.getTime())))].toSorted(
    (a, b) => a - b,
  )
  const until = (time: number): Outcome =>
    askSignal(
      condition,
      series.map(({ labels, windows }) => ({
        labels,
        windows: windows.filter(({ at }) => at.getTime() <= time).slice(0, windowsRead(condition)),
      })),
    )
  const replayed = await replay(rule, ends, until)
  return {
    ...replayed,
    from: ends[0] ?? from,
    to: ends.at(-1) ?? to,
    now: until(Number.POSITIVE_INFINITY),
    notes: ends.length === 0 ? ['no monitor has computed this yet'] : [],
  }
}

interface Told {
  readonly actor: Actor
  readonly workspaceId: string
  readonly name: string
  readonly rule: AlertRule
  readonly days: number
  readonly warnings: readonly string[]
}

async function told(platform: Platform, about: Told, trial: Trial): Promise<Json> {
  const { rule, name, warnings } = about
  const { firings, looks, withoutData, dataSince, error, from, to, now, notes } = trial
  const shown = (one: Finding) => ({ labels: one.labels, shown: inUnit(rule.condition, one.value) })
  return {
    rule: name,
    subject: subjectOf(rule.condition),
    limit: limitOf(rule.condition),
    every: lasting(rule.everyMs),
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    looks,
    withoutData,
    ...(dataSince === undefined ? {} : { dataSince: new Date(dataSince).toISOString() }),
    ...(error === undefined ? {} : { error }),
    warnings,
    notes,
    firings: firings.map(({ labels, from: began, to: ended, value }) => ({
      labels: alertLabels(name, rule, labels),
      from: new Date(began).toISOString(),
      to: ended === undefined ? null : new Date(ended).toISOString(),
      summary: sentenceOf(rule, value, labels),
    })),
    now: {
      state: now.noData ? 'no_data' : now.found.length > 0 ? 'true' : 'false',
      values: [...now.found, ...now.quiet].slice(0, 20).map(shown),
    },
    actions: await rehearsal(platform, about, trial),
  }
}

/** What the actions would do about the last firing, or about one that is made up. */
async function rehearsal(
  platform: Platform,
  { actor, workspaceId, name, rule }: Told,
  { firings, now }: Trial,
): Promise<unknown> {
  const last: Pick<Firing, 'labels' | 'value'> = firings.at(-1) ??
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
