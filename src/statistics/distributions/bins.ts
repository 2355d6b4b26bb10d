/** Equal-width bins: `edges` has one more entry than there are bins; all are half-open `[a, b)`, the last one closed. */
export interface Bins {
  readonly edges: readonly number[]
}

/** What a rule for the number of bins needs to know of the values. */
export interface Spread {
  readonly count: number
  readonly min: number
  readonly max: number
  /** 75th percentile less the 25th. */
  readonly interquartileRange: number
  /** Whole numbers get bins at least 1 wide, as NumPy gives them since 2.0. */
  readonly integers: boolean
}

/**
 * Number of bins by NumPy's `bins='auto'` (numpy/lib/_histograms_impl.py, 2.x): the narrower of Freedman–Diaconis'
 * width `2 IQR / n^⅓` (never narrower than `range / √n / 2`) and Sturges' `range / (log2 n + 1)`.
 */
export function autoBinCount({ count, min, max, interquartileRange, integers }: Spread): number {
  const range = max - min
  if (count === 0 || range === 0) return 1
  const freedmanDiaconis = (2 * interquartileRange) / Math.cbrt(count)
  const narrowest = range / Math.sqrt(count) / 2
  const sturges = range / (Math.log2(count) + 1)
  const width = Math.min(Math.max(freedmanDiaconis, narrowest), sturges)
  return Math.max(1, Math.ceil(range / (integers && width < 1 ? 1 : width)))
}

/**
 * Number of bins by Sturges' rule as Azure ML's model monitors use it: `ceil(log2 n + 1)`, n being the smaller of the
 * two row counts.
 */
export const sturgesBinCount = (count: number): number => (count < 1 ? 1 : Math.ceil(Math.log2(count) + 1))

/** `count` equal bins from `min` to `max` (`numpy.linspace`). One value only: a bin of 0.5 % of it to each side. */
export function equalWidthBins(min: number, max: number, count: number): Bins {
  if (min === max) {
    const half = min === 0 ? 0.005 : Math.abs(min) * 0.005
    return { edges: [min - half, max + half] }
  }
  const step = (max - min) / count
  return { edges: Array.from({ length: count + 1 }, (_, i) => (i === count ? max : min + i * step)) }
}

/** Which bin a value is in; -1 outside, and for NaN. */
export function binOf(value: number, { edges }: Bins): number {
  const last = edges.length - 2
  const [first, end] = [edges[0] ?? Number.NaN, edges[last + 1] ?? Number.NaN]
  if (!(value >= first && value <= end)) return -1
  let [low, high] = [0, last]
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (value >= (edges[middle] ?? Infinity)) low = middle
    else high = middle - 1
  }
  return low
}

/** How many of the values are in each bin; those outside are in none. */
export function countBins(values: ArrayLike<number>, bins: Bins): number[] {
  const counts = Array.from({ length: bins.edges.length - 1 }, () => 0)
  for (let i = 0; i < values.length; i++) {
    const bin = binOf(values[i] ?? Number.NaN, bins)
    if (bin >= 0) counts[bin] = (counts[bin] ?? 0) + 1
  }
  return counts
}
