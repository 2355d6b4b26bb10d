/** Eigenvalues, largest first, and the eigenvector of each: of length 1, at right angles to one another. */
export interface Eigen {
  readonly values: readonly number[]
  readonly vectors: readonly (readonly number[])[]
}

/** Sweeps converge quadratically: symmetric matrices of hundreds of rows need about ten. */
const mostSweeps = 60

/**
 * Eigen-decomposition of a symmetric matrix by Jacobi's cyclic rotations (Golub and Van Loan, *Matrix Computations*, 8.5):
 * accurate to rounding for eigenvalues small and large. The matrix is read by its upper triangle.
 */
export function symmetricEigen(matrix: readonly (readonly number[])[]): Eigen {
  const n = matrix.length
  const a = Array.from({ length: n }, (_, i) =>
    Float64Array.from({ length: n }, (_, j) => matrix[Math.min(i, j)]?.[Math.max(i, j)] ?? 0),
  )
  const v = Array.from({ length: n }, (_, i) => Float64Array.from({ length: n }, (_, j) => (i === j ? 1 : 0)))
  const at = (m: readonly Float64Array[], i: number, j: number) => m[i]?.[j] ?? 0
  for (let sweep = 0; sweep < mostSweeps; sweep++) {
    let off = 0
    for (let p = 0; p < n; p++) for (let q = p + 1; q < n; q++) off += at(a, p, q) ** 2
    if (off === 0) break
    for (let p = 0; p < n; p++) for (let q = p + 1; q < n; q++) if (at(a, p, q) !== 0) rotate(a, v, p, q)
  }
  const order = Array.from({ length: n }, (_, i) => i).toSorted((i, j) => at(a, j, j) - at(a, i, i))
  return {
    values: order.map((i) => at(a, i, i)),
    vectors: order.map((i) => v.map((row) => row[i] ?? 0)),
  }
}

/** Turns the plane of two axes so that the matrix has 0 where they cross. */
function rotate(a: readonly Float64Array[], v: readonly Float64Array[], p: number, q: number): void {
  const [ap, aq] = [a[p], a[q]]
  if (ap === undefined || aq === undefined) return
  const [app, aqq, apq] = [ap[p] ?? 0, aq[q] ?? 0, ap[q] ?? 0]
  // Below the rounding of both of its diagonal elements it is 0.
  if (Math.abs(apq) < Number.EPSILON * 1e-3 * Math.sqrt(Math.abs(app * aqq))) {
    ap[q] = 0
    aq[p] = 0
    return
  }
  const theta = (aqq - app) / (2 * apq)
  const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.hypot(theta, 1))
  const c = 1 / Math.hypot(t, 1)
  const s = t * c
  for (const row of a) turn(row, p, q, c, s)
  for (let k = 0; k < a.length; k++) {
    const [x, y] = [ap[k] ?? 0, aq[k] ?? 0]
    ap[k] = c * x - s * y
    aq[k] = s * x + c * y
  }
  ap[q] = 0
  aq[p] = 0
  for (const row of v) turn(row, p, q, c, s)
}

function turn(row: Float64Array, p: number, q: number, c: number, s: number): void {
  const [x, y] = [row[p] ?? 0, row[q] ?? 0]
  row[p] = c * x - s * y
  row[q] = s * x + c * y
}
