import type { RankCounts } from '../../metrics/ranking/ranking.ts'
import { distinctDescending, rankOf } from '../../metrics/ranking/score-counts.ts'
import type { Column } from '../../metrics/rows.ts'
import { drawPoisson } from '../../random/draws.ts'
import type { Random } from '../../random/generator.ts'
import { replicatesOf, type Bootstrap } from '../../resampling/bootstrap.ts'
import type { PairedStatistic } from './paired.ts'

interface ScoredPair {
  readonly labels: Column
  readonly champion: Column
  readonly challenger: Column
  readonly weights?: Column
}

type Measure = (counts: RankCounts) => number

/** Rows by the rank of both scores; the ranks are made once, and a replicate only counts. */
function ranksOf(scores: Column, most: number): { readonly rank: Uint32Array; readonly count: number } {
  const distinct = distinctDescending(scores)
  const rank = Uint32Array.from(scores, (score) => rankOf(score, distinct))
  if (distinct.length <= most) return { rank, count: distinct.length }
  const rows = new Float64Array(distinct.length)
  for (const r of rank) rows[r] = (rows[r] ?? 0) + 1
  let above = 0
  const bin = rows.map((count) => {
    const middle = above + count / 2
    above += count
    return Math.floor((middle * most) / scores.length)
  })
  return { rank: rank.map((r) => bin[r] ?? 0), count: most }
}

const emptyCounts = (length: number): RankCounts & { positives: Float64Array; negatives: Float64Array } => ({
  positives: new Float64Array(length),
  negatives: new Float64Array(length),
})

/** A measure of both rankings as a function of how often each unit counts: exact, at a cost of the rows a replicate. */
export function pairedRanking(
  { labels, champion, challenger, weights }: ScoredPair,
  measure: Measure,
  units: { readonly count: number; readonly of?: Column },
): PairedStatistic {
  const [a, b] = [ranksOf(champion, Infinity), ranksOf(challenger, Infinity)]
  const [first, second] = [emptyCounts(a.count), emptyCounts(b.count)]
  return {
    units: units.count,
    of: (times) => {
      for (const counts of [first.positives, first.negatives, second.positives, second.negatives])
        counts.fill(0)
      for (let i = 0; i < labels.length; i++) {
        const weight = (times[units.of?.[i] ?? i] ?? 0) * (weights?.[i] ?? 1)
        if (weight === 0) continue
        const [ra, rb] = [a.rank[i] ?? 0, b.rank[i] ?? 0]
        const [one, other] =
          labels[i] === 1 ? [first.positives, second.positives] : [first.negatives, second.negatives]
        one[ra] = (one[ra] ?? 0) + weight
        other[rb] = (other[rb] ?? 0) + weight
      }
      return [measure(first), measure(second)]
    },
  }
}

/** Scores are put into so many groups of equal size for a joint histogram. */
const bins = 200

/**
 * Bootstraps the difference of a measure of two rankings over a joint histogram of both scores by class: a cell of c rows
 * counts Poisson(c) in a replicate. The replicates are of the histogram; they are moved so that they lie around the exact
 * difference.
 */
export function bootstrapRankings(
  { labels, champion, challenger }: ScoredPair,
  measure: Measure,
  scale: (champion: number, challenger: number) => number,
  { replicates, random }: { readonly replicates: number; readonly random: Random },
): Bootstrap {
  const [a, b] = [ranksOf(champion, bins), ranksOf(challenger, bins)]
  const dense = new Float64Array(2 * a.count * b.count)
  for (let i = 0; i < labels.length; i++) {
    const cell = (Number(labels[i] === 1) * a.count + (a.rank[i] ?? 0)) * b.count + (b.rank[i] ?? 0)
    dense[cell] = (dense[cell] ?? 0) + 1
  }
  const cells = Uint32Array.from(dense.keys()).filter((cell) => (dense[cell] ?? 0) > 0)
  const [first, second] = [emptyCounts(a.count), emptyCounts(b.count)]
  const both = (draw: (count: number) => number) => {
    for (const counts of [first.positives, first.negatives, second.positives, second.negatives])
      counts.fill(0)
    for (const cell of cells) {
      const count = draw(dense[cell] ?? 0)
      if (count === 0) continue
      const row = Math.floor(cell / b.count)
      const isPositive = row >= a.count
      const [ra, rb] = [isPositive ? row - a.count : row, cell % b.count]
      const [one, other] = isPositive
        ? [first.positives, second.positives]
        : [first.negatives, second.negatives]
      one[ra] = (one[ra] ?? 0) + count
      other[rb] = (other[rb] ?? 0) + count
    }
    return scale(measure(first), measure(second))
  }
  const binned = both((count) => count)
  const exact = pairedRanking({ labels, champion, challenger }, measure, { count: labels.length })
  const estimate = scale(...exact.of(new Float64Array(labels.length).fill(1)))
  return replicatesOf(
    estimate,
    Float64Array.from(
      { length: replicates },
      () => both((count) => drawPoisson(random, count)) - binned + estimate,
    ),
  )
}
