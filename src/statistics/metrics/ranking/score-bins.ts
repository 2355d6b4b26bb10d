import type { Interval } from '../../intervals/interval.ts'
import { wilson } from '../../intervals/proportions.ts'
import type { OperatingPoint } from './ranking.ts'
import { operatingPoints } from './ranking.ts'
import type { ScoreCounts } from './score-counts.ts'

/**
 * Rows by score in bins, rising, a column for each figure: all that the curves of a classifier need, in little room. No bin
 * has scores on both sides of a hundredth, so what is read at whole hundredths is exact.
 */
export interface ScoreBins {
  /** The least score of the bin. */
  readonly least: readonly number[]
  readonly mean: readonly number[]
  readonly rows: readonly number[]
  /** Of those, the rows of class 1. */
  readonly positives: readonly number[]
}

/** Where a score lies among hundredths, as decimals are read: 0.29 is the 29th, whatever 0.29 · 100 comes to. */
const hundredth = (score: number) => Math.floor(score * 100 + 1e-9)

/** Bins of about equal numbers of rows, `most` of them, and more where hundredths cut. Equal scores stay together. */
export function scoreBins(counts: ScoreCounts, most = 200): ScoreBins {
  const { scores, positives, negatives } = counts
  const rowsAt = (i: number) => (positives[i] ?? 0) + (negatives[i] ?? 0)
  let total = 0
  for (let i = 0; i < scores.length; i++) total += rowsAt(i)
  const bins: { least: number; sum: number; rows: number; positives: number }[] = []
  let passed = 0
  for (let i = scores.length - 1; i >= 0; i--) {
    const score = scores[i] ?? 0
    const last = bins.at(-1)
    const isFull = passed >= (bins.length * total) / most
    if (last === undefined || isFull || hundredth(score) !== hundredth(last.least))
      bins.push({ least: score, sum: 0, rows: 0, positives: 0 })
    const bin = bins.at(-1)
    if (bin === undefined) continue
    bin.rows += rowsAt(i)
    bin.positives += positives[i] ?? 0
    bin.sum += score * rowsAt(i)
    passed += rowsAt(i)
  }
  return {
    least: bins.map(({ least }) => least),
    mean: bins.map(({ sum, rows }) => sum / rows),
    rows: bins.map(({ rows }) => rows),
    positives: bins.map((bin) => bin.positives),
  }
}

/** The bins as counts by score, highest first, for `rocAuc`, `averagePrecision` and the like. */
export const countsOfBins = ({ least, rows, positives }: ScoreBins): ScoreCounts => ({
  scores: Float64Array.from(least).reverse(),
  positives: Float64Array.from(positives).reverse(),
  negatives: Float64Array.from(rows, (count, i) => count - (positives[i] ?? 0)).reverse(),
})

/** Points of the ROC and precision–recall curves, from the highest threshold down. */
export const pointsOfBins = (bins: ScoreBins): readonly OperatingPoint[] =>
  operatingPoints(countsOfBins(bins))

export interface ThresholdCounts {
  readonly truePositive: number
  readonly falsePositive: number
  readonly falseNegative: number
  readonly trueNegative: number
}

/** What is so if rows with this score or a higher one are called positive; exact at whole hundredths. */
export function countsAt({ least, rows, positives }: ScoreBins, threshold: number): ThresholdCounts {
  const found = { truePositive: 0, falsePositive: 0, falseNegative: 0, trueNegative: 0 }
  for (const [i, count] of rows.entries()) {
    const own = positives[i] ?? 0
    if ((least[i] ?? 0) >= threshold - 1e-11) {
      found.truePositive += own
      found.falsePositive += count - own
    } else {
      found.falseNegative += own
      found.trueNegative += count - own
    }
  }
  return found
}

export interface CalibrationOfBins extends Interval {
  readonly rows: number
  readonly predicted: number
  readonly observed: number
}

/** The reliability curve: `groups` of about equal numbers of rows, with Wilson's interval of the share seen (`z`: 1.96 for 95 %). */
export function calibrationOfBins(bins: ScoreBins, groups = 10, z = 1.96): readonly CalibrationOfBins[] {
  const total = bins.rows.reduce((sum, rows) => sum + rows, 0)
  const found: { rows: number; positives: number; sum: number }[] = []
  let passed = 0
  for (const [i, rows] of bins.rows.entries()) {
    // By where the middle of the bin's rows falls: one that is large does not take the place of the next.
    const group = Math.min(groups - 1, Math.floor(((passed + rows / 2) / total) * groups))
    const own = (found[group] ??= { rows: 0, positives: 0, sum: 0 })
    own.rows += rows
    own.positives += bins.positives[i] ?? 0
    own.sum += (bins.mean[i] ?? 0) * rows
    passed += rows
  }
  return found
    .filter((group) => group !== undefined)
    .map(({ rows, positives, sum }) => ({
      rows,
      predicted: sum / rows,
      observed: positives / rows,
      ...wilson({ events: positives, trials: rows }, z),
    }))
}
