import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { tally } from '../distributions/tally.ts'
import { chiSquaredFit, chiSquaredIndependence, chiSquaredTail } from './chi-squared.ts'
import { logGamma } from '../probability/gamma.ts'
import { kolmogorovSmirnov, kolmogorovTail } from './kolmogorov-smirnov.ts'

/* Literal figures: SciPy 1.17.1 (`scipy.stats`, `scipy.special`) for the same values. */
const near = (actual: number, expected: number, relative = 1e-10) =>
  assert.ok(
    Math.abs(actual - expected) <= relative * Math.abs(expected) + 1e-300,
    `${actual}, not ${expected}`,
  )
const rounded = (x: number) => Math.round(x * 1000) / 1000
const a = Array.from({ length: 40 }, (_, i) => rounded(Math.sin(i * 1.7) * 10 + i * 0.1))
const b = Array.from({ length: 55 }, (_, i) => rounded(Math.cos(i * 1.3) * 12 + 1))

describe('functions behind p-values', () => {
  test("are SciPy's", () => {
    const gammas = [
      2.252712651734206, 0.5723649429247, 0, 0.2846828704729192, 12.801827480081469, 704.0044277342047,
    ]
    for (const [i, x] of [0.1, 0.5, 1, 2.5, 10, 170.5].entries())
      assert.ok(Math.abs(logGamma(x) - (gammas[i] ?? 0)) < 1e-11 * Math.max(1, gammas[i] ?? 0))
    const tails: [number, number, number][] = [
      [0.5, 1, 0.47950012218695337],
      [3.84, 1, 0.05004352124870519],
      [10, 4, 0.04042768199451279],
      [100, 80, 0.064570368921133],
      [300, 3, 9.948758346327588e-65],
      [0.001, 10, 1],
    ]
    for (const [x, k, tail] of tails) near(chiSquaredTail(x, k), tail)
    const kolmogorov = [0.999999999999495, 0.9639452436648751, 0.3927307079406543, 0.26999967167735456]
    for (const [i, x] of [0.2, 0.5, 0.9, 1].entries()) near(kolmogorovTail(x), kolmogorov[i] ?? 0)
    near(kolmogorovTail(1.5), 0.022217962616525127)
    near(kolmogorovTail(3), 3.045995948942526e-8)
  })
})

describe('chi-squared', () => {
  test("is SciPy's", () => {
    const fit = chiSquaredFit([10, 30, 60], [18, 22, 60])
    near(fit.statistic, 8.533333333333333)
    near(fit.pValue, 0.014028466860135117)
    const table = [
      [10, 20, 30],
      [6, 9, 17],
      [3, 40, 1],
    ]
    const { statistic, pValue, degrees } = chiSquaredIndependence(table)
    near(statistic, 43.4019879140374)
    near(pValue, 8.539313260530439e-9)
    assert.equal(degrees, 4)
  })

  test('is infinite, and sure, where something comes that never was', () => {
    assert.deepEqual(chiSquaredFit([10, 0], [9, 1]), { statistic: Infinity, pValue: 0, degrees: 1 })
  })

  test('leaves out what neither has, and knows nothing of nothing', () => {
    assert.equal(chiSquaredFit([10, 0, 5], [20, 0, 10]).degrees, 1)
    assert.equal(chiSquaredFit([10, 0, 5], [20, 0, 10]).pValue, 1)
    assert.ok(Number.isNaN(chiSquaredFit([1, 2], [0, 0]).pValue))
    assert.equal(chiSquaredFit([7], [9]).pValue, 1)
  })
})

describe('Kolmogorov–Smirnov', () => {
  const check = (
    x: readonly number[],
    y: readonly number[],
    statistic: number,
    pValue: number,
    relative?: number,
  ) => {
    const result = kolmogorovSmirnov(tally(x), tally(y))
    near(result.statistic, statistic)
    near(result.pValue, pValue, relative)
  }

  test("is SciPy's ks_2samp, exactly where that is exact", () => {
    check(a, b, 0.2, 0.2699006669894781)
    check(a, b.slice(0, 40), 0.2, 0.404587405685253)
    check([1, 1, 2, 2, 3], [1, 2, 2, 4, 4, 5, 6], 0.5714285714285714, 0.23737373737373738)
    const x = Array.from({ length: 1009 }, (_, i) => ((i * 7919) % 1009) / 10)
    const y = Array.from({ length: 2003 }, (_, i) => ((i * 104_729) % 2003) / 19)
    check(x, y, 0.04348680151230043, 0.15213500890498555)
  })

  test('is within a percent of it beyond 10,000 rows', () => {
    const x = Array.from({ length: 20_000 }, (_, i) => i / 20_000)
    const y = Array.from({ length: 15_000 }, (_, i) => (i / 15_000) * 1.01)
    const { statistic, pValue } = kolmogorovSmirnov(tally(x), tally(y))
    near(statistic, 0.00993333333333335)
    near(pValue, 0.36384162865057346, 0.01)
  })

  test('of two empty samples is no number, of equal ones certain', () => {
    assert.ok(Number.isNaN(kolmogorovSmirnov(tally([]), tally(a)).pValue))
    assert.deepEqual(kolmogorovSmirnov(tally(a), tally(a)), { statistic: 0, pValue: 1 })
    assert.ok(kolmogorovSmirnov(tally([1, 2, 3]), tally([4, 5, 6])).pValue < 0.11)
  })

  test('stays within its bounds and does not care which side is which', () => {
    const sample = fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 60 })
    fc.assert(
      fc.property(sample, sample, (x, y) => {
        const one = kolmogorovSmirnov(tally(x), tally(y))
        const other = kolmogorovSmirnov(tally(y), tally(x))
        assert.ok(one.statistic >= 0 && one.statistic <= 1 && one.pValue >= 0 && one.pValue <= 1)
        near(one.statistic, other.statistic)
        near(one.pValue, other.pValue, 1e-8)
      }),
    )
  })
})
