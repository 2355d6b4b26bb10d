/** Rows by rising score, each distinct score once: how many there are, and how many of them are of the class. */
export interface ScoreColumns {
  readonly scores: Float64Array
  readonly rows: Float64Array
  readonly positives: Float64Array
}

/** A rising function of a score: straight between its knots, level beyond them. */
export interface Isotonic {
  readonly x: Float64Array
  readonly y: Float64Array
}

/**
 * Isotonic regression of the class on the score by pooling adjacent violators: scikit-learn's
 * `IsotonicRegression(out_of_bounds='clip')`, with the knots that it keeps (those at which a level begins or ends).
 * Scores without rows are left out.
 */
export function fitIsotonic({ scores, rows, positives }: ScoreColumns): Isotonic {
  const n = scores.length
  const [level, weight] = [new Float64Array(n), new Float64Array(n)]
  const [first, last] = [new Uint32Array(n), new Uint32Array(n)]
  let blocks = 0
  for (let i = 0; i < n; i++) {
    const own = rows[i] ?? 0
    if (own === 0) continue
    level[blocks] = (positives[i] ?? 0) / own
    weight[blocks] = own
    first[blocks] = last[blocks] = i
    blocks += 1
    while (blocks > 1 && (level[blocks - 2] ?? 0) >= (level[blocks - 1] ?? 0)) {
      const [a, b] = [blocks - 2, blocks - 1]
      const [wa, wb] = [weight[a] ?? 0, weight[b] ?? 0]
      level[a] = ((level[a] ?? 0) * wa + (level[b] ?? 0) * wb) / (wa + wb)
      weight[a] = wa + wb
      last[a] = last[b] ?? 0
      blocks -= 1
    }
  }
  const [x, y]: [number[], number[]] = [[], []]
  for (let b = 0; b < blocks; b++)
    for (const at of new Set([first[b] ?? 0, last[b] ?? 0])) {
      x.push(scores[at] ?? 0)
      y.push(level[b] ?? 0)
    }
  return { x: Float64Array.from(x), y: Float64Array.from(y) }
}

/** The function's value at a score. NaN of NaN, and where it has no knots. */
export function calibrated({ x, y }: Isotonic, score: number): number {
  const n = x.length
  if (n === 0 || Number.isNaN(score)) return Number.NaN
  if (score <= (x[0] ?? 0)) return y[0] ?? Number.NaN
  if (score >= (x[n - 1] ?? 0)) return y[n - 1] ?? Number.NaN
  let [low, high] = [0, n - 1]
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if ((x[middle] ?? 0) <= score) low = middle
    else high = middle
  }
  const [x0, y0] = [x[low] ?? 0, y[low] ?? 0]
  return (((y[high] ?? 0) - y0) / ((x[high] ?? 0) - x0)) * (score - x0) + y0
}
