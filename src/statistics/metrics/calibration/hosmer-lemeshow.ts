import { chiSquaredTail } from '../../hypothesis/chi-squared.ts'
import { calibrationCurve } from './curve.ts'
import type { Column } from '../rows.ts'

export interface GoodnessOfFit {
  readonly statistic: number
  /** Of a chi-squared with two degrees fewer than there are groups; NaN of fewer than three. */
  readonly pValue: number
  readonly groups: number
}

/**
 * Hosmer and Lemeshow's test (1980) over groups of equal size by rising probability: `Σ (O − E)² / (E (1 − E/n))`. For
 * display: its verdict changes with the number of groups, and with enough rows it rejects every model.
 */
export function hosmerLemeshow(labels: Column, probabilities: Column, groups = 10): GoodnessOfFit {
  const bins = calibrationCurve({ labels, probabilities }, { bins: groups, strategy: 'quantile' })
  const statistic = bins.reduce((sum, { count, observed, predicted }) => {
    const variance = count * predicted * (1 - predicted)
    return sum + (count * (observed - predicted)) ** 2 / variance
  }, 0)
  const degrees = bins.length - 2
  return {
    statistic,
    pValue: degrees > 0 ? chiSquaredTail(statistic, degrees) : Number.NaN,
    groups: bins.length,
  }
}
