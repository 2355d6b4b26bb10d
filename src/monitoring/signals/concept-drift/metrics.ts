import type { SignalMetric } from '../signal.ts'

/** One false alarm in 931 batches of a stream that has not changed. */
export const usualCusumLimit = 5

/** What this signal may have limits of. Without any, CUSUM is held to its own. */
export const conceptMetrics: readonly SignalMetric[] = [
  { name: 'concept_effect', wire: 'ConceptEffect', beyond: 'above' },
  { name: 'covariate_effect', wire: 'CovariateEffect', beyond: 'above' },
  { name: 'concept_p_value', wire: 'ConceptPValue', beyond: 'below' },
  { name: 'calibration_shift', wire: 'CalibrationShift', beyond: 'above' },
  { name: 'loss_cusum', wire: 'LossCusum', beyond: 'above', threshold: usualCusumLimit },
  { name: 'page_hinkley', wire: 'PageHinkley', beyond: 'above' },
  { name: 'reliability', wire: 'Reliability', beyond: 'above' },
  { name: 'resolution', wire: 'Resolution', beyond: 'below' },
]

/** What the next window goes on from. */
export const carriedMetric = 'loss_cusum_carried'
