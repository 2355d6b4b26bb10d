import { listing, quantity } from '../../../data/contracts/words/say.ts'
import {
  disparityIntervalOfCells,
  ratesOfCells,
  type GroupCells,
} from '../../../statistics/fairness/cells.ts'
import { disparities, ratesOf, type Disparity } from '../../../statistics/fairness/disparities.ts'
import { farthestPair } from '../../../statistics/fairness/farthest-pair.ts'
import {
  judgeGroups,
  type DisparityLimit,
  type FairnessReport,
  type GroupFinding,
} from '../../../statistics/fairness/gate.ts'
import type { RateKind } from '../../../statistics/fairness/group-rates.ts'
import { twoSided } from '../../../statistics/intervals/interval.ts'
import { wilson } from '../../../statistics/intervals/proportions.ts'
import { mulberry32 } from '../../../statistics/random/generator.ts'
import { constantLimit, constantOf } from '../../outcomes/judging/limits.ts'
import { finite } from '../../outcomes/measures/stored.ts'
import type { PlannedSignal } from '../../monitors/monitor.ts'
import type { SignalValue } from '../../results/result.ts'
import type { SignalMetric } from '../signal.ts'
import type { FairnessParameters } from './parameters.ts'
import type { CountedGroups } from './read-cells.ts'

/** What a monitor that says no limit holds production to: four fifths, and a tenth where there are labels. */
const usualLimits: ReadonlyMap<string, number> = new Map([
  ['demographic_parity_ratio', 0.8],
  ['equalized_odds_difference', 0.1],
])

const withThreshold = (threshold: number | undefined) => (threshold === undefined ? {} : { threshold })

