import { studentCdf } from '../probability/student.ts'

/** Sums of the losses of some rows; those of the other rows are the whole's less these. */
export interface Sums {
  readonly count: number
  readonly sum: number
  readonly squares: number
}

export const without = (whole: Sums, part: Sums): Sums => ({
  count: whole.count - part.count,
  sum: whole.sum - part.sum,
  squares: whole.squares - part.squares,
})

export const meanOf = ({ count, sum }: Sums): number => sum / count

/** Population variance, never below 0 by rounding. */
export const varianceOf = ({ count, sum, squares }: Sums): number =>
  Math.max(0, squares / count - (sum / count) ** 2)

/** How far the losses of a slice are above those of the rest: `√2 (μ_S − μ_R) / √(σ²_S + σ²_R)` (Chung et al. 2019). */
export function effectSize(slice: Sums, rest: Sums): number {
  const spread = Math.sqrt(varianceOf(slice) + varianceOf(rest))
  const gap = meanOf(slice) - meanOf(rest)
  return spread > 0 ? (Math.SQRT2 * gap) / spread : gap > 0 ? Infinity : 0
}

/** One-sided p-value of Welch's test that a slice's mean loss is above the rest's; 1 where one side is too small. */
export function welchPValue(slice: Sums, rest: Sums): number {
  if (slice.count < 2 || rest.count < 2) return 1
  const [a, b] = [slice, rest].map((sums) => varianceOf(sums) / (sums.count - 1)) as [number, number]
  const gap = meanOf(slice) - meanOf(rest)
  if (a + b === 0) return gap > 0 ? 0 : 1
  const degrees = (a + b) ** 2 / (a ** 2 / (slice.count - 1) + b ** 2 / (rest.count - 1))
  return studentCdf(-gap / Math.sqrt(a + b), degrees)
}

/**
 * SliceLine's score (Sagadeeva & Boehm 2021): `α ((e_S/|S|) / ē − 1) − (1 − α)(n/|S| − 1)`; a slice above 0 is worth
 * showing.
 */
export const sliceLineScore = (slice: Sums, whole: Sums, alpha = 0.95): number =>
  alpha * (meanOf(slice) / meanOf(whole) - 1) - (1 - alpha) * (whole.count / slice.count - 1)
