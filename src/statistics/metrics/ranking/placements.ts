import { rocAuc } from './ranking.ts'
import { rankOf, scoreCounts, type Scored } from './score-counts.ts'

/** An area under the ROC curve with how far each row moves it. */
export interface PlacedArea {
  readonly area: number
  /**
   * Of a positive row `(W / W₊)(share of negatives below it − A)`, of a negative `(W / W₋)(share of positives above it − A)`:
   * the influence function of the area, whose weighted mean is 0. Its variance over the rows is DeLong's.
   */
  readonly influence: Float64Array
}

/** NaN where one of the two classes has no row. Cost: a sort. */
export function placedArea(rows: Scored): PlacedArea {
  const { labels, scores, weights } = rows
  const counts = scoreCounts(rows)
  const area = rocAuc(counts)
  const n = counts.scores.length
  // Weight of each class above a distinct score, and half of it at the score.
  const [positivesAbove, negativesAbove] = [new Float64Array(n), new Float64Array(n)]
  let [P, N] = [0, 0]
  for (let i = 0; i < n; i++) {
    const [p, q] = [counts.positives[i] ?? 0, counts.negatives[i] ?? 0]
    positivesAbove[i] = P + p / 2
    negativesAbove[i] = N + q / 2
    P += p
    N += q
  }
  const influence = new Float64Array(labels.length)
  for (let i = 0; i < labels.length; i++) {
    const weight = weights?.[i] ?? 1
    if (weight === 0) continue
    const at = rankOf(scores[i] ?? Number.NaN, counts.scores)
    influence[i] =
      labels[i] === 1
        ? ((P + N) / P) * (1 - (negativesAbove[at] ?? 0) / N - area)
        : ((P + N) / N) * ((positivesAbove[at] ?? 0) / P - area)
  }
  return { area, influence }
}
