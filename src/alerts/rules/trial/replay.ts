import type { Outcome } from '../conditions/conditions.ts'
import { advance, atFirst } from '../evaluation/state.ts'
import { fingerprintOf, type Labels } from '../machine.ts'
import type { AlertRule } from '../rule.ts'

/** One time that a rule would have fired. Times are milliseconds since 1970. */
export interface Firing {
  readonly labels: Labels
  readonly from: number
  /** Absent: it would fire still. */
  readonly to?: number
  /** The value when it began to fire. */
  readonly value: number
}

/** What a rule would have done in the past. */
export interface Replayed {
  readonly looks: number
  /** Looks at which nothing was measured. */
  readonly withoutData: number
  /** The first look at which something was measured. */
  readonly dataSince?: number
  readonly firings: readonly Firing[]
  readonly error?: string
}

/** Looks at one time after another as if it were now: the same states as they would have been, and nothing else happens. */
export async function replay(
  rule: AlertRule,
  times: Iterable<number>,
  lookAt: (time: number) => Promise<Outcome> | Outcome,
): Promise<Replayed> {
  let state = atFirst
  let evaluatedAt = 0
  let [looks, withoutData] = [0, 0]
  let dataSince: number | undefined
  const firings: { labels: Labels; from: number; to?: number; value: number }[] = []
  const open = new Map<string, (typeof firings)[number]>()
  for (const now of times) {
    const looked = await lookAt(now)
    looks++
    if (looked.noData) withoutData++
    else dataSince ??= now
    // The steps of a trial are longer than those of the rule where only hours are kept; nobody was away.
    const stepped = advance(state, { ...rule, everyMs: Math.max(rule.everyMs, now - evaluatedAt) }, looked, {
      now,
      evaluatedAt,
    })
    evaluatedAt = now
    state = stepped.after
    if (state.error !== undefined)
      return { looks, withoutData, ...known(dataSince), firings, error: state.error }
    for (const { alert, to } of stepped.transitions) {
      const fingerprint = fingerprintOf(alert.labels)
      if (to === 'firing') {
        const firing = { labels: alert.labels, from: now, value: alert.value }
        firings.push(firing)
        open.set(fingerprint, firing)
      }
      const firing = open.get(fingerprint)
      if (to === 'resolved' && firing !== undefined) {
        firing.to = now
        open.delete(fingerprint)
      }
    }
  }
  return { looks, withoutData, ...known(dataSince), firings }
}

const known = (dataSince: number | undefined) => (dataSince === undefined ? {} : { dataSince })
