import { twoSided } from '../intervals/interval.ts'
import { newcombe, ratioInterval } from '../intervals/proportions.ts'
import type { DisparityLimit, GroupFinding } from './gate.ts'

export interface FarthestPair {
  readonly a: GroupFinding
  readonly b: GroupFinding
  readonly estimate: number
  readonly verdict: 'fail' | 'inconclusive' | 'pass'
}

/**
 * The two judged groups that are farthest apart, which is what fairlearn's number is about: beyond the limit with an
 * interval for all pairs (Bonferroni), beyond it by the estimate only, or within. Undefined of fewer than two groups.
 */
export function farthestPair(
  groups: readonly GroupFinding[],
  limit: DisparityLimit,
  alpha: number,
): FarthestPair | undefined {
  const judged = groups.filter(({ verdict }) => verdict !== 'too_small').toSorted((a, b) => b.rate - a.rate)
  const [a, b] = [judged[0], judged.at(-1)]
  if (a === undefined || b === undefined || a === b) return undefined
  const pairs = (judged.length * (judged.length - 1)) / 2
  const z = twoSided(alpha / pairs)
  const of = ({ rate, effective }: GroupFinding) => ({ events: rate * effective, trials: effective })
  const isRatio = limit.of === 'ratio'
  const estimate = isRatio ? b.rate / a.rate : a.rate - b.rate
  const { lower, upper } = isRatio ? ratioInterval(of(b), of(a), z) : newcombe(of(a), of(b), z)
  const isSurely = isRatio ? upper < limit.value : lower > limit.value
  const isBeyond = isRatio ? estimate < limit.value : estimate > limit.value
  return { a, b, estimate, verdict: isSurely ? 'fail' : isBeyond ? 'inconclusive' : 'pass' }
}
