import { holm } from '../comparison/multiplicity.ts'
import { twoSided, type Interval } from '../intervals/interval.ts'
import { newcombe, ratioInterval, wilson, type Proportion } from '../intervals/proportions.ts'
import { normalCdf } from '../probability/normal.ts'
import type { GroupRate } from './group-rates.ts'

/** How far a group's rate may be from the reference's: .1 as a difference, or .8 (and 1.25) as a ratio. */
export interface DisparityLimit {
  readonly of: 'difference' | 'ratio'
  readonly value: number
}

export interface FairnessOptions {
  readonly limit: DisparityLimit
  readonly alpha?: number
  /** What a group is compared with: all other rows together, or the largest group. */
  readonly reference?: 'rest' | 'largest'
  /**
   * What a group needs to be judged: rows, and events and non-events among them, seen or to be expected at the rate of all
   * rows. (A large group in which nothing ever happens is judged.)
   */
  readonly minimum?: { readonly trials: number; readonly events: number }
  /** Groups that are not to be judged for another reason: their rows count for the others' reference. */
  readonly isTooSmall?: (rate: GroupRate) => boolean
}

export type FairnessVerdict = 'pass' | 'fail' | 'inconclusive' | 'not_applicable'

export interface GroupFinding extends GroupRate {
  /** Wilson's, of the rate. */
  readonly interval: Interval
  /** Rate less, or over, the reference's, with its interval; absent of the reference itself. */
  readonly disparity?: { readonly estimate: number } & Interval
  /** That the disparity is within the limit, adjusted by Holm over the groups; absent of a group that is not judged. */
  readonly pValue?: number
  /** `too_small` is not judged; `reference` is what the others are compared with. */
  readonly verdict: 'pass' | 'fail' | 'inconclusive' | 'too_small' | 'reference'
  /** So few rows that showing the rate would tell of persons. */
  readonly hidden: boolean
}

export interface FairnessReport {
  /** Not applicable where fewer than two groups are large enough. */
  readonly verdict: FairnessVerdict
  readonly groups: readonly GroupFinding[]
  /** Share of the rows that are in groups which were judged. */
  readonly judgedShare: number
}

const defaults = { alpha: 0.05, reference: 'rest', minimum: { trials: 30, events: 10 } } as const
/** Groups with fewer rows are not to be shown. */
const leastShown = 10

/**
 * Judges the rates of groups with confidence. A group fails if the whole interval of its disparity is beyond the limit
 * (the tests adjusted by Holm), passes if the whole interval is within it, and is inconclusive otherwise, however large the
 * disparity looks: of small groups, rates that are equal look unequal more often than not. All fail if one does, and pass
 * if every judged one does. Groups with fewer rows, events or non-events than the minimum are not judged.
 */
export function judgeGroups(rates: readonly GroupRate[], options: FairnessOptions): FairnessReport {
  const { alpha, reference, minimum, isTooSmall } = { ...defaults, ...options }
  const sum = (of: (rate: GroupRate) => number) => rates.reduce((total, rate) => total + of(rate), 0)
  const usual = sum(({ events }) => events) / sum(({ trials }) => trials)
  const isJudged = (rate: GroupRate) => {
    const { trials, events } = rate
    const seen = Math.min(events, trials - events)
    const expected = trials * Math.min(usual, 1 - usual)
    return (
      trials >= minimum.trials && Math.max(seen, expected) >= minimum.events && isTooSmall?.(rate) !== true
    )
  }
  const largest = rates.reduce<GroupRate | undefined>(
    (a, b) => (a === undefined || b.trials > a.trials ? b : a),
    undefined,
  )
  const comparisons = rates.map((rate) => {
    if (!isJudged(rate) || (reference === 'largest' && rate === largest)) return undefined
    const others = reference === 'largest' ? [largest ?? rate] : rates.filter((other) => other !== rate)
    const against = together(others)
    return against.trials < minimum.trials ? undefined : compare(rate, against, options.limit, alpha)
  })
  const adjusted = holm(
    comparisons.map((comparison) => comparison?.pValue ?? 0).filter((_, i) => comparisons[i]),
  )
  let next = 0
  const groups = rates.map((rate, i): GroupFinding => {
    const comparison = comparisons[i]
    const base = {
      ...rate,
      interval: wilson(proportion(rate), twoSided(alpha)),
      hidden: rate.trials < leastShown,
    }
    if (comparison === undefined)
      return { ...base, verdict: reference === 'largest' && rate === largest ? 'reference' : 'too_small' }
    const pValue = adjusted[next++] ?? 1
    const verdict = pValue < alpha ? 'fail' : comparison.within ? 'pass' : 'inconclusive'
    return { ...base, disparity: comparison.disparity, pValue, verdict }
  })
  const total = rates.reduce((sum, { trials }) => sum + trials, 0)
  const judged = groups.filter(({ verdict }) => verdict !== 'too_small')
  return {
    verdict: overall(groups.map(({ verdict }) => verdict)),
    groups,
    judgedShare: total === 0 ? 0 : judged.reduce((sum, { trials }) => sum + trials, 0) / total,
  }
}

function overall(verdicts: readonly GroupFinding['verdict'][]): FairnessVerdict {
  const judged = verdicts.filter((verdict) => verdict !== 'too_small' && verdict !== 'reference')
  if (judged.length === 0) return 'not_applicable'
  if (judged.includes('fail')) return 'fail'
  return judged.includes('inconclusive') ? 'inconclusive' : 'pass'
}

/** Of weighted rows the counts that as many rows of equal weight would have. */
const proportion = ({ rate, effective }: GroupRate): Proportion => ({
  events: effective === 0 ? 0 : rate * effective,
  trials: effective,
})

const together = (rates: readonly GroupRate[]): Proportion =>
  rates.map(proportion).reduce((a, b) => ({ events: a.events + b.events, trials: a.trials + b.trials }), {
    events: 0,
    trials: 0,
  })

function compare(rate: GroupRate, against: Proportion, limit: DisparityLimit, alpha: number) {
  const own = proportion(rate)
  const other = against.events / against.trials
  const intervalAt = (z: number) =>
    limit.of === 'difference' ? newcombe(own, against, z) : ratioInterval(own, against, z)
  const [least, most] =
    limit.of === 'difference' ? [-limit.value, limit.value] : [limit.value, 1 / limit.value]
  const interval = intervalAt(twoSided(alpha))
  return {
    disparity: { estimate: limit.of === 'difference' ? rate.rate - other : rate.rate / other, ...interval },
    within: interval.lower >= least && interval.upper <= most,
    pValue: 2 * normalCdf(-widest(intervalAt, ({ lower, upper }) => lower > most || upper < least)),
  }
}

/** The most standard errors with which the interval is still beyond the limit; 0 where its middle is not. */
function widest(intervalAt: (z: number) => Interval, isBeyond: (interval: Interval) => boolean): number {
  let [low, high] = [0, 40]
  if (!isBeyond(intervalAt(1e-9))) return 0
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2
    if (isBeyond(intervalAt(middle))) low = middle
    else high = middle
  }
  return low
}
