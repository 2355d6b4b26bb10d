import type { TrialRow } from '../../store/tracking/summaries/trials.ts'

/** Which way a metric is better, as Azure ML's sweep and AutoML jobs write it. */
export type Goal = 'Maximize' | 'Minimize'

/** A trial among its like: `number` from 1, in the order in which they started. */
export interface Trial {
  readonly number: number
  readonly row: TrialRow
  /** Its finite value, if it finished: what it is ranked by. */
  readonly ranked: number | undefined
  /** Better than all before it. */
  readonly isRecord: boolean
}

/** Infinity, as MLflow's stores keep it, is no number to rank by either. */
const isNumber = (value: number | undefined): value is number =>
  value !== undefined && Math.abs(value) < Number.MAX_VALUE

const isBetter = (goal: Goal, value: number, than: number) =>
  goal === 'Maximize' ? value > than : value < than

/**
 * Numbers the trials and finds those that were the best so far: of all that `started` before, or of all that had `ended`
 * by then. Only what finished with a number is ranked.
 */
export function numbered(
  rows: readonly TrialRow[],
  goal: Goal,
  by: 'started' | 'ended' = 'started',
): readonly Trial[] {
  const ranked = rows.map((row) => (row.status === 'FINISHED' && isNumber(row.value) ? row.value : undefined))
  const inTime = rows.map((_, i) => i)
  const endOf = (i: number) => rows[i]?.endTime ?? rows[i]?.startTime ?? 0
  if (by === 'ended') inTime.sort((a, b) => endOf(a) - endOf(b))
  const records = new Set<number>()
  let best: number | undefined
  for (const i of inTime) {
    const value = ranked[i]
    if (value === undefined || (best !== undefined && !isBetter(goal, value, best))) continue
    best = value
    records.add(i)
  }
  return rows.map((row, i) => ({ number: i + 1, row, ranked: ranked[i], isRecord: records.has(i) }))
}

/** The best of them, the first of equals; undefined if none is ranked. */
export function bestOf(trials: readonly Trial[], goal: Goal): Trial | undefined {
  let best: (Trial & { readonly ranked: number }) | undefined
  for (const trial of trials) {
    const { ranked } = trial
    if (ranked !== undefined && (best === undefined || isBetter(goal, ranked, best.ranked)))
      best = { ...trial, ranked }
  }
  return best
}

/** At most about `most` trials, evenly over their numbers, and every record besides. */
export function sampled(trials: readonly Trial[], most: number): readonly Trial[] {
  if (trials.length <= most) return trials
  const every = trials.length / most
  const chosen = new Set(Array.from({ length: most }, (_, i) => Math.floor(i * every)))
  return trials.filter(({ isRecord }, i) => isRecord || chosen.has(i))
}

/** The rank of a value: 1 and as many as are better; equal values share theirs. */
export function rankIn(trials: readonly Trial[], goal: Goal): (value: number) => number {
  const sign = goal === 'Maximize' ? -1 : 1
  const sorted = Float64Array.from(
    trials.flatMap(({ ranked }) => (ranked === undefined ? [] : [sign * ranked])),
  )
  sorted.sort()
  return (value) => {
    let [low, high] = [0, sorted.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((sorted[middle] ?? 0) < sign * value) low = middle + 1
      else high = middle
    }
    return low + 1
  }
}
