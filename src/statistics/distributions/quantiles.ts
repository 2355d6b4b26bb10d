/**
 * The quantile `q` (0 to 1) of values that are sorted ascending, by linear interpolation between neighbours: NumPy's
 * default, type 7 of Hyndman & Fan (1996). NaN where there are no values.
 */
export function quantileSorted(sorted: ArrayLike<number>, q: number): number {
  if (sorted.length === 0) return Number.NaN
  const position = q * (sorted.length - 1)
  const below = Math.floor(position)
  const low = sorted[below] ?? Number.NaN
  const high = sorted[Math.min(below + 1, sorted.length - 1)] ?? Number.NaN
  return low === high ? low : low + (high - low) * (position - below)
}

/** The same of values in any order; the array is left as it is. */
export const quantile = (values: ArrayLike<number>, q: number): number =>
  quantileSorted(Float64Array.from(values).sort(), q)
