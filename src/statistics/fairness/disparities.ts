import type { RateKind } from './group-rates.ts'
import type { Groups } from './groups.ts'
import { difference, metricFrame, ratio, type DisparityMethod } from './metric-frame.ts'
import { falsePositiveRate, selectionRate, truePositiveRate, type GroupRows } from './rates.ts'

/** How the disparities of both rates of equalized odds become one: the worse one, or their mean. */
export type OddsAggregation = 'worst_case' | 'mean'

interface Options {
  readonly method?: DisparityMethod
  readonly agg?: OddsAggregation
}

export type Disparity = (rows: GroupRows, groups: Groups, options?: Options) => number

/** fairlearn's `demographic_parity_difference`, of selection rates. */
const demographicParityDifference: Disparity = (rows, groups, { method } = {}) =>
  difference(metricFrame(rows, groups, selectionRate), method)

const demographicParityRatio: Disparity = (rows, groups, { method } = {}) =>
  ratio(metricFrame(rows, groups, selectionRate), method)

/** fairlearn's `equal_opportunity_difference`, of true positive rates. */
const equalOpportunityDifference: Disparity = (rows, groups, { method } = {}) =>
  difference(metricFrame(rows, groups, truePositiveRate), method)

const equalOpportunityRatio: Disparity = (rows, groups, { method } = {}) =>
  ratio(metricFrame(rows, groups, truePositiveRate), method)

/** fairlearn's `equalized_odds_difference`, of true and false positive rates. */
const equalizedOddsDifference: Disparity = (rows, groups, { method, agg = 'worst_case' } = {}) => {
  const [tpr, fpr] = [truePositiveRate, falsePositiveRate].map((rate) =>
    difference(metricFrame(rows, groups, rate), method),
  ) as [number, number]
  return agg === 'mean' ? (tpr + fpr) / 2 : fpr > tpr ? fpr : tpr
}

/**
 * fairlearn's `equalized_odds_ratio`. Where no group has a false positive its ratio is 0/0 and that of the true positives
 * counts alone, for the worst case as for the mean; where no group has a true positive the worst case is NaN.
 */
const equalizedOddsRatio: Disparity = (rows, groups, { method, agg = 'worst_case' } = {}) => {
  const [tpr, fpr] = [truePositiveRate, falsePositiveRate].map((rate) =>
    ratio(metricFrame(rows, groups, rate), method),
  ) as [number, number]
  if (agg === 'worst_case') return fpr < tpr ? fpr : tpr
  return Number.isNaN(tpr) ? fpr : Number.isNaN(fpr) ? tpr : (tpr + fpr) / 2
}

/** Disparities by fairlearn's names: of a difference 0 is parity, of a ratio 1. */
export const disparities: ReadonlyMap<string, Disparity> = new Map([
  ['demographic_parity_difference', demographicParityDifference],
  ['demographic_parity_ratio', demographicParityRatio],
  ['equalized_odds_difference', equalizedOddsDifference],
  ['equalized_odds_ratio', equalizedOddsRatio],
  ['equal_opportunity_difference', equalOpportunityDifference],
  ['equal_opportunity_ratio', equalOpportunityRatio],
])

/** The rates that a disparity is made of. */
export const ratesOf = (metric: string): readonly RateKind[] =>
  metric.startsWith('demographic_parity')
    ? ['selection_rate']
    : metric.startsWith('equal_opportunity')
      ? ['true_positive_rate']
      : ['true_positive_rate', 'false_positive_rate']
