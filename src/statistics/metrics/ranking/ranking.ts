import type { ScoreCounts } from './score-counts.ts'

/** The counts are all that is needed: bins of scores serve as well as scores. */
export type RankCounts = Pick<ScoreCounts, 'positives' | 'negatives'>

function totals({ positives, negatives }: RankCounts): { readonly P: number; readonly N: number } {
  let [P, N] = [0, 0]
  for (let i = 0; i < positives.length; i++) {
    P += positives[i] ?? 0
    N += negatives[i] ?? 0
  }
  return { P, N }
}

/**
 * Area under the ROC curve: the chance that a positive row has the higher score, ties counting half (Mann & Whitney).
 * `roc_auc_score`, weights included. NaN where one of the two classes has no row: it is not 0.5 then, it is nothing.
 */
export function rocAuc(counts: RankCounts): number {
  const { P, N } = totals(counts)
  if (!(P > 0 && N > 0)) return Number.NaN
  let [above, area] = [0, 0]
  for (let i = 0; i < counts.positives.length; i++) {
    const own = counts.positives[i] ?? 0
    area += (counts.negatives[i] ?? 0) * (above + own / 2)
    above += own
  }
  return area / (P * N)
}

/** 2·AUC − 1. */
export const gini = (counts: RankCounts): number => 2 * rocAuc(counts) - 1

/**
 * Average precision `Σ (R_k − R_{k−1}) P_k` over the distinct scores from the top: `average_precision_score`. 0 without
 * positives, 1 with nothing else; NaN of no rows.
 */
export function averagePrecision(counts: RankCounts): number {
  const { P, N } = totals(counts)
  if (P + N === 0) return Number.NaN
  if (P === 0) return 0
  let [hits, all, sum] = [0, 0, 0]
  for (let i = 0; i < counts.positives.length; i++) {
    const own = counts.positives[i] ?? 0
    hits += own
    all += own + (counts.negatives[i] ?? 0)
    if (own > 0) sum += (own * hits) / all
  }
  return sum / P
}

/** Kolmogorov and Smirnov's distance of the scores of both classes, `max |TPR − FPR|`. NaN where one class has no row. */
export function ksStatistic(counts: RankCounts): number {
  const { P, N } = totals(counts)
  if (!(P > 0 && N > 0)) return Number.NaN
  let [hits, alarms, greatest] = [0, 0, 0]
  for (let i = 0; i < counts.positives.length; i++) {
    hits += counts.positives[i] ?? 0
    alarms += counts.negatives[i] ?? 0
    greatest = Math.max(greatest, Math.abs(hits / P - alarms / N))
  }
  return greatest
}

/** A point of the curves of a score: what is so if all rows with this score or a higher one are called positive. */
export interface OperatingPoint {
  readonly threshold: number
  readonly truePositive: number
  readonly falsePositive: number
  readonly truePositiveRate: number
  readonly falsePositiveRate: number
  readonly precision: number
}

/**
 * The points of the ROC and precision–recall curves, from the highest score down: `roc_curve(drop_intermediate=False)`
 * without its point at infinity, `precision_recall_curve` in reverse. Rates of a class that has no row are NaN.
 */
export function operatingPoints(counts: ScoreCounts): OperatingPoint[] {
  const { P, N } = totals(counts)
  let [truePositive, falsePositive] = [0, 0]
  return Array.from(counts.scores, (threshold, i) => {
    truePositive += counts.positives[i] ?? 0
    falsePositive += counts.negatives[i] ?? 0
    return {
      threshold,
      truePositive,
      falsePositive,
      truePositiveRate: truePositive / P,
      falsePositiveRate: falsePositive / N,
      precision: truePositive / (truePositive + falsePositive),
    }
  })
}
