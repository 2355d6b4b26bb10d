import type { BinMeans } from './curve.ts'

export interface BrierParts {
  /** `Σ w (mean probability − share)²`: what calibrating would win. */
  readonly reliability: number
  /** `Σ w (share − share of all)²`: how far the bins' shares are apart, which the model knows. */
  readonly resolution: number
  /** `ȳ (1 − ȳ)`: what of one who knows only the share of all. */
  readonly uncertainty: number
}

/**
 * Murphy's partition of the Brier score (1973): reliability − resolution + uncertainty, which is the score of the bins'
 * mean probabilities. NaN of no rows.
 */
export function brierParts(bins: readonly BinMeans[]): BrierParts {
  const n = bins.reduce((sum, { count }) => sum + count, 0)
  const share = bins.reduce((sum, { count, observed }) => sum + (count / n) * observed, 0)
  if (n === 0) return { reliability: Number.NaN, resolution: Number.NaN, uncertainty: Number.NaN }
  const mean = (of: (bin: BinMeans) => number) =>
    bins.reduce((sum, bin) => sum + (bin.count / n) * of(bin), 0)
  return {
    reliability: mean(({ predicted, observed }) => (predicted - observed) ** 2),
    resolution: mean(({ observed }) => (observed - share) ** 2),
    uncertainty: share * (1 - share),
  }
}
