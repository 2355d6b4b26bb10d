import {
  jensenShannonNull,
  kolmogorovSmirnovNull,
  psiNull,
  psiNullMean,
  wassersteinNullMean,
} from '../../../statistics/drift/null.ts'
import type { FeatureDrift } from './measure.ts'

/** What a distance is by chance alone, between rows of one distribution in these numbers. */
export interface Chance {
  readonly mean: number
  /** Exceeded once in a thousand windows. */
  readonly q999: number
}

/** Wasserstein's .999 quantile over its mean: of 20,000 simulated pairs of 1,000 normal values each (of 200 values: 2.66). */
const wassersteinReach = 2.65
/** The mean of √(nm/(n+m)) D by Kolmogorov's limit. */
const kolmogorovMean = 0.8687

/** The chance band of a feature's distance; undefined where none is known, or nothing was measured. */
export function chanceOf(metric: string, { drift, rows }: FeatureDrift): Chance | undefined {
  if (drift === undefined) return undefined
  const sizes = { reference: rows.reference, current: rows.production }
  const bins = drift.kind === 'numerical' ? drift.reference.length : drift.total
  const share = Math.sqrt(1 / sizes.reference + 1 / sizes.current)
  switch (metric) {
    case 'population_stability_index':
      return { mean: psiNullMean(sizes, bins), q999: bins < 2 ? 0 : psiNull(sizes, bins) }
    case 'jensen_shannon_distance':
      // The root of a mean is above the mean of the root, by little where there are several bins.
      return {
        mean: Math.sqrt(psiNullMean(sizes, bins) / (8 * Math.LN2)),
        q999: bins < 2 ? 0 : jensenShannonNull(sizes, bins),
      }
    case 'kolmogorov_smirnov_statistic':
      return { mean: kolmogorovMean * share, q999: kolmogorovSmirnovNull(sizes) }
    case 'normalized_wasserstein_distance':
      return { mean: wassersteinNullMean(sizes), q999: wassersteinReach * wassersteinNullMean(sizes) }
    default:
      return undefined
  }
}
