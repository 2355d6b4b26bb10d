import { upperGamma } from '../probability/gamma.ts'

export interface ChiSquared {
  /** Infinite where something was seen that was not expected at all. */
  readonly statistic: number
  readonly pValue: number
  readonly degrees: number
}

/** Chance of a chi-squared variable with so many degrees of freedom to be larger: `scipy.stats.chi2.sf`. */
export const chiSquaredTail = (statistic: number, degrees: number): number =>
  degrees <= 0 ? 1 : upperGamma(degrees / 2, statistic / 2)

/**
 * Pearson's test whether counts fit a baseline's, `Σ (o − e)² / e` with `e` = the baseline's shares of the observed
 * total: `scipy.stats.chisquare`, and Azure ML's `pearsons_chi_squared_test`. Categories that neither has are left out.
 * NaN if one side is empty.
 */
export function chiSquaredFit(baseline: ArrayLike<number>, observed: ArrayLike<number>): ChiSquared {
  const [from, to] = [Array.from(baseline), Array.from(observed)]
  const [before, after] = [from, to].map((counts) => counts.reduce((a, b) => a + b, 0))
  if (!before || !after) return { statistic: Number.NaN, pValue: Number.NaN, degrees: 0 }
  let [statistic, categories] = [0, 0]
  for (const [i, count] of to.entries()) {
    const expected = ((from[i] ?? 0) / before) * after
    if (expected === 0 && count === 0) continue
    categories += 1
    statistic += (count - expected) ** 2 / expected
  }
  const degrees = Math.max(0, categories - 1)
  return { statistic, pValue: chiSquaredTail(statistic, degrees), degrees }
}

/**
 * Pearson's test whether the rows and columns of a table of counts are independent, without Yates' correction:
 * `scipy.stats.chi2_contingency(correction=False)`. Empty rows and columns are left out.
 */
export function chiSquaredIndependence(table: readonly (readonly number[])[]): ChiSquared {
  const rows = table.map((row) => row.reduce((a, b) => a + b, 0))
  const width = table[0]?.length ?? 0
  const columns = Array.from({ length: width }, (_, j) =>
    table.reduce((total, row) => total + (row[j] ?? 0), 0),
  )
  const total = rows.reduce((a, b) => a + b, 0)
  let statistic = 0
  for (const [i, row] of table.entries())
    for (const [j, count] of row.entries()) {
      const expected = ((rows[i] ?? 0) * (columns[j] ?? 0)) / total
      if (expected > 0) statistic += (count - expected) ** 2 / expected
    }
  const used = (sums: readonly number[]) => sums.filter((sum) => sum > 0).length
  const degrees = Math.max(0, (used(rows) - 1) * (used(columns) - 1))
  return { statistic, pValue: chiSquaredTail(statistic, degrees), degrees }
}
