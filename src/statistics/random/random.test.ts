import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { drawBinomial, drawMultinomial, drawNormal, drawPoisson } from './draws.ts'
import { mulberry32 } from './generator.ts'

const draws = 20_000

/** Mean and variance of many draws, each within five standard errors of what they should be. */
function moments(draw: () => number, mean: number, variance: number): void {
  const drawn = Float64Array.from({ length: draws }, draw)
  const seen = drawn.reduce((a, b) => a + b, 0) / draws
  const spread = drawn.reduce((sum, x) => sum + (x - seen) ** 2, 0) / draws
  assert.ok(Math.abs(seen - mean) < 5 * Math.sqrt(variance / draws), `mean ${seen}, not ${mean}`)
  assert.ok(Math.abs(spread / variance - 1) < 0.08, `variance ${spread}, not ${variance}`)
}

describe('random numbers', () => {
  test('are the same for the same seed: the published first numbers of mulberry32(1)', () => {
    const [one, other] = [mulberry32(1), mulberry32(1)]
    assert.deepEqual([one(), one(), one()], [0.6270739405881613, 0.002735721180215478, 0.5274470399599522])
    assert.equal(other(), 0.6270739405881613)
    assert.notEqual(mulberry32(2)(), 0.6270739405881613)
  })

  test('Poisson, below and above the change of method', () => {
    for (const mean of [0.2, 1, 3.5, 9.9, 10, 47, 2500]) {
      const random = mulberry32(7)
      moments(() => drawPoisson(random, mean), mean, mean)
    }
    assert.equal(drawPoisson(mulberry32(1), 0), 0)
  })

  test('binomial, below and above the change of method and of the middle', () => {
    for (const [n, p] of [
      [5, 0.5],
      [40, 0.1],
      [100, 0.3],
      [1000, 0.93],
      [1_000_000, 0.02],
    ] as const) {
      const random = mulberry32(11)
      moments(() => drawBinomial(random, n, p), n * p, n * p * (1 - p))
    }
    assert.deepEqual([drawBinomial(mulberry32(1), 9, 0), drawBinomial(mulberry32(1), 9, 1)], [0, 9])
  })

  test('multinomial counts add up, and empty cells stay empty', () => {
    const random = mulberry32(3)
    const cells = new Float64Array(4)
    for (let i = 0; i < 200; i++) {
      drawMultinomial(random, 1000, [10, 0, 30, 60], cells)
      assert.equal(
        cells.reduce((a, b) => a + b, 0),
        1000,
      )
      assert.equal(cells[1], 0)
    }
    moments(() => (drawMultinomial(random, 50, [1, 3], cells.subarray(0, 2)), cells[0] ?? 0), 12.5, 9.375)
  })

  test('normal', () => {
    const random = mulberry32(5)
    moments(() => drawNormal(random), 0, 1)
  })
})
