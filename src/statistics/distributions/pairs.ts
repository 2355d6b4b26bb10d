import { chiSquaredTail, type ChiSquared } from '../hypothesis/chi-squared.ts'

/**
 * How often categories occur on two sides, of any number of categories in little room: those with the same two counts are
 * one entry, and `times` says how many they are. A column of a million ids has one entry for all that came once before, and
 * one for all that came once now.
 */
export interface CountPairs {
  readonly before: ArrayLike<number>
  readonly after: ArrayLike<number>
  readonly times: ArrayLike<number>
}

/** Categories that each stand for themselves. */
export const pairsOf = (before: ArrayLike<number>, after: ArrayLike<number>): CountPairs => ({
  before,
  after,
  times: new Float64Array(before.length).fill(1),
})

/** Rows of both sides, and different categories. */
export interface PairTotals {
  readonly before: number
  readonly after: number
  readonly categories: number
}

export function totalsOf({ before, after, times }: CountPairs): PairTotals {
  const totals = { before: 0, after: 0, categories: 0 }
  for (let i = 0; i < times.length; i++) {
    const weight = times[i] ?? 0
    totals.before += (before[i] ?? 0) * weight
    totals.after += (after[i] ?? 0) * weight
    totals.categories += weight
  }
  return totals
}

/** How far two distributions are apart in several ways; all are NaN if one side is empty. */
export interface Distances {
  /** Root of the divergence in base 2, 0 to 1: `scipy.spatial.distance.jensenshannon(p, q, 2)`. */
  readonly jensenShannonDistance: number
  /** As Azure ML's monitors have it, see `populationStabilityIndex`. */
  readonly populationStabilityIndex: number
  /** `½ Σ |p − q|`, 0 to 1. */
  readonly totalVariation: number
  /** `max |p − q|`, 0 to 1. */
  readonly lInfinity: number
  /** `√(½ Σ (√p − √q)²)`, 0 to 1. */
  readonly hellinger: number
  /** `Σ p ln(p / q)` of before against after in nats, 1 added to every count: SciPy's `entropy` of these. */
  readonly kullbackLeibler: number
}

/**
 * All distances in one walk. The index of categories is divided by the rows as Azure ML does it, that of bins (`numerical`)
 * by rows and bins.
 */
export function distancesOf(pairs: CountPairs, kind: 'numerical' | 'categorical'): Distances {
  const totals = totalsOf(pairs)
  if (totals.before === 0 || totals.after === 0) return none
  const laplace = (rows: number) => rows + (kind === 'numerical' ? totals.categories : 0)
  let [divergence, stability, variation, greatest, roots, leibler] = [0, 0, 0, 0, 0, 0]
  for (let i = 0; i < pairs.times.length; i++) {
    const [b, a, times] = [pairs.before[i] ?? 0, pairs.after[i] ?? 0, pairs.times[i] ?? 0]
    const [p, q] = [b / totals.before, a / totals.after]
    const middle = (p + q) / 2
    divergence += (times * (information(p, middle) + information(q, middle))) / 2
    const [was, is] = [(b + 1) / laplace(totals.before), (a + 1) / laplace(totals.after)]
    stability += times * (is - was) * Math.log(is / was)
    const [smoothB, smoothA] = [
      (b + 1) / (totals.before + totals.categories),
      (a + 1) / (totals.after + totals.categories),
    ]
    leibler += times * information(smoothB, smoothA)
    variation += times * Math.abs(p - q)
    greatest = Math.max(greatest, Math.abs(p - q))
    roots += times * (Math.sqrt(p) - Math.sqrt(q)) ** 2
  }
  return {
    jensenShannonDistance: Math.sqrt(Math.min(1, Math.max(0, divergence / Math.LN2))),
    populationStabilityIndex: stability,
    totalVariation: variation / 2,
    lInfinity: greatest,
    hellinger: Math.sqrt(Math.min(1, roots / 2)),
    kullbackLeibler: Math.max(0, leibler),
  }
}

const information = (p: number, q: number) => (p === 0 ? 0 : p * Math.log(p / q))

const none: Distances = {
  jensenShannonDistance: Number.NaN,
  populationStabilityIndex: Number.NaN,
  totalVariation: Number.NaN,
  lInfinity: Number.NaN,
  hellinger: Number.NaN,
  kullbackLeibler: Number.NaN,
}

/** `chiSquaredFit` of pairs: whether what is after fits the shares of before. */
export function chiSquaredOf(pairs: CountPairs): ChiSquared {
  const totals = totalsOf(pairs)
  if (totals.before === 0 || totals.after === 0)
    return { statistic: Number.NaN, pValue: Number.NaN, degrees: 0 }
  let [statistic, categories] = [0, 0]
  for (let i = 0; i < pairs.times.length; i++) {
    const expected = ((pairs.before[i] ?? 0) / totals.before) * totals.after
    const count = pairs.after[i] ?? 0
    if (expected === 0 && count === 0) continue
    categories += pairs.times[i] ?? 0
    statistic += ((count - expected) ** 2 / expected) * (pairs.times[i] ?? 0)
  }
  const degrees = Math.max(0, categories - 1)
  return { statistic, pValue: chiSquaredTail(statistic, degrees), degrees }
}
