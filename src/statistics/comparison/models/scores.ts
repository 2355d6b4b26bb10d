import { distinctDescending, rankOf, type ScoreCounts } from '../../metrics/ranking/score-counts.ts'
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

type Measure = (counts: ScoreCounts) => number

/** Which of the descending scores each row has. They are found once: a replicate only counts. */
interface Ranked {
  readonly rank: Uint32Array
  readonly scores: Float64Array
}

function ranked(scores: Column): Ranked {
  const distinct = distinctDescending(scores)
  return { rank: Uint32Array.from(scores, (score) => rankOf(score, distinct)), scores: distinct }
}

/** Neighbouring scores put together into so many groups of equal size, each with the mean of its scores. */
function grouped({ rank, scores }: Ranked, groups: number): Ranked {
  if (scores.length <= groups) return { rank, scores }
  const rows = new Float64Array(scores.length)
  for (const r of rank) rows[r] = (rows[r] ?? 0) + 1
  const [sums, sizes] = [new Float64Array(groups), new Float64Array(groups)]
  let above = 0
  const group = Uint32Array.from(rows, (count, r) => {
    const own = Math.floor(((above + count / 2) * groups) / rank.length)
    above += count
    sums[own] = (sums[own] ?? 0) + count * (scores[r] ?? 0)
    sizes[own] = (sizes[own] ?? 0) + count
    return own
  })
  return {
    rank: rank.map((r) => group[r] ?? 0),
    scores: sums.map((sum, g) => (sizes[g] ? sum / sizes[g] : 0)),
  }
}

/** Counts that are made anew for every replicate. */
const emptyCounts = (scores: Float64Array): ScoreCounts => ({
  scores,
  positives: new Float64Array(scores.length),
  negatives: new Float64Array(scores.length),
})

const clear = (...all: readonly ScoreCounts[]) => {
  for (const { positives, negatives } of all) {
    positives.fill(0)
    negatives.fill(0)
  }
}

/** A measure of both scores as a function of how often each unit counts: exact, at the cost of the rows a replicate. */
export function pairedScores(
  { labels, champion, challenger, weights }: ScoredPair,
  measure: Measure,
  units: { readonly count: number; readonly of?: Column },
): PairedStatistic {
  const [a, b] = [ranked(champion), ranked(challenger)]
  const [first, second] = [emptyCounts(a.scores), emptyCounts(b.scores)]
  return {
    units: units.count,
    of: (times) => {
      clear(first, second)
      for (let i = 0; i < labels.length; i++) {
        const weight = (times[units.of?.[i] ?? i] ?? 0) * (weights?.[i] ?? 1)
        if (weight === 0) continue
        const side = labels[i] === 1 ? 'positives' : 'negatives'
        const [ra, rb] = [a.rank[i] ?? 0, b.rank[i] ?? 0]
        first[side][ra] = (first[side][ra] ?? 0) + weight
        second[side][rb] = (second[side][rb] ?? 0) + weight
      }
      return [measure(first), measure(second)]
    },
  }
}

/** Scores are put into so many groups of equal size for a joint histogram. */
const groups = 200

/**
 * Bootstraps the difference of a measure of two scores over the joint histogram of both by class: a cell of c rows counts
 * Poisson(c) in a replicate. The replicates are of the histogram; they are moved to lie around the exact difference.
 */
export function bootstrapScores(
  { labels, champion, challenger }: ScoredPair,
  measure: Measure,
  scale: (champion: number, challenger: number) => number,
  { replicates, random }: { readonly replicates: number; readonly random: Random },
): Bootstrap {
  const [a, b] = [grouped(ranked(champion), groups), grouped(ranked(challenger), groups)]
  const [first, second] = [emptyCounts(a.scores), emptyCounts(b.scores)]
  const width = b.scores.length
  const sides = (['positives', 'negatives'] as const).map((side) => {
    const joint = new Float64Array(a.scores.length * width)
    for (let i = 0; i < labels.length; i++) {
      if ((labels[i] === 1) !== (side === 'positives')) continue
      const cell = (a.rank[i] ?? 0) * width + (b.rank[i] ?? 0)
      joint[cell] = (joint[cell] ?? 0) + 1
    }
    const cells = Uint32Array.from(joint.keys()).filter((cell) => (joint[cell] ?? 0) > 0)
    return {
      champion: cells.map((cell) => Math.floor(cell / width)),
      challenger: cells.map((cell) => cell % width),
      counts: Float64Array.from(cells, (cell) => joint[cell] ?? 0),
      into: [first[side], second[side]] as const,
    }
  })
  const both = (draw: (count: number) => number) => {
    clear(first, second)
    for (const { champion, challenger, counts, into } of sides) {
      const [one, other] = into
      for (let cell = 0; cell < counts.length; cell++) {
        const count = draw(counts[cell] ?? 0)
        if (count === 0) continue
        const [ra, rb] = [champion[cell] ?? 0, challenger[cell] ?? 0]
        one[ra] = (one[ra] ?? 0) + count
        other[rb] = (other[rb] ?? 0) + count
      }
    }
    return scale(measure(first), measure(second))
  }
  const binned = both((count) => count)
  const exact = pairedScores({ labels, champion, challenger }, measure, { count: labels.length })
  const estimate = scale(...exact.of(new Float64Array(labels.length).fill(1)))
  return replicatesOf(
    estimate,
    Float64Array.from(
      { length: replicates },
      () => both((count) => drawPoisson(random, count)) - binned + estimate,
    ),
  )
}
