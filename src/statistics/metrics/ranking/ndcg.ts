/**
 * Normalised discounted cumulative gain of a ranking by `scores` of items whose worth is `gains` (Järvelin and Kekäläinen,
 * 2002): 1 where the scores rank the worthiest first. scikit-learn's `ndcg_score` of one query: items whose scores tie
 * share the mean of their gains. NaN where nothing has any worth, and of no items. Throws RangeError for a gain below 0.
 */
export function ndcgScore(gains: readonly number[], scores: readonly number[]): number {
  if (gains.some((gain) => gain < 0)) throw new RangeError('NDCG has no meaning for gains below 0.')
  const best = gains.toSorted((a, b) => b - a).reduce((sum, gain, place) => sum + gain * discount(place), 0)
  if (!(best > 0)) return Number.NaN
  const order = gains.map((_, i) => i).toSorted((i, j) => (scores[j] ?? 0) - (scores[i] ?? 0))
  let found = 0
  for (let from = 0; from < order.length;) {
    let [to, gained, discounts] = [from, 0, 0]
    while (to < order.length && scores[order[to] ?? 0] === scores[order[from] ?? 0]) {
      gained += gains[order[to] ?? 0] ?? 0
      discounts += discount(to)
      to++
    }
    found += (gained / (to - from)) * discounts
    from = to
  }
  return found / best
}

const discount = (place: number): number => 1 / Math.log2(place + 2)
