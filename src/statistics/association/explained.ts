import type { Interval } from '../intervals/interval.ts'
import { normalQuantile } from '../probability/normal.ts'
import { quantileSorted } from '../distributions/quantiles.ts'
import { mulberry32 } from '../random/generator.ts'

/** A column as groups of rows. */
export interface Grouping {
  /** Group of each row from 0; negative where the row has no value, which leaves it out. */
  readonly codes: Int32Array
  /** How many groups there are. */
  readonly groups: number
}

/** How often rows are drawn anew for an interval, and shuffled for what chance gives. */
const replicates = 300
const shuffles = 200
const seed = 20_261_123

/**
 * Numbers in at most `most` groups of about equal size, equal numbers never apart; few different numbers are a group
 * each. What is not finite has no group.
 */
export function groupsOfNumbers(x: ArrayLike<number>, most: number): Grouping {
  const sorted = Float64Array.from(Array.from(x).filter(Number.isFinite)).sort()
  const distinct = [...new Set(sorted)]
  const edges =
    distinct.length <= most
      ? distinct
      : [...new Set(Array.from({ length: most }, (_, i) => quantileSorted(sorted, (i + 1) / most)))]
  const codes = Int32Array.from({ length: x.length }, (_, i) => {
    const value = x[i] ?? Number.NaN
    return Number.isFinite(value) ? edges.findIndex((edge) => value <= edge) : -1
  })
  const used = [...new Set(codes)].filter((code) => code >= 0).toSorted((a, b) => a - b)
  return { codes: codes.map((code) => (code < 0 ? -1 : used.indexOf(code))), groups: used.length }
}

/** Texts as groups, one for each; undefined has none. */
export function groupsOfTexts(texts: readonly (string | undefined)[]): Grouping {
  const numbers = new Map<string, number>()
  const codes = Int32Array.from(texts, (text) => {
    if (text === undefined) return -1
    const known = numbers.get(text) ?? numbers.size
    numbers.set(text, known)
    return known
  })
  return { codes, groups: numbers.size }
}

/**
 * Share of the variance of `y` that groups explain, corrected for how much groups explain of anything: Kelley's ε²
 * (1935), `1 - (1 - η²)(n - 1) / (n - k)`. About 0 (it may be a little below) where they tell nothing, 1 where they tell
 * all; over ranks the effect size of the Kruskal-Wallis test. NaN where `y` does not vary, or no group has two rows.
 */
export function explainedShare(
  { codes, groups }: Grouping,
  y: ArrayLike<number>,
  rows?: ArrayLike<number>,
): number {
  const counts = new Float64Array(groups)
  const sums = new Float64Array(groups)
  let [n, sum, squares] = [0, 0, 0]
  const length = rows?.length ?? codes.length
  for (let i = 0; i < length; i++) {
    const row = rows === undefined ? i : (rows[i] ?? 0)
    const code = codes[row] ?? -1
    if (code < 0) continue
    const value = y[row] ?? 0
    counts[code] = (counts[code] ?? 0) + 1
    sums[code] = (sums[code] ?? 0) + value
    n += 1
    sum += value
    squares += value * value
  }
  const total = squares - (sum * sum) / n
  let [between, k] = [-(sum * sum) / n, 0]
  for (let g = 0; g < groups; g++) {
    const count = counts[g] ?? 0
    if (count === 0) continue
    k += 1
    between += (sums[g] ?? 0) ** 2 / count
  }
  if (n <= k || total <= 1e-9 * squares) return Number.NaN
  return 1 - (1 - between / total) * ((n - 1) / (n - k))
}

export interface Explained {
  readonly share: number
  /** 95 %: quantiles of the share of rows drawn anew, moved by the drawing's own bias. */
  readonly interval: Interval
  /** The share after each of `shuffles` shuffles of `y`; the same shuffles for every grouping of equally many rows. */
  readonly shuffled: Float64Array
}

/** How much of `y` groups explain, how sure that is, and what chance alone gives at these sizes. Draws are seeded. */
export function explained(grouping: Grouping, y: ArrayLike<number>): Explained {
  const share = explainedShare(grouping, y)
  const { length } = grouping.codes
  const random = mulberry32(seed)
  const rows = new Int32Array(length)
  const drawn = Float64Array.from({ length: replicates }, () => {
    for (let i = 0; i < length; i++) rows[i] = Math.floor(random() * length)
    return explainedShare(grouping, y, rows)
  })
    .filter((value) => !Number.isNaN(value))
    .sort()
  // A sample drawn from the sample has its differences between groups for true ones: it explains too much by as much.
  const bias = drawn.reduce((sum, value) => sum + value, 0) / drawn.length - share
  const mixed = Float64Array.from(y)
  const shuffling = mulberry32(seed + 1)
  const shuffled = Float64Array.from({ length: shuffles }, () => {
    for (let i = length - 1; i > 0; i--) {
      const j = Math.floor(shuffling() * (i + 1))
      const value = mixed[i] ?? 0
      mixed[i] = mixed[j] ?? 0
      mixed[j] = value
    }
    return explainedShare(grouping, mixed)
  })
  const within = (value: number) => Math.max(0, Math.min(1, value))
  return {
    share,
    interval: {
      lower: within(quantileSorted(drawn, 0.025) - bias),
      upper: within(quantileSorted(drawn, 0.975) - bias),
    },
    shuffled,
  }
}

/**
 * What the greatest share of several groupings reaches by chance in one of twenty shuffles: whoever looks at k shares
 * looks at the greatest of k. NaN for none.
 */
export function chanceOf(shuffled: readonly Float64Array[]): number {
  const [first] = shuffled
  if (first === undefined) return Number.NaN
  const greatest = first.map((_, i) =>
    Math.max(...shuffled.map((one) => one[i] ?? Number.NaN).filter((value) => !Number.isNaN(value))),
  )
  return quantileSorted(greatest.sort(), 0.95)
}

/**
 * 95 % interval of Spearman's correlation of `n` pairs: Fisher's transformation with the variance `(1 + ρ²/2) / (n - 3)`
 * of Bonett & Wright (2000). NaN below four pairs.
 */
export function spearmanInterval(rho: number, n: number): Interval {
  const half = normalQuantile(0.975) * Math.sqrt((1 + rho ** 2 / 2) / (n - 3))
  if (n < 4) return { lower: Number.NaN, upper: Number.NaN }
  return { lower: Math.tanh(Math.atanh(rho) - half), upper: Math.tanh(Math.atanh(rho) + half) }
}
