/**
 * Two samples over stretches of the number line that follow each other: of each stretch its bounds (the least and the
 * greatest value in it, of both samples), and of each sample how many values are in it and what they add up to. A value of
 * its own is a stretch whose bounds are equal.
 */
export interface Spans {
  readonly low: ArrayLike<number>
  readonly high: ArrayLike<number>
  readonly before: ArrayLike<number>
  readonly after: ArrayLike<number>
  readonly sumBefore: ArrayLike<number>
  readonly sumAfter: ArrayLike<number>
}

/** A figure that is known to be no more than so much too low. */
export interface AtLeast {
  readonly value: number
  readonly error: number
}

export interface SpanDistances {
  /** First Wasserstein distance `∫ |F − G|`, in the unit of the values. */
  readonly wasserstein: AtLeast
  /** `max |F − G|`. */
  readonly kolmogorovSmirnov: AtLeast
}

/**
 * Both distances of the distribution functions F (before) and G (after) from what stretches tell. Between stretches F − G
 * is constant; within one its integral is exact (`∫ F = F₀ (h − l) + (n h − Σx) / N`), and so is that of its absolute value
 * unless F and G may cross there: only of those stretches something may be missing, and how much at most is told. Of
 * values that each are their own stretch both are exact. NaN if one sample is empty.
 */
export function spanDistances(spans: Spans): SpanDistances {
  const { low, high, before, after, sumBefore, sumAfter } = spans
  const [totalBefore, totalAfter] = [sum(before), sum(after)]
  if (totalBefore === 0 || totalAfter === 0) return unknown
  let [seenBefore, seenAfter, ended] = [0, 0, Number.NaN]
  let [distance, missing, greatest, bound] = [0, 0, 0, 0]
  for (let i = 0; i < low.length; i++) {
    const [l, h, b, a] = [low[i] ?? 0, high[i] ?? 0, before[i] ?? 0, after[i] ?? 0]
    const gap = seenBefore / totalBefore - seenAfter / totalAfter
    if (i > 0) distance += Math.abs(gap) * (l - ended)
    const [up, down] = [gap + b / totalBefore, gap - a / totalAfter]
    if (h > l) {
      const within =
        gap * (h - l) +
        (b * h - (sumBefore[i] ?? 0)) / totalBefore -
        (a * h - (sumAfter[i] ?? 0)) / totalAfter
      const most = Math.max(Math.abs(up), Math.abs(down))
      distance += Math.abs(within)
      if (up > 0 && down < 0) missing += Math.max(0, most * (h - l) - Math.abs(within))
      // At one value of its own both samples jump at once; within a stretch one may come before the other.
      bound = Math.max(bound, most)
    }
    seenBefore += b
    seenAfter += a
    greatest = Math.max(greatest, Math.abs(seenBefore / totalBefore - seenAfter / totalAfter))
    ended = h
  }
  return {
    wasserstein: { value: distance, error: missing },
    kolmogorovSmirnov: { value: greatest, error: Math.max(0, Math.min(1, bound) - greatest) },
  }
}

const sum = (values: ArrayLike<number>) => Array.from(values).reduce((a, b) => a + b, 0)

const unknown: SpanDistances = {
  wasserstein: { value: Number.NaN, error: 0 },
  kolmogorovSmirnov: { value: Number.NaN, error: 0 },
}
