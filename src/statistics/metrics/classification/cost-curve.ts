import { operatingPoints } from '../ranking/ranking.ts'
import type { ScoreCounts } from '../ranking/score-counts.ts'

/** What a score costs at a price, relative to being always wrong. */
export interface CostPoint {
  /** `π c_FN / (π c_FN + (1 − π) c_FP)`: how much of what mistakes can cost lies with positive rows. */
  readonly probabilityCost: number
  /** The least `FNR x + FPR (1 − x)` over all thresholds; at most `min(x, 1 − x)`, which "always" or "never" cost. */
  readonly cost: number
}

/**
 * The lower envelope of a score's cost curves (Drummond & Holte 2006): whatever positives and mistakes are worth, the least
 * that the score can cost. Where one model's lies below another's it is the better one for those who pay that price. NaN
 * where one of the classes has no row.
 */
export function costCurve(counts: ScoreCounts, steps = 50): CostPoint[] {
  const points = [{ falsePositiveRate: 0, truePositiveRate: 0 }, ...upperHull(operatingPoints(counts))]
  return Array.from({ length: steps + 1 }, (_, i) => {
    const x = i / steps
    let cost = Infinity
    for (const { falsePositiveRate, truePositiveRate } of points)
      cost = Math.min(cost, (1 - truePositiveRate) * x + falsePositiveRate * (1 - x))
    return { probabilityCost: x, cost: points.length > 1 ? cost : Number.NaN }
  })
}

type Rates = { readonly falsePositiveRate: number; readonly truePositiveRate: number }

/** The corners of the convex hull above the ROC curve: no other threshold is ever best. */
function upperHull(points: readonly Rates[]): Rates[] {
  const hull: Rates[] = []
  for (const point of points) {
    if (Number.isNaN(point.falsePositiveRate) || Number.isNaN(point.truePositiveRate)) return []
    for (let last = hull.at(-1), before = hull.at(-2); last !== undefined;) {
      const from = before ?? { falsePositiveRate: 0, truePositiveRate: 0 }
      const rises =
        (last.truePositiveRate - from.truePositiveRate) * (point.falsePositiveRate - from.falsePositiveRate) >
        (point.truePositiveRate - from.truePositiveRate) * (last.falsePositiveRate - from.falsePositiveRate)
      if (rises) break
      hull.pop()
      last = hull.at(-1)
      before = hull.at(-2)
    }
    hull.push(point)
  }
  return hull
}
