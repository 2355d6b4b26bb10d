import type { Outcome } from '../conditions/conditions.ts'
import { fingerprintOf, type Finding, type Labels } from '../machine.ts'
import type { Condition } from '../rule.ts'

/** What a rule looked at over time; null where nothing was measured, or the value is not finite. */
export interface ValueSeries {
  readonly labels: Labels
  readonly points: readonly { readonly at: number; readonly value: number | null }[]
}

/** Values of so many intervals are told of each series, the smallest and the largest of each. */
const mostIntervals = 300
/** So many series are told, those that went furthest towards the limit. */
const mostSeries = 12

interface Extremes {
  low: { at: number; value: number }
  high: { at: number; value: number }
}
interface Followed {
  readonly labels: Labels
  readonly byInterval: Map<number, Extremes>
}

/**
 * Keeps what was found at one look after another, in bounded room however many they are: of each series the smallest and
 * the largest value of each of 300 intervals from `from` to `to`, so that no peak is lost.
 */
export function followValues({ from, to }: { readonly from: number; readonly to: number }): {
  readonly add: (time: number, outcome: Outcome) => void
  /** In the order of how far they went towards the limit of the condition; `left` is how many are not told. */
  readonly told: (condition: Condition) => { readonly series: readonly ValueSeries[]; readonly left: number }
} {
  const length = Math.max(to - from, 1) / mostIntervals
  const all = new Map<string, Followed>()
  /** When something was looked at first in each interval: where a series has no value then, it has a hole. */
  const looks = new Map<number, number>()
  const add = (interval: number, at: number, { labels, value }: Finding) => {
    if (!Number.isFinite(value)) return
    const key = fingerprintOf(labels)
    const followed = all.get(key) ?? { labels, byInterval: new Map<number, Extremes>() }
    all.set(key, followed)
    const before = followed.byInterval.get(interval)
    const point = { at, value }
    if (before === undefined) followed.byInterval.set(interval, { low: point, high: point })
    else if (value < before.low.value) before.low = point
    else if (value > before.high.value) before.high = point
  }
  return {
    add(time, { found, quiet }) {
      const interval = Math.min(Math.floor((time - from) / length), mostIntervals - 1)
      if (!looks.has(interval)) looks.set(interval, time)
      for (const finding of [...found, ...quiet]) add(interval, time, finding)
    },
    told(condition) {
      const ranked = [...all.values()].toSorted((a, b) => reach(b, condition) - reach(a, condition))
      const inOrder = [...looks].toSorted(([a], [b]) => a - b)
      return {
        series: ranked.slice(0, mostSeries).map((one) => ({
          labels: one.labels,
          points: inOrder.flatMap(([interval, at]) => pointsOf(one.byInterval.get(interval), at)),
        })),
        left: Math.max(0, ranked.length - mostSeries),
      }
    },
  }
}

function pointsOf(extremes: Extremes | undefined, at: number): ValueSeries['points'] {
  if (extremes === undefined) return [{ at, value: null }]
  const { low, high } = extremes
  if (low.at === high.at) return [low]
  return low.at < high.at ? [low, high] : [high, low]
}

/** How far a series went towards the limit: the larger the nearer, or the farther beyond. */
function reach({ byInterval }: Followed, condition: Condition): number {
  const lows = [...byInterval.values()].map(({ low }) => low.value)
  const highs = [...byInterval.values()].map(({ high }) => high.value)
  const [lowest, highest] = [-Math.min(...lows), Math.max(...highs)]
  const { lower, upper } = thresholdOf(condition)
  if (lower !== undefined && upper !== undefined) return Math.max(lowest, highest)
  return lower === undefined ? highest : lowest
}

/** Between which values a rule is not true, in the unit of its values. */
export function thresholdOf(condition: Condition): { readonly lower?: number; readonly upper?: number } {
  switch (condition.kind) {
    case 'threshold':
    case 'signal':
      return condition.comparison === 'above' || condition.comparison === 'at_least'
        ? { upper: condition.limit }
        : { lower: condition.limit }
    case 'burn_rate':
      return { upper: 1 }
    case 'anomaly':
      return {
        ...(condition.direction === 'above' ? {} : { lower: -condition.deviations }),
        ...(condition.direction === 'below' ? {} : { upper: condition.deviations }),
      }
    case 'absent':
      return { lower: 1 }
  }
}
