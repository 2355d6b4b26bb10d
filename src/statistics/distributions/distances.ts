import { entropy } from './entropy.ts'
import { walkBoth, type Tally } from './tally.ts'

/*
 * How far two distributions are apart. Counts and probabilities come as two arrays over the same bins or categories, of
 * equal length; they are normalised here. All answers are NaN if one side is empty.
 */

type Weights = ArrayLike<number>

/**
 * Jensen–Shannon divergence `H((p+q)/2) − (H(p)+H(q))/2`: 0 to 1 in base 2 (Lin 1991). SciPy's `jensenshannon(p, q, 2)`
 * is the root of it.
 */
export function jensenShannonDivergence(p: Weights, q: Weights, base = 2): number {
  const [a, b] = [normalised(p), normalised(q)]
  const middle = a.map((share, i) => (share + (b[i] ?? 0)) / 2)
  return Math.max(0, entropy(middle, base) - (entropy(a, base) + entropy(b, base)) / 2)
}

/** Jensen–Shannon distance: the root of the divergence, a metric. Base 2 as Azure ML and NannyML take it; SciPy's default is e. */
export const jensenShannonDistance = (p: Weights, q: Weights, base = 2): number =>
  Math.sqrt(jensenShannonDivergence(p, q, base))

/**
 * Kullback–Leibler divergence `Σ p ln(p / q)` in nats: SciPy's `entropy(p, q)`. Infinite where p has what q has not; not
 * symmetric.
 */
export function kullbackLeiblerDivergence(p: Weights, q: Weights): number {
  const b = normalised(q)
  return normalised(p).reduce(
    (total, share, i) => (share === 0 ? total : total + share * Math.log(share / (b[i] ?? 0))),
    0,
  )
}

/**
 * Population stability index `Σ (a_i − b_i) ln(a_i / b_i)`. Counts come in, because a share of nothing has no logarithm:
 * as Azure ML's monitors do, 1 is added to every count (Laplace). The denominator is `n + k` over k bins for numbers;
 * for categories Azure leaves it at n.
 */
export function populationStabilityIndex(
  baseline: Weights,
  actual: Weights,
  kind: 'numerical' | 'categorical' = 'numerical',
): number {
  const shares = (counts: Weights) => {
    const total = sum(counts)
    const denominator = kind === 'numerical' ? total + counts.length : total
    return Array.from(counts, (count) => (total === 0 ? Number.NaN : (count + 1) / denominator))
  }
  const [b, a] = [shares(baseline), shares(actual)]
  return b.reduce((psi, was, i) => psi + ((a[i] ?? 0) - was) * Math.log((a[i] ?? 0) / was), 0)
}

/** Total variation `½ Σ |p_i − q_i|`: 0 to 1. */
export const totalVariation = (p: Weights, q: Weights): number =>
  differences(p, q).reduce((a, b) => a + b, 0) / 2

/** L-infinity, also Chebyshev's distance: `max |p_i − q_i|`, 0 to 1. */
export const lInfinity = (p: Weights, q: Weights): number =>
  differences(p, q).reduce((a, b) => Math.max(a, b), 0)

/** Hellinger distance `√(½ Σ (√p_i − √q_i)²)`: 0 to 1. */
export function hellinger(p: Weights, q: Weights): number {
  const [a, b] = [normalised(p), normalised(q)]
  return Math.sqrt(a.reduce((total, x, i) => total + (Math.sqrt(x) - Math.sqrt(b[i] ?? 0)) ** 2, 0) / 2)
}

/** First Wasserstein distance `∫ |F_a − F_b|`, in the unit of the values (SciPy's `wasserstein_distance`). */
export function wasserstein(a: Tally, b: Tally): number {
  if (a.total === 0 || b.total === 0) return Number.NaN
  let distance = 0
  walkBoth(a, b, ({ shareA, shareB, value, next }) => {
    if (!Number.isNaN(next)) distance += Math.abs(shareA - shareB) * (next - value)
  })
  return distance
}

/**
 * Wasserstein distance over the baseline's standard deviation (the sample's, ddof 1), which is taken as 0.001 at least:
 * Azure ML's `normalized_wasserstein_distance`.
 */
export const normalisedWasserstein = (baseline: Tally, actual: Tally): number =>
  wasserstein(baseline, actual) / Math.max(sampleDeviation(baseline), 0.001)

/** Standard deviation of the sample (ddof 1) that was counted; 0 of fewer than two values. */
export function sampleDeviation({ values, counts, total }: Tally): number {
  if (total < 2) return 0
  let mean = 0
  for (let i = 0; i < values.length; i++) mean += ((values[i] ?? 0) * (counts[i] ?? 0)) / total
  let squares = 0
  for (let i = 0; i < values.length; i++) squares += ((values[i] ?? 0) - mean) ** 2 * (counts[i] ?? 0)
  return Math.sqrt(squares / (total - 1))
}

const sum = (weights: Weights) => Array.from(weights).reduce((a, b) => a + b, 0)

function normalised(weights: Weights): number[] {
  const total = sum(weights)
  return Array.from(weights, (weight) => weight / total)
}

function differences(p: Weights, q: Weights): number[] {
  const b = normalised(q)
  return normalised(p).map((share, i) => Math.abs(share - (b[i] ?? 0)))
}
