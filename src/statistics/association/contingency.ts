import { entropy } from '../distributions/entropy.ts'
import { chiSquaredIndependence } from '../hypothesis/chi-squared.ts'

/** Counts of pairs of categories: `table[a][b]`. */
export type ContingencyTable = readonly (readonly number[])[]

/**
 * Counts the pairs of two columns of category codes (0, 1, …; negative is missing, and leaves the row out) of equal
 * length.
 */
export function contingency(a: ArrayLike<number>, b: ArrayLike<number>): ContingencyTable {
  const [height, width] = [codes(a), codes(b)]
  const table = Array.from({ length: height }, () => Array.from({ length: width }, () => 0))
  for (let i = 0; i < a.length; i++) {
    const row = table[a[i] ?? -1]
    const column = b[i] ?? -1
    if (row !== undefined && column >= 0) row[column] = (row[column] ?? 0) + 1
  }
  return table
}

/**
 * Cramér's V with Bergsma's correction of its bias (2013), 0 to 1: of independent columns it is about 0 however many
 * categories they have. NaN where one column does not vary, or every row
 * has a category of its own.
 */
export function cramersV(table: ContingencyTable): number {
  const { statistic } = chiSquaredIndependence(table)
  const [rows, columns] = [rowSums(table), columnSums(table)].map(
    (sums) => sums.filter((sum) => sum > 0).length,
  )
  const n = total(table)
  if (rows === undefined || columns === undefined || rows < 2 || columns < 2 || n < 2) return Number.NaN
  const phi = Math.max(0, statistic / n - ((rows - 1) * (columns - 1)) / (n - 1))
  const [r, k] = [rows - (rows - 1) ** 2 / (n - 1), columns - (columns - 1) ** 2 / (n - 1)]
  const room = Math.min(r, k) - 1
  return room > 1e-9 ? Math.min(1, Math.sqrt(phi / room)) : Number.NaN
}

/** Mutual information in nats, `Σ p(a,b) ln(p(a,b) / (p(a) p(b)))`: `sklearn.metrics.mutual_info_score`. */
export function mutualInformation(table: ContingencyTable): number {
  const joint = entropy(table.flat())
  return Math.max(0, entropy(rowSums(table)) + entropy(columnSums(table)) - joint)
}

/**
 * Share of the columns' entropy that the rows tell: Theil's uncertainty coefficient `I(a; b) / H(b)`, 0 to 1, sklearn's
 * `homogeneity_score(b, a)`. NaN where the columns do not vary.
 */
export function uncertaintyCoefficient(table: ContingencyTable): number {
  const known = entropy(columnSums(table))
  return known === 0 ? Number.NaN : Math.min(1, mutualInformation(table) / known)
}

/** Mutual information over the mean of both entropies, 0 to 1: `sklearn.metrics.normalized_mutual_info_score`. */
export function normalisedMutualInformation(table: ContingencyTable): number {
  const mean = (entropy(rowSums(table)) + entropy(columnSums(table))) / 2
  return mean === 0 ? 1 : Math.min(1, mutualInformation(table) / mean)
}

/**
 * Correlation ratio η of numbers by category (Fisher): root of the share of their variance that the categories explain,
 * 0 to 1. Rows with a negative code or without a finite number are left out; NaN where the numbers do not vary.
 */
export function correlationRatio(categories: ArrayLike<number>, numbers: ArrayLike<number>): number {
  const groups = Array.from({ length: codes(categories) }, () => ({ count: 0, mean: 0, squares: 0 }))
  for (let i = 0; i < categories.length; i++) {
    const group = groups[categories[i] ?? -1]
    const value = numbers[i] ?? Number.NaN
    if (group === undefined || !Number.isFinite(value)) continue
    group.count += 1
    const before = value - group.mean
    group.mean += before / group.count
    group.squares += before * (value - group.mean)
  }
  const count = groups.reduce((sum, group) => sum + group.count, 0)
  const mean = groups.reduce((sum, group) => sum + group.mean * group.count, 0) / count
  const between = groups.reduce((sum, group) => sum + group.count * (group.mean - mean) ** 2, 0)
  const within = groups.reduce((sum, group) => sum + group.squares, 0)
  return between + within > 0 ? Math.sqrt(between / (between + within)) : Number.NaN
}

function codes(column: ArrayLike<number>): number {
  let highest = -1
  for (let i = 0; i < column.length; i++) highest = Math.max(highest, column[i] ?? -1)
  return highest + 1
}

const rowSums = (table: ContingencyTable) => table.map((row) => row.reduce((a, b) => a + b, 0))
const columnSums = (table: ContingencyTable) =>
  (table[0] ?? []).map((_, j) => table.reduce((sum, row) => sum + (row[j] ?? 0), 0))
const total = (table: ContingencyTable) => rowSums(table).reduce((a, b) => a + b, 0)
