import {
  jensenShannonDistance,
  kullbackLeiblerDivergence,
  lInfinity,
  totalVariation,
  wasserstein,
} from '../distributions/distances.ts'
import { tally } from '../distributions/tally.ts'
import { chiSquaredFit } from '../hypothesis/chi-squared.ts'
import { studentCdf } from '../probability/student.ts'

/*
 * Data balance as the Responsible AI toolbox measures it (`responsibleai.databalanceanalysis`): of the data, before any
 * model. Counts are of the values of one column, or of the combinations of several.
 */

/** How far the values of a column are from being equally frequent. */
export interface DistributionBalance {
  /** In nats. */
  readonly kullbackLeibler: number
  /** Base e. */
  readonly jensenShannon: number
  /** Between the probabilities as two samples of numbers, not along the values. */
  readonly wasserstein: number
  readonly infinityNorm: number
  readonly totalVariation: number
  readonly chiSquared: number
  readonly chiSquaredPValue: number
  /** In bits. */
  readonly crossEntropy: number
}

export function distributionBalance(counts: readonly number[]): DistributionBalance {
  const total = counts.reduce((a, b) => a + b, 0)
  const observed = counts.map((count) => count / total)
  const uniform = counts.map(() => 1 / counts.length)
  const { statistic, pValue } = chiSquaredFit(uniform, counts)
  return {
    kullbackLeibler: kullbackLeiblerDivergence(observed, uniform),
    jensenShannon: jensenShannonDistance(observed, uniform, Math.E),
    wasserstein: wasserstein(tally(observed), tally(uniform)),
    infinityNorm: lInfinity(observed, uniform),
    totalVariation: totalVariation(observed, uniform),
    chiSquared: statistic,
    chiSquaredPValue: pValue,
    crossEntropy: -observed.reduce((sum, p) => sum + Math.log2(p) / counts.length, 0),
  }
}

/** Inequality of how often the combinations of values occur: 0 where all do equally. */
export interface AggregateBalance {
  /** Generalised entropy of order 0 and 1, in nats. */
  readonly theilL: number
  readonly theilT: number
  /** With ε = 1: one less the geometric over the arithmetic mean. */
  readonly atkinson: number
}

export function aggregateBalance(counts: readonly number[]): AggregateBalance {
  const mean = counts.reduce((a, b) => a + b, 0) / counts.length
  const relative = counts.map((count) => count / mean)
  const average = (of: (x: number) => number) => relative.reduce((sum, x) => sum + of(x), 0) / counts.length
  const theilL = average((x) => -Math.log(x))
  return { theilL, theilT: average((x) => (x === 0 ? 0 : x * Math.log(x))), atkinson: 1 - Math.exp(-theilL) }
}

/** How often a value occurs, and how often with the favourable label. */
export interface ValueCounts {
  readonly value: string
  readonly count: number
  readonly positives: number
}

/** How a value and the favourable label go together. */
export interface Association {
  readonly statisticalParity: number
  /** −∞ where the value never has the label, as the log-likelihood ratio is. */
  readonly pointwiseMutualInformation: number
  /** Without the usual factor 2, as the toolbox has it. */
  readonly sorensenDice: number
  readonly jaccard: number
  readonly kendall: number
  readonly logLikelihoodRatio: number
  readonly tTest: number
}

/** Gap of each measure between two values: first less second. */
export interface FeatureBalance extends Association {
  readonly first: string
  readonly second: string
  readonly tTestPValue: number
}

/** The gaps of all pairs of values, in the order that the values come. */
export function featureBalance(values: readonly ValueCounts[]): FeatureBalance[] {
  const total = values.reduce((sum, { count }) => sum + count, 0)
  const positives = values.reduce((sum, { positives }) => sum + positives, 0)
  const measured = values.map((value) => associationOf(value, positives / total, total))
  return values.flatMap(({ value: first }, i) =>
    values.slice(i + 1).map(({ value: second }, offset): FeatureBalance => {
      const gap = (of: keyof Association) =>
        (measured[i]?.[of] ?? Number.NaN) - (measured[i + 1 + offset]?.[of] ?? Number.NaN)
      return {
        first,
        second,
        statisticalParity: gap('statisticalParity'),
        pointwiseMutualInformation: gap('pointwiseMutualInformation'),
        sorensenDice: gap('sorensenDice'),
        jaccard: gap('jaccard'),
        kendall: gap('kendall'),
        logLikelihoodRatio: gap('logLikelihoodRatio'),
        tTest: gap('tTest'),
        tTestPValue: studentCdf(-Math.abs(gap('tTest')), values.length - 1),
      }
    }),
  )
}

function associationOf({ count, positives }: ValueCounts, positive: number, n: number): Association {
  const [own, both] = [count / n, positives / n]
  const agreement = n ** 2 * (1 - 2 * own - 2 * positive + 2 * both + 2 * positive * own)
  const ties = n * (2 * own + 2 * positive - 4 * both - 1)
  const spread = n ** 2 * Math.sqrt((own - own ** 2) * (positive - positive ** 2))
  return {
    statisticalParity: both / own,
    pointwiseMutualInformation: Math.log(both / own),
    sorensenDice: both / (own + positive),
    jaccard: both / (own + positive - both),
    kendall: (agreement + ties) / spread,
    logLikelihoodRatio: Math.log(both / positive),
    tTest: (positive - own * positive) / Math.sqrt(own * positive),
  }
}
