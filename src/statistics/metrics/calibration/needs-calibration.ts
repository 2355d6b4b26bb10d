import type { Random } from '../../random/generator.ts'
import { rocAuc } from '../ranking/ranking.ts'
import { calibrated, fitIsotonic, type ScoreColumns } from './isotonic.ts'

const splits = 10
const testShare = 0.1
const bins = 10
/** A score that separates the classes nearly perfectly is left as it is. */
const separated = 0.999

/**
 * Whether scores become better probabilities by isotonic regression, as NannyML's `needs_calibration` asks: of ten random
 * splits with the shares of both classes kept, the calibrators of nine tenths are tried on the tenth; scores need it if over
 * all tenths together the expected calibration error (ten bins of equal counts) is less with it. Not where there is one class
 * only, or where the area under the ROC curve is above .999. Gives way to other work by `pause` between splits.
 */
export async function needsCalibration(
  columns: ScoreColumns,
  random: Random,
  pause: () => Promise<unknown>,
): Promise<boolean> {
  const { scores, rows, positives } = columns
  const negatives = rows.map((n, i) => n - (positives[i] ?? 0))
  const area = rocAuc({ positives: positives.toReversed(), negatives: negatives.toReversed() })
  if (Number.isNaN(area) || area > separated) return false
  const before: Tested[] = []
  const after: Tested[] = []
  for (let split = 0; split < splits; split++) {
    await pause()
    const [of, rest] = [drawTest(positives, random), drawTest(negatives, random)]
    const fit = fitIsotonic({
      scores,
      positives: positives.map((n, i) => n - (of[i] ?? 0)),
      rows: rows.map((n, i) => n - (of[i] ?? 0) - (rest[i] ?? 0)),
    })
    for (let i = 0; i < scores.length; i++) {
      const [hits, misses] = [of[i] ?? 0, rest[i] ?? 0]
      if (hits + misses === 0) continue
      const score = scores[i] ?? 0
      before.push({ score, rows: hits + misses, positives: hits })
      after.push({ score: calibrated(fit, score), rows: hits + misses, positives: hits })
    }
  }
  await pause()
  return calibrationErrorOfRanks(before) > calibrationErrorOfRanks(after)
}

/** Of each score how many of its rows are in the test part: a tenth of all, each row as likely as the others (Knuth's S). */
function drawTest(counts: Float64Array, random: Random): Float64Array {
  let left = counts.reduce((sum, n) => sum + n, 0)
  let wanted = Math.round(left * testShare)
  return counts.map((count) => {
    let drawn = 0
    for (let row = 0; row < count; row++, left--)
      if (random() * left < wanted) {
        drawn += 1
        wanted -= 1
      }
    return drawn
  })
}

interface Tested {
  readonly score: number
  readonly rows: number
  readonly positives: number
}

/** `Σ (N_b / N) |mean score − share of the class|` over bins of `⌊N / 10⌋` rows by rank, the last with what is left. */
function calibrationErrorOfRanks(tested: readonly Tested[]): number {
  const sorted = tested.toSorted((a, b) => a.score - b.score)
  const total = sorted.reduce((sum, { rows }) => sum + rows, 0)
  const count = total <= 2 * bins ? Math.floor(total / 2) : bins
  if (count < 2) return Number.NaN
  const width = Math.floor(total / count)
  const edges = Math.floor(total / width)
  const [said, seen, sizes] = [new Float64Array(edges), new Float64Array(edges), new Float64Array(edges)]
  let rank = 0
  for (const { score, rows, positives } of sorted)
    // Rows of equal scores that lie across an edge are shared out.
    for (let left = rows; left > 0;) {
      const bin = Math.min(edges - 1, Math.floor(rank / width))
      const room = bin === edges - 1 ? left : Math.min(left, (bin + 1) * width - rank)
      said[bin] = (said[bin] ?? 0) + score * room
      seen[bin] = (seen[bin] ?? 0) + (positives * room) / rows
      sizes[bin] = (sizes[bin] ?? 0) + room
      rank += room
      left -= room
    }
  return sizes.reduce((sum, _, b) => sum + Math.abs((said[b] ?? 0) - (seen[b] ?? 0)) / total, 0)
}
