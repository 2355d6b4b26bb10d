import { drawBinomial } from '../../random/draws.ts'
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
  const before: ScoreColumns = {
    scores,
    rows: new Float64Array(scores.length),
    positives: new Float64Array(scores.length),
  }
  const after: ScoreColumns[] = []
  for (let split = 0; split < splits; split++) {
    await pause()
    const [of, rest] = [drawTest(positives, random), drawTest(negatives, random)]
    const fit = fitIsotonic({
      scores,
      positives: positives.map((n, i) => n - (of[i] ?? 0)),
      rows: rows.map((n, i) => n - (of[i] ?? 0) - (rest[i] ?? 0)),
    })
    const tested = of.map((hits, i) => hits + (rest[i] ?? 0))
    for (const [i, n] of tested.entries()) {
      before.rows[i] = (before.rows[i] ?? 0) + n
      before.positives[i] = (before.positives[i] ?? 0) + (of[i] ?? 0)
    }
    after.push({ scores: scores.map((score) => calibrated(fit, score)), rows: tested, positives: of })
  }
  await pause()
  return calibrationErrorOfRanks([before]) > calibrationErrorOfRanks(after)
}

/** More rows of one score are drawn together: their number is then as good as binomial. */
const fewRows = 16

/** Of each score how many of its rows are in the test part: a tenth of all, each row as likely as the others (Knuth's S). */
function drawTest(counts: Float64Array, random: Random): Float64Array {
  let left = counts.reduce((sum, n) => sum + n, 0)
  let wanted = Math.round(left * testShare)
  return counts.map((count) => {
    if (count > fewRows) {
      const drawn = Math.min(wanted, drawBinomial(random, count, wanted / left))
      left -= count
      wanted -= drawn
      return drawn
    }
    let drawn = 0
    for (let row = 0; row < count; row++, left--)
      if (random() * left < wanted) {
        drawn += 1
        wanted -= 1
      }
    return drawn
  })
}

/**
 * `Σ (N_b / N) |mean score − share of the class|` over bins of `⌊N / 10⌋` rows by rank, the last with what is left. Each of
 * the runs is sorted by its scores; they are merged as they are read.
 */
function calibrationErrorOfRanks(runs: readonly ScoreColumns[]): number {
  const total = runs.reduce((sum, run) => sum + run.rows.reduce((own, n) => own + n, 0), 0)
  const count = total <= 2 * bins ? Math.floor(total / 2) : bins
  if (count < 2) return Number.NaN
  const width = Math.floor(total / count)
  const edges = Math.floor(total / width)
  const [said, seen] = [new Float64Array(edges), new Float64Array(edges)]
  let rank = 0
  for (const { score, rows, positives } of merged(runs))
    // Rows of equal scores that lie across an edge are shared out.
    for (let left = rows; left > 0;) {
      const bin = Math.min(edges - 1, Math.floor(rank / width))
      const room = bin === edges - 1 ? left : Math.min(left, (bin + 1) * width - rank)
      said[bin] = (said[bin] ?? 0) + score * room
      seen[bin] = (seen[bin] ?? 0) + (positives * room) / rows
      rank += room
      left -= room
    }
  return said.reduce((sum, own, b) => sum + Math.abs(own - (seen[b] ?? 0)) / total, 0)
}

/** Scores with rows, ascending over all runs. */
function* merged(runs: readonly ScoreColumns[]) {
  const at = runs.map(() => 0)
  for (;;) {
    let [next, least] = [-1, Infinity]
    for (const [r, { scores, rows }] of runs.entries()) {
      let place = at[r] ?? 0
      while (place < scores.length && (rows[place] ?? 0) === 0) place += 1
      at[r] = place
      const score = scores[place]
      if (score !== undefined && score < least) [next, least] = [r, score]
    }
    const run = runs[next]
    if (run === undefined) return
    const place = at[next] ?? 0
    at[next] = place + 1
    yield { score: least, rows: run.rows[place] ?? 0, positives: run.positives[place] ?? 0 }
  }
}
