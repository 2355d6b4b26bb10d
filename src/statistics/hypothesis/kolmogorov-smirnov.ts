import { walkBoth, type Tally } from '../distributions/tally.ts'

export interface KolmogorovSmirnov {
  /** Greatest difference of the two distribution functions, 0 to 1. */
  readonly statistic: number
  readonly pValue: number
}

/** Above so many rows on one side the p-value is the limit's: SciPy's own bound. */
const exactUpTo = 10_000

/**
 * Two-sided two-sample test whether both come of one continuous distribution. The p-value is exact while neither side
 * has over 10,000 values, as SciPy's `ks_2samp` has it; beyond, it is that of Kolmogorov's limit. NaN if one side is
 * empty.
 */
export function kolmogorovSmirnov(a: Tally, b: Tally): KolmogorovSmirnov {
  const statistic = kolmogorovSmirnovStatistic(a, b)
  return { statistic, pValue: kolmogorovSmirnovPValue(statistic, a.total, b.total) }
}

/** The p-value of a statistic that is known, of samples of m and n values. NaN of NaN. */
export function kolmogorovSmirnovPValue(statistic: number, m: number, n: number): number {
  if (Number.isNaN(statistic)) return Number.NaN
  const pValue =
    Math.max(m, n) <= exactUpTo
      ? exactTail(statistic, m, n)
      : kolmogorovTail(statistic * Math.sqrt((m * n) / (m + n)))
  return Math.min(1, Math.max(0, pValue))
}

export function kolmogorovSmirnovStatistic(a: Tally, b: Tally): number {
  if (a.total === 0 || b.total === 0) return Number.NaN
  let greatest = 0
  walkBoth(a, b, ({ shareA, shareB }) => {
    greatest = Math.max(greatest, Math.abs(shareA - shareB))
  })
  return greatest
}

/**
 * Chance of Kolmogorov's limit distribution to be larger, `2 Σ (−1)^(k−1) e^(−2k²x²)`: `scipy.special.kolmogorov`. Below
 * 1 that series is slow, and its theta-transformed twin is taken.
 */
export function kolmogorovTail(x: number): number {
  if (x <= 0) return 1
  if (x < 1) {
    const terms = [1, 3, 5, 7].map((k) => Math.exp(-((k * Math.PI) ** 2) / (8 * x * x)))
    return 1 - (Math.sqrt(2 * Math.PI) / x) * terms.reduce((a, b) => a + b, 0)
  }
  let tail = 0
  for (let k = 1; k <= 10; k++) tail += (k % 2 === 1 ? 2 : -2) * Math.exp(-2 * k * k * x * x)
  return tail
}

/**
 * Share of the lattice paths from (0, 0) to (m, n) that come as far as `statistic` from the diagonal (Hodges 1958). A
 * path to (i, j) comes from (i−1, j) in i of i+j cases, so the shares follow from each other row by row.
 */
function exactTail(statistic: number, m: number, n: number): number {
  const divisor = greatestCommonDivisor(m, n)
  const [perRow, perColumn] = [n / divisor, m / divisor]
  const reach = Math.round(statistic * perRow * m)
  if (reach === 0) return 1
  const row = new Float64Array(n + 1).fill(1)
  for (let j = 0; j <= n && perColumn * j < reach; j++) row[j] = 0
  for (let i = 1; i <= m; i++) {
    const first = Math.max(0, Math.floor((perRow * i - reach) / perColumn) + 1)
    const last = Math.min(n, Math.ceil((perRow * i + reach) / perColumn) - 1)
    if (first > last) return 1
    if (first > 0) row[first - 1] = 1
    let left = first === 0 ? 0 : 1
    for (let j = first; j <= last; j++) {
      left = ((row[j] ?? 1) * i + left * j) / (i + j)
      row[j] = left
    }
  }
  return row[n] ?? 1
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b)
}
