/** What is known of the finite numbers of a reference. */
export interface NumberFacts {
  readonly n: number
  readonly min: number
  readonly max: number
  /** Its .005, .25, .75 and .995 quantiles. */
  readonly quantiles: readonly [number, number, number, number]
  /** True where all of them are whole. */
  readonly isWhole: boolean
}

/** Bars that a person can read; fewer than the least hide the shape. */
const bars = { least: 8, most: 40 } as const

/**
 * Edges of equally wide bins that the reference alone decides, so that they stay the same from window to window. As wide as
 * Freedman and Diaconis have it (2 IQR / ∛n), rounded to 1, 2 or 5 times a power of ten, from the .005 to the .995 quantile:
 * a single far value would leave all others in one bar. What is beyond belongs to the open ends, which are taken in where
 * they are near. Bins are half-open, `[a, b)`. Whole numbers stand in the middle of theirs.
 */
export function referenceEdges({ n, min, max, quantiles, isWhole }: NumberFacts): readonly number[] {
  const [low, lower, upper, high] = quantiles
  if (min === max) {
    const around = isWhole ? 0.5 : Math.abs(min) * 0.005 || 0.005
    return [min - around, min + around]
  }
  const [from, to] = high > low ? [low, high] : [min, max]
  const wanted = (2 * (upper - lower)) / Math.cbrt(n)
  const width = niceWidth(Math.min(Math.max(wanted, (to - from) / bars.most), (to - from) / bars.least))
  const step = isWhole ? Math.max(1, Math.round(width)) : width
  const shift = isWhole ? 0.5 : 0
  const first = Math.floor(((from - min < 2 * step ? min : from) + shift) / step)
  const last = Math.floor(((max - to < 2 * step ? max : to) + shift) / step) + 1
  return Array.from({ length: last - first + 1 }, (_, i) =>
    Number(((first + i) * step - shift).toPrecision(12)),
  )
}

/** The width of 1, 2 or 5 times a power of ten that is next above. */
function niceWidth(width: number): number {
  const power = 10 ** Math.floor(Math.log10(width))
  const times = [1, 2, 5, 10].find((one) => one * power >= width * (1 - 1e-9)) ?? 10
  return times * power
}
