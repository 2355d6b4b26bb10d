/**
 * Pearson's correlation of two columns of equal length, over the rows in which both are numbers: pandas' and NumPy's.
 * NaN where one of them does not vary, or fewer than two rows are left.
 */
export function pearson(x: ArrayLike<number>, y: ArrayLike<number>): number {
  let [n, meanX, meanY, xx, yy, xy] = [0, 0, 0, 0, 0, 0]
  for (let i = 0; i < x.length; i++) {
    const [a, b] = [x[i] ?? Number.NaN, y[i] ?? Number.NaN]
    if (!Number.isFinite(a) || !Number.isFinite(b)) continue
    n += 1
    const [dx, dy] = [a - meanX, b - meanY]
    meanX += dx / n
    meanY += dy / n
    xx += dx * (a - meanX)
    yy += dy * (b - meanY)
    xy += dx * (b - meanY)
  }
  if (n < 2 || xx === 0 || yy === 0) return Number.NaN
  return Math.max(-1, Math.min(1, xy / Math.sqrt(xx * yy)))
}

/** Row numbers in the order of their values, those without a finite number left out. */
export function order(x: ArrayLike<number>): Uint32Array {
  const rows = Uint32Array.from({ length: x.length }, (_, i) => i).filter((i) => Number.isFinite(x[i]))
  return rows.sort((a, b) => (x[a] ?? 0) - (x[b] ?? 0))
}

/**
 * Ranks from 1 of the rows that `counts` holds for, equal values sharing the mean of their ranks; NaN for the others.
 * `sorted` is `order(x)`: made once, ranks of any part of the rows are linear.
 */
export function ranks(
  x: ArrayLike<number>,
  sorted: Uint32Array,
  counts: (row: number) => boolean = () => true,
): Float64Array {
  const rank = new Float64Array(x.length).fill(Number.NaN)
  const rows = sorted.filter((row) => counts(row))
  for (let start = 0; start < rows.length;) {
    const value = x[rows[start] ?? 0]
    let end = start + 1
    while (end < rows.length && x[rows[end] ?? 0] === value) end += 1
    for (let i = start; i < end; i++) rank[rows[i] ?? 0] = (start + 1 + end) / 2
    start = end
  }
  return rank
}

/**
 * Spearman's correlation: Pearson's of the ranks among the rows in which both are numbers, as pandas has it. The orders
 * of both columns may be given where many pairs are asked for.
 */
export function spearman(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  orders: readonly [Uint32Array, Uint32Array] = [order(x), order(y)],
): number {
  return pearson(
    ranks(x, orders[0], (row) => Number.isFinite(y[row])),
    ranks(y, orders[1], (row) => Number.isFinite(x[row])),
  )
}
