import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { symmetricEigen } from './eigen.ts'
import { residualsOf } from './principal-components.ts'

const close = (a: number, b: number, by = 1e-10) => assert.ok(Math.abs(a - b) <= by, `${a} is not ${b}`)

describe('eigen-decomposition of symmetric matrices', () => {
  test('of numpy.linalg.eigh on the Hilbert matrix of 4', () => {
    const hilbert = Array.from({ length: 4 }, (_, i) => Array.from({ length: 4 }, (_, j) => 1 / (i + j + 1)))
    const { values } = symmetricEigen(hilbert)
    const expected = [1.5002142800592426, 0.16914122022145003, 0.0067382736057606165, 9.670230402260835e-5]
    for (const [i, value] of values.entries()) close(value, expected[i] ?? 0, 1e-15)
  })

  test('gives the matrix back, with vectors of length 1 at right angles', () => {
    const number = fc.double({ min: -100, max: 100, noNaN: true })
    const matrices = fc
      .integer({ min: 1, max: 8 })
      .chain((n) =>
        fc.array(fc.array(number, { minLength: n, maxLength: n }), { minLength: n, maxLength: n }),
      )
    fc.assert(
      fc.property(matrices, (rows) => {
        const matrix = rows.map((row, i) => row.map((_, j) => rows[Math.min(i, j)]?.[Math.max(i, j)] ?? 0))
        const { values, vectors } = symmetricEigen(matrix)
        assert.deepEqual(
          values,
          values.toSorted((a, b) => b - a),
        )
        for (const [i, row] of matrix.entries())
          for (const [j, value] of row.entries()) {
            const back = vectors.reduce((sum, v, k) => sum + (values[k] ?? 0) * (v[i] ?? 0) * (v[j] ?? 0), 0)
            close(back, value, 1e-10)
            const dot = vectors[i]?.reduce((sum, x, k) => sum + x * (vectors[j]?.[k] ?? 0), 0)
            close(dot ?? Number.NaN, i === j ? 1 : 0)
          }
      }),
      { numRuns: 100, seed: 7 },
    )
  })

  test('of nothing, of one and of a diagonal', () => {
    assert.deepEqual(symmetricEigen([]), { values: [], vectors: [] })
    assert.deepEqual(symmetricEigen([[3]]), { values: [3], vectors: [[1]] })
    const diagonal = [
      [1, 0],
      [0, 2],
    ]
    assert.deepEqual(symmetricEigen(diagonal).values, [2, 1])
  })
})

describe('what principal components leave', () => {
  test('a component more is taken where the share is met exactly, as scikit-learn does', () => {
    const identity = [0, 1, 2, 3].map((i) => [0, 1, 2, 3].map((j) => (i === j ? 1 : 0)))
    assert.deepEqual([residualsOf(identity, 0.5).components, residualsOf(identity, 0.5).explained], [3, 0.75])
    assert.equal(residualsOf(identity, 0.49).components, 2)
  })

  test('nothing along a component, all of what is across', () => {
    const matrix = [
      [1, 0.8, 0],
      [0.8, 1, 0],
      [0, 0, 1],
    ]
    const { components, left } = residualsOf(matrix, 0.55)
    assert.equal(components, 1)
    const product = (a: readonly number[], b: readonly number[]) =>
      a.reduce((sum, x, i) => sum + x * (b[i] ?? 0), 0)
    const apply = (row: readonly number[]) =>
      row.map((_, i) => left.reduce((sum, vector) => sum + (vector[i] ?? 0) * product(vector, row), 0))
    for (const value of apply([1, 1, 0])) close(value, 0)
    for (const [i, value] of apply([1, -1, 0.5]).entries()) close(value, [1, -1, 0.5][i] ?? 0)
  })
})
