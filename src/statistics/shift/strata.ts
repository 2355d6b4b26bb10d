import { chiSquaredTail } from '../hypothesis/chi-squared.ts'
import { around, type Interval } from '../intervals/interval.ts'

/** What is known of a number (a loss, or whether a row is of the class) in one stratum of one population. */
export interface Moments {
  readonly rows: number
  readonly mean: number
  /** With ddof 1; NaN of fewer than two rows. */
  readonly variance: number
}

/** One stratum (rows whose scores lie close to each other) in both populations. */
export interface Stratum {
  readonly reference: Moments
  readonly production: Moments
}

/** How a mean has changed, taken apart. */
export interface Decomposition {
  /** Production's mean less the reference's: the sum of both effects. */
  readonly change: number
  /** Of the same scores: what changed in what is true at a score. */
  readonly concept: number
  readonly conceptInterval: Interval
  /** Of how scores are spread: what had changed though all were as true as before. */
  readonly covariate: number
  /** Share of production's rows in strata that the reference has rows of; the others are left out. */
  readonly comparable: number
}

/** Fewer rows of the reference tell nothing of a stratum. */
const leastRows = 2

const isComparable = ({ reference, production }: Stratum) =>
  reference.rows >= leastRows && production.rows > 0

/**
 * Takes the change of a mean loss apart: `Σ w (production − reference)` over strata of equal scores, weighted as production
 * has them, is the change of the concept; the change of the weights at the reference's losses is that of the covariates.
 * The decomposition of Cai, Namkoong & Yadlowsky (2023) with the score for the features. The interval reaches z standard
 * errors to each side.
 */
export function decompose(strata: readonly Stratum[], z: number): Decomposition {
  const all = strata.reduce((sum, { production }) => sum + production.rows, 0)
  const used = strata.filter(isComparable)
  const total = (side: keyof Stratum) => used.reduce((sum, stratum) => sum + stratum[side].rows, 0)
  const [n, m] = [total('production'), total('reference')]
  let [concept, covariate, variance] = [0, 0, 0]
  for (const { reference, production } of used) {
    const [w, v] = [production.rows / n, reference.rows / m]
    concept += w * (production.mean - reference.mean)
    covariate += (w - v) * reference.mean
    variance +=
      w ** 2 * ((production.variance || 0) / production.rows + (reference.variance || 0) / reference.rows)
  }
  if (used.length === 0) [concept, covariate] = [Number.NaN, Number.NaN]
  return {
    change: concept + covariate,
    concept,
    conceptInterval: around(concept, Math.sqrt(variance), z),
    covariate,
    comparable: all === 0 ? Number.NaN : n / all,
  }
}

/**
 * Whether a share (of rows that are of a class) is the same in each stratum of both populations: the squares of the
 * two-sample z-tests of proportions, pooled in each stratum, add up to chi-squared with as many degrees as there are
 * strata that have both outcomes. Scores may move freely: only what is true at a score is asked about.
 */
export function sharesTest(strata: readonly Stratum[]): {
  readonly pValue: number
  readonly degrees: number
} {
  let [statistic, degrees] = [0, 0]
  for (const { reference: a, production: b } of strata.filter(isComparable)) {
    const pooled = (a.rows * a.mean + b.rows * b.mean) / (a.rows + b.rows)
    const variance = pooled * (1 - pooled) * (1 / a.rows + 1 / b.rows)
    if (!(variance > 0)) continue
    statistic += (b.mean - a.mean) ** 2 / variance
    degrees += 1
  }
  return { pValue: degrees === 0 ? Number.NaN : chiSquaredTail(statistic, degrees), degrees }
}

/** The same of any mean, by Welch's statistics: for large strata. */
export function meansTest(strata: readonly Stratum[]): { readonly pValue: number; readonly degrees: number } {
  let [statistic, degrees] = [0, 0]
  for (const { reference: a, production: b } of strata.filter(isComparable)) {
    const variance = a.variance / a.rows + b.variance / b.rows
    if (!(variance > 0)) continue
    statistic += (b.mean - a.mean) ** 2 / variance
    degrees += 1
  }
  return { pValue: degrees === 0 ? Number.NaN : chiSquaredTail(statistic, degrees), degrees }
}

/** How far shares have moved in the mean: `Σ w |production − reference|`, weighted as production has the strata. */
export function meanShift(strata: readonly Stratum[]): number {
  const used = strata.filter(isComparable)
  const n = used.reduce((sum, { production }) => sum + production.rows, 0)
  return used.length === 0
    ? Number.NaN
    : used.reduce(
        (sum, { reference, production }) =>
          sum + (production.rows / n) * Math.abs(production.mean - reference.mean),
        0,
      )
}

/** Of equal shares the mean shift that chance alone makes: `Σ w √(2/π) √(v/n + v/m)`. */
export function meanShiftNoise(strata: readonly Stratum[]): number {
  const used = strata.filter(isComparable)
  const n = used.reduce((sum, { production }) => sum + production.rows, 0)
  return used.reduce((sum, { reference: a, production: b }) => {
    const pooled = (a.rows * a.mean + b.rows * b.mean) / (a.rows + b.rows)
    const deviation = Math.sqrt(Math.max(0, pooled * (1 - pooled)) * (1 / a.rows + 1 / b.rows))
    return sum + (b.rows / n) * Math.sqrt(2 / Math.PI) * deviation
  }, 0)
}
