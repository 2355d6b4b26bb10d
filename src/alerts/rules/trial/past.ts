import type { Actor } from '../../../kernel/access/access.ts'
import { keyOf } from '../../../kernel/resources/arm-id.ts'
import type { Platform } from '../../../kernel/platform.ts'
import { windowsOf } from '../../../monitoring/results/results.ts'
import { ask, type Outcome } from '../conditions/conditions.ts'
import { requireInstallation, scopeOf } from '../evaluation/look.ts'
import { askSignal, windowsRead } from '../evaluation/signals.ts'
import type { Finding, Labels } from '../machine.ts'
import type { AlertRule, Condition } from '../rule.ts'
import { recordedSeries, stepAt } from './recorded.ts'
import { replay, type Replayed } from './replay.ts'
import { followValues, type ValueSeries } from './values.ts'

const dayMs = 86_400_000
/** Looks at the past at most: a month of minutes would be more than anybody waits for. */
const mostLooks = 6000
/** Windows of monitors that are looked back at, at most. */
const mostWindows = 1000

/** A rule, and the time in which it is looked at; times are milliseconds since 1970. */
export interface Asked {
  readonly rule: AlertRule
  readonly from: number
  readonly to: number
  /** Only what an alert with these labels could be about. */
  readonly labels?: Labels
}

/** What a rule would have done in the past, what it would find now, and what it looked at. */
export interface Past extends Replayed {
  readonly from: number
  readonly to: number
  readonly now: Outcome
  readonly notes: readonly string[]
  readonly values: readonly ValueSeries[]
}

/** Looks at the past of what a rule is about, by the states that it would have had. */
export async function pastOf(
  platform: Platform,
  actor: Actor,
  workspaceId: string,
  { rule, from, to, labels }: Asked,
): Promise<Past> {
  const { condition } = rule
  if (condition.kind === 'signal')
    return pastWindows(platform, workspaceId, {
      rule,
      condition,
      from,
      to,
      ...(labels === undefined ? {} : { labels }),
    })
  const scope = await scopeOf(platform, keyOf(workspaceId), condition)
  if (scope === '') await requireInstallation(platform, actor)
  const now = platform.clock().getTime()
  // Seasons before the first look are looked at, too.
  const reach =
    condition.kind === 'anomaly' ? condition.seasonMs * (condition.seasons + 1) : longestWindow(rule)
  const series = recordedSeries(platform.series, { from: from - reach, now })
  const followed = followValues({ from, to })
  const replayed = await replay(rule, looksBetween({ from, to, now }, rule.everyMs), async (time) => {
    const outcome = onlyOf(await ask(series, scope, condition, time), labels)
    followed.add(time, outcome)
    return outcome
  })
  const { series: values, left } = followed.told(condition)
  const isCoarse = stepAt(from, now) !== 'minute'
  return {
    ...replayed,
    from,
    to,
    now: await ask(platform.series, scope, condition, now),
    values,
    notes: [
      ...(isCoarse ? ['of what is more than 3 days ago only hours are kept: short peaks are not seen'] : []),
      ...leftOut(left),
    ],
  }
}

const leftOut = (left: number) =>
  left === 0
    ? []
    : [
        `${left} more ${left === 1 ? 'combination' : 'combinations'} of labels went less far and are not drawn`,
      ]

/** What of an outcome an alert with these labels can be: nothing that it found may contradict them. */
function onlyOf(outcome: Outcome, labels: Labels | undefined): Outcome {
  if (labels === undefined) return outcome
  const fits = (finding: Finding) =>
    Object.entries(finding.labels).every(([name, value]) => (labels[name] ?? '') === value)
  return { ...outcome, found: outcome.found.filter(fits), quiet: outcome.quiet.filter(fits) }
}

function longestWindow({ condition }: AlertRule): number {
  if (condition.kind === 'burn_rate') return Math.max(...condition.windows.map(({ longMs }) => longMs))
  if (condition.kind === 'absent') return condition.overMs
  return condition.kind === 'threshold' ? Math.max(condition.of.overMs, condition.per?.overMs ?? 0) : 0
}

/** As often as the rule is looked at, where minutes are kept; before that every hour. */
function looksBetween(
  { from, to, now }: { readonly from: number; readonly to: number; readonly now: number },
  everyMs: number,
): readonly number[] {
  const times: number[] = []
  const least = Math.max(everyMs, 60_000, (3 * dayMs) / mostLooks)
  for (
    let time = from;
    time <= to;
    time += stepAt(time, now) === 'minute' ? least : Math.max(everyMs, dayMs / 24)
  )
    times.push(time)
  return times
}

/** Looks after every window of the monitors, as if those after it were not there yet. */
async function pastWindows(
  platform: Platform,
  workspaceId: string,
  {
    rule,
    condition,
    from,
    to,
    labels,
  }: Asked & { readonly condition: Extract<Condition, { readonly kind: 'signal' }> },
): Promise<Past> {
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
      series.map(({ labels: of, windows }) => ({
        labels: of,
        windows: windows.filter(({ at }) => at.getTime() <= time).slice(0, windowsRead(condition)),
      })),
    )
  const [first = from, last = to] = [ends[0], ends.at(-1)]
  const followed = followValues({ from: first, to: last })
  const replayed = await replay(rule, ends, (time) => {
    const outcome = onlyOf(until(time), labels)
    followed.add(time, outcome)
    return outcome
  })
  const { series: values, left } = followed.told(condition)
  return {
    ...replayed,
    from: first,
    to: last,
    now: until(Number.POSITIVE_INFINITY),
    values,
    notes: [...(ends.length === 0 ? ['no monitor has computed this yet'] : []), ...leftOut(left)],
  }
}
