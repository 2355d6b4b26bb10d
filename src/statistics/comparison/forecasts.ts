import { studentCdf } from '../probability/student.ts'

export interface DieboldMariano {
  readonly statistic: number
  /** Two-sided. */
  readonly pValue: number
}

/**
 * Diebold and Mariano's test (1995) of equal losses of h-step forecasts, with the autocovariances up to h − 1 and Harvey,
 * Leybourne & Newbold's correction (1997) `√((n + 1 − 2h + h(h−1)/n) / n)`; Student's t of n − 1 degrees. `differences` are
 * champion's loss less challenger's, in the order of time: a positive statistic speaks for the challenger. NaN where
 * the variance is not positive.
 */
export function dieboldMariano(differences: ArrayLike<number>, horizon = 1): DieboldMariano {
  const n = differences.length
  const d = Float64Array.from(differences)
  const centre = d.reduce((a, b) => a + b, 0) / n
  let variance = 0
  for (let lag = 0; lag < horizon; lag++) {
    let covariance = 0
    for (let t = lag; t < n; t++) covariance += ((d[t] ?? 0) - centre) * ((d[t - lag] ?? 0) - centre)
    variance += ((lag === 0 ? 1 : 2) * covariance) / n
  }
  const correction = Math.sqrt((n + 1 - 2 * horizon + (horizon * (horizon - 1)) / n) / n)
  const statistic = variance > 0 ? (correction * centre) / Math.sqrt(variance / n) : Number.NaN
  return {
    statistic,
    pValue: Number.isNaN(statistic) ? Number.NaN : 2 * studentCdf(-Math.abs(statistic), n - 1),
  }
}
