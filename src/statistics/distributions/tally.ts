/** Values with how often each occurs, ascending and each once: a sample of any size in little room. */
export interface Tally {
  readonly values: ArrayLike<number>
  readonly counts: ArrayLike<number>
  readonly total: number
}

/** Counts values. NaN is not counted. */
export function tally(sample: ArrayLike<number>): Tally {
  const sorted = Float64Array.from(sample)
    .filter((value) => !Number.isNaN(value))
    .sort()
  const values: number[] = []
  const counts: number[] = []
  for (const value of sorted) {
    if (value === values.at(-1)) counts[counts.length - 1] = (counts.at(-1) ?? 0) + 1
    else {
      values.push(value)
      counts.push(1)
    }
  }
  return { values, counts, total: sorted.length }
}

/** What is already counted, as pairs in any order. A value may occur in several pairs. */
export function tallyOf(pairs: readonly (readonly [value: number, count: number])[]): Tally {
  const values: number[] = []
  const counts: number[] = []
  let total = 0
  for (const [value, count] of pairs.toSorted(([a], [b]) => a - b)) {
    total += count
    if (value === values.at(-1)) counts[counts.length - 1] = (counts.at(-1) ?? 0) + count
    else {
      values.push(value)
      counts.push(count)
    }
  }
  return { values, counts, total }
}

/**
 * Walks over all values of both, ascending, telling of each the shares of both samples that are at most it (the
 * empirical distribution functions) and the next value there is (NaN after the last).
 */
export function walkBoth(
  a: Tally,
  b: Tally,
  visit: (step: { shareA: number; shareB: number; value: number; next: number }) => void,
): void {
  let [i, j, seenA, seenB] = [0, 0, 0, 0]
  const at = (values: ArrayLike<number>, index: number) => values[index] ?? Number.NaN
  while (i < a.values.length || j < b.values.length) {
    const value = smaller(at(a.values, i), at(b.values, j))
    if (at(a.values, i) === value) seenA += at(a.counts, i++)
    if (at(b.values, j) === value) seenB += at(b.counts, j++)
    visit({
      shareA: seenA / a.total,
      shareB: seenB / b.total,
      value,
      next: smaller(at(a.values, i), at(b.values, j)),
    })
  }
}

/** The smaller of two numbers; of a number and NaN the number. */
const smaller = (a: number, b: number) => (Number.isNaN(a) || b < a ? b : a)

/** NumPy's default quantile (type 7 of Hyndman & Fan) of counted values. */
export function quantileOf({ values, counts, total }: Tally, q: number): number | null {
  if (total === 0) return null
  const position = q * (total - 1)
  const at = (rank: number) => {
    let i = 0
    for (let passed = counts[0] ?? 0; passed <= rank && i < values.length - 1; passed += counts[i] ?? 0) i++
    return values[i] ?? 0
  }
  const [low, high] = [at(Math.floor(position)), at(Math.ceil(position))]
  return low + (high - low) * (position - Math.floor(position))
}