/** fairlearn's disparities: of a difference 0 is parity, of a ratio 1. */
export const fairnessMetrics: readonly SignalMetric[] = [...disparities.keys()].map((name) => ({
  name,
  wire: name
    .split('_')
    .map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`)
    .join(''),
  beyond: name.endsWith('_ratio') ? 'below' : 'above',
  ...withThreshold(usualLimits.get(name)),
}))

/** Groups with fewer rows are not shown: their rates would tell of persons. */
const leastShown = 10

interface Judging {
  readonly parameters: FairnessParameters
  readonly planned: PlannedSignal
  readonly seed: number
  /** False: labels are still to come, and what is made of them is not judged. */
  readonly isMature: boolean
}

/** Whether a disparity can be told without labels. */
const isLabelFree = (metric: string) => metric.startsWith('demographic_parity')

/** Disparities and rates of the groups of some features. Pure. */
export function judgeFairness(
  { predicted, labelled }: CountedGroups,
  judging: Judging,
): readonly SignalValue[] {
  const feature = predicted.features.join(' × ')
  const hasLabels = labelled.counts.some((rows) => rows > 0)
  const provisional = hasLabels && !judging.isMature ? { provisional: true } : {}
  const found = [...disparities].flatMap(([metric, disparity]): SignalValue[] => {
    if (isLabelFree(metric))
      return [{ feature, ...disparityValue(metric, disparity, predicted, true, judging) }]
    if (!hasLabels) return []
    const value = disparityValue(metric, disparity, labelled, judging.isMature, judging)
    return [{ feature, ...value, ...provisional }]
  })
  const rates = (['true_positive_rate', 'false_positive_rate', 'accuracy'] as const).flatMap((kind) =>
    hasLabels ? rateValues(labelled, kind, judging).map((value) => ({ ...value, ...provisional })) : [],
  )
  return [...found, ...rateValues(predicted, 'selection_rate', judging), ...rates]
}

function disparityValue(
  metric: string,
  disparity: Disparity,
  cells: GroupCells,
  isJudged: boolean,
  { parameters, planned, seed }: Judging,
): SignalValue {
  const { confidence } = parameters
  const alpha = 1 - confidence
  const n = cells.counts.reduce((sum, rows) => sum + rows, 0)
  const { estimate, lower, upper } = disparityIntervalOfCells(cells, disparity, {
    alpha,
    random: mulberry32(seed),
  })
  const isSaid = Object.keys(planned.thresholds.constant).length > 0
  const constant = constantOf(planned, metric) ?? (isSaid ? undefined : usualLimits.get(metric))
  const isRatio = metric.endsWith('_ratio')
  const base = {
    metric,
    value: finite(estimate),
    n,
    ...(Number.isFinite(lower) && Number.isFinite(upper) ? { interval: { lower, upper, confidence } } : {}),
    method: `percentile bootstrap, seed ${seed}`,
    ...(constant === undefined ? {} : { threshold: constantLimit(constant, isRatio ? 'below' : 'above') }),
  }
  if (Number.isNaN(estimate)) return { ...base, note: 'It is not defined on these groups.' }
  if (constant === undefined || !isJudged) return base
  const limit: DisparityLimit = { of: isRatio ? 'ratio' : 'difference', value: constant }
  const verdicts = ratesOf(metric).map((kind) => {
    const rates = ratesOfCells(cells, kind)
    const sizes = new Map(cells.names.map((name, code) => [name.join('\0'), sizeOf(cells, code)]))
    const report = judgeGroups(rates, {
      limit,
      alpha,
      reference: parameters.compare_with,
      isTooSmall: ({ group }) => (sizes.get(group.join('\0')) ?? 0) < parameters.min_group_size,
    })
    return verdictOf(kind, report, limit, alpha)
  })
  const failed = verdicts.find(({ verdict }) => verdict === 'fail')
  if (failed !== undefined) return { ...base, breached: true, note: failed.why }
  const open = verdicts.find(({ verdict }) => verdict === 'inconclusive')
  return open === undefined ? { ...base, breached: false } : { ...base, note: `Inconclusive: ${open.why}` }
}

const sizeOf = ({ counts }: GroupCells, code: number) =>
  counts.subarray(4 * code, 4 * code + 4).reduce((sum, rows) => sum + rows, 0)

const nameOf = (group: readonly string[]) => group.join(' × ')

/**
 * Beyond the limit if a group surely is, against the others together or two against each other; within if all surely are;
 * else inconclusive, however large it looks: of small groups, rates that are equal look unequal more often than not.
 */
function verdictOf(
  kind: RateKind,
  { verdict, groups }: FairnessReport,
  limit: DisparityLimit,
  alpha: number,
): { readonly verdict: 'pass' | 'fail' | 'inconclusive'; readonly why: string } {
  const rate = kind.replaceAll('_', ' ')
  const named = (wanted: GroupFinding['verdict']) =>
    listing(groups.filter((group) => group.verdict === wanted).map(({ group }) => nameOf(group)))
  if (verdict === 'not_applicable')
    return {
      verdict: 'inconclusive',
      why: `fewer than two groups have rows enough to compare their ${rate}.`,
    }
  if (verdict === 'fail')
    return { verdict, why: `The ${rate} of ${named('fail')} is surely beyond the limit from the others'.` }
  const pair = farthestPair(groups, limit, alpha)
  const apart =
    pair === undefined
      ? ''
      : `the ${rate} of ${nameOf(pair.a.group)} and ${nameOf(pair.b.group)} ${limit.of === 'ratio' ? 'have a ratio of' : 'are apart by'} ${quantity(Number(pair.estimate.toPrecision(3)))}`
  if (pair?.verdict === 'fail') return { verdict: 'fail', why: `Surely beyond the limit: ${apart}.` }
  if (verdict === 'inconclusive')
    return {
      verdict,
      why: `the interval of the ${rate} of ${named('inconclusive')} has the limit within it.`,
    }
  if (pair?.verdict === 'inconclusive')
    return {
      verdict: 'inconclusive',
      why: `each group is within the limit of the others together, but ${apart}.`,
    }
  return { verdict: 'pass', why: '' }
}

/** A rate of each group with Wilson's interval; of groups too small to show only how many rows they have. */
function rateValues(cells: GroupCells, kind: RateKind, { parameters }: Judging): readonly SignalValue[] {
  const { confidence } = parameters
  return ratesOfCells(cells, kind).map(({ group, trials, events, rate }) => {
    const segment = Object.fromEntries(cells.features.map((name, i) => [name, group[i] ?? '']))
    const base = { metric: kind, segment, n: trials }
    if (trials < leastShown)
      return { ...base, value: null, note: `Not shown of fewer than ${leastShown} rows.` }
    return {
      ...base,
      value: rate,
      interval: { ...wilson({ events, trials }, twoSided(1 - confidence)), confidence },
      method: "Wilson's interval",
    }
  })
}
