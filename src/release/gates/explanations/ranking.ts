/** A column with how much it matters. */
export interface Ranked {
  readonly column: string
  readonly mean: number
}

/**
 * How like the order of one ranking is to another's: normalised discounted cumulative gain, with what matters in `reference`
 * as the gain, and nothing below 0. 1 for the same order, less the later a ranking comes to what matters in the other.
 * NaN where nothing matters there. Järvelin and Kekäläinen (2002).
 */
export function ndcg(ranking: readonly Ranked[], reference: readonly Ranked[]): number {
  const gains = new Map(reference.map(({ column, mean }) => [column, Math.max(0, mean)]))
  // By name where two matter alike, so that two models that use nothing of some columns are ranked alike.
  const order = ranking.toSorted((a, b) => b.mean - a.mean || (a.column < b.column ? -1 : 1))
  const found = discounted(order.map(({ column }) => gains.get(column) ?? 0))
  const best = discounted([...gains.values()].toSorted((a, b) => b - a))
  return best === 0 ? Number.NaN : found / best
}

const discounted = (gains: readonly number[]): number =>
  gains.reduce((sum, gain, place) => sum + gain / Math.log2(place + 2), 0)
