import type { Outcome } from '../conditions/conditions.ts'
import { advance, atFirst } from '../evaluation/state.ts'
import { fingerprintOf, type Labels, type Transition } from '../machine.ts'
import type { AlertRule } from '../rule.ts'

/** A time in which an alert would have been in one state. Times are milliseconds since 1970. */
export interface Spell {
  readonly labels: Labels
  readonly state: 'pending' | 'firing'
  readonly from: number
  /** Absent: it would be so still. */
  readonly to?: number
  /** The value when it began. */
  readonly value: number
}

/** What a rule would have done in the past. */
export interface Replayed {
  readonly looks: number
  /** Looks at which nothing was measured. */
  readonly withoutData: number
  /** The first look at which something was measured. */
  readonly dataSince?: number
  /** In the order in which they began. */
  readonly spells: readonly Spell[]
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
  const history = followSpells()
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
      return { looks, withoutData, ...known(dataSince), spells: history.spells, error: state.error }
    for (const transition of stepped.transitions) history.follow(transition, now)
  }
  return { looks, withoutData, ...known(dataSince), spells: history.spells }
}

const known = (dataSince: number | undefined) => (dataSince === undefined ? {} : { dataSince })

/** Makes of one transition after another from when to when each alert was pending and firing. */
function followSpells() {
  const spells: { labels: Labels; state: Spell['state']; from: number; to?: number; value: number }[] = []
  const open = new Map<string, (typeof spells)[number]>()
  return {
    spells,
    follow({ alert: { labels, value }, to }: Transition, now: number) {
      const fingerprint = fingerprintOf(labels)
      const before = open.get(fingerprint)
      if (before !== undefined) before.to = now
      open.delete(fingerprint)
      if (to !== 'pending' && to !== 'firing') return
      const spell = { labels, state: to, from: now, value }
      spells.push(spell)
      open.set(fingerprint, spell)
    },
  }
}
