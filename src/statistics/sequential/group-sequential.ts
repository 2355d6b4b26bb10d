import { normalCdf, normalQuantile } from '../probability/normal.ts'

/** How much of alpha may be spent up to a share t of the information. */
export type Spending = (t: number, alpha: number) => number

/** Lan & DeMets' spending (1983) that resembles O'Brien and Fleming's bounds: `4 (1 − Φ(z_{α/4} / √t))`. */
export const obrienFleming: Spending = (t, alpha) => 4 * normalCdf(normalQuantile(alpha / 4) / Math.sqrt(t))

/** Lan & DeMets' spending that resembles Pocock's: `α ln(1 + (e − 1) t)`. */
export const pocock: Spending = (t, alpha) => alpha * Math.log(1 + (Math.E - 1) * t)

/**
 * The |z| to be exceeded at each look of a two-sided test, for looks at increasing shares of the final information (the
 * last is usually 1). By the recursion of Armitage, McPherson & Rowe (1969): the density of what is still undecided is
 * carried from look to look.
 */
export function groupSequentialBounds(
  information: readonly number[],
  { alpha = 0.05, spending = obrienFleming }: { readonly alpha?: number; readonly spending?: Spending } = {},
): number[] {
  let undecided: Density = { points: [0], masses: [1] }
  let [before, spent] = [0, 0]
  return information.map((t) => {
    if (!(t > before && t <= 1))
      throw new RangeError(`Information ${t} is to be above ${before} and at most 1.`)
    const step = Math.sqrt(t - before)
    const allowed = spending(t, alpha)
    const bound = boundFor(undecided, step, allowed - spent)
    undecided = carried(undecided, step, bound)
    before = t
    spent = allowed
    return bound / Math.sqrt(t)
  })
}

/** A density as masses at points of the Brownian motion, quadrature weights included. */
interface Density {
  readonly points: ArrayLike<number>
  readonly masses: ArrayLike<number>
}

function boundFor(from: Density, step: number, chance: number): number {
  const crossing = (bound: number) => {
    let sum = 0
    for (let i = 0; i < from.points.length; i++) {
      const u = from.points[i] ?? 0
      sum += (from.masses[i] ?? 0) * (normalCdf((-bound - u) / step) + normalCdf((u - bound) / step))
    }
    return sum
  }
  let [low, high] = [0, 12]
  for (let i = 0; i < 48; i++) {
    const middle = (low + high) / 2
    if (crossing(middle) > chance) low = middle
    else high = middle
  }
  return (low + high) / 2
}

/** Intervals of Simpson's rule between the bounds. */
const intervals = 240

function carried(from: Density, step: number, bound: number): Density {
  const width = (2 * bound) / intervals
  const points = Float64Array.from({ length: intervals + 1 }, (_, i) => -bound + i * width)
  const masses = points.map((s, i) => {
    let density = 0
    for (let j = 0; j < from.points.length; j++) {
      const z = (s - (from.points[j] ?? 0)) / step
      density += ((from.masses[j] ?? 0) * Math.exp((-z * z) / 2)) / (step * Math.sqrt(2 * Math.PI))
    }
    const simpson = i === 0 || i === intervals ? 1 : i % 2 === 1 ? 4 : 2
    return (density * simpson * width) / 3
  })
  return { points, masses }
}
