import { order, ranks } from './correlation.ts'

/**
 * Area under the ROC curve of a score for the rows that are positive: the chance that a positive one has the higher
 * score, ties counting half (Mann & Whitney; `sklearn.metrics.roc_auc_score`). Rows without a finite score are left out;
 * NaN if one of the two classes has none.
 */
export function areaUnderRoc(score: ArrayLike<number>, positive: (row: number) => boolean): number {
  const rank = ranks(score, order(score))
  let [positives, negatives, sum] = [0, 0, 0]
  for (let i = 0; i < rank.length; i++) {
    const own = rank[i] ?? Number.NaN
    if (Number.isNaN(own)) continue
    if (positive(i)) {
      positives += 1
      sum += own
    } else negatives += 1
  }
  if (positives === 0 || negatives === 0) return Number.NaN
  return (sum - (positives * (positives + 1)) / 2) / (positives * negatives)
}
