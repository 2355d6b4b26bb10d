import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { autoBinCount, binOf, countBins, equalWidthBins, sturgesBinCount } from './bins.ts'
import {
  hellinger,
  jensenShannonDistance,
  lInfinity,
  normalisedWasserstein,
  populationStabilityIndex,
  sampleDeviation,
  totalVariation,
  wasserstein,
} from './distances.ts'
import { entropy } from './entropy.ts'
import { quantile, quantileSorted } from './quantiles.ts'
import { tally, tallyOf } from './tally.ts'

/*
 * The literal figures are those of NumPy 2.4.6, SciPy 1.17.1 and scikit-learn 1.9.1 for the same columns, which a few
 * lines make in both languages: `[round(sin(i * 1.7) * 10 + i * 0.1, 3) for i in range(40)]` and its like.
 */
const rounded = (x: number) => Math.round(x * 1000) / 1000
const a = Array.from({ length: 40 }, (_, i) => rounded(Math.sin(i * 1.7) * 10 + i * 0.1))
const b = Array.from({ length: 55 }, (_, i) => rounded(Math.cos(i * 1.3) * 12 + 1))
const p = [10, 20, 30, 0, 40]
const q = [15, 15, 30, 5, 0]
const near = (actual: number, expected: number, tolerance = 1e-12) =>
  assert.ok(
    Math.abs(actual - expected) <= tolerance * Math.max(1, Math.abs(expected)),
    `${actual}, not ${expected}`,
  )

const spreadOf = (values: readonly number[]) => ({
  count: values.length,
  min: Math.min(...values),
  max: Math.max(...values),
  interquartileRange: quantile(values, 0.75) - quantile(values, 0.25),
  integers: values.every(Number.isInteger),
})

describe('bins', () => {
  test("are as many as NumPy's auto makes", () => {
    const squares = Array.from({ length: 200 }, (_, i) => (i * i) % 97)
    const skewed = Array.from({ length: 200 }, (_, i) => Math.exp(i / 20))
    const counts = [a, b, squares, [1, 2, 2, 3], [5, 5, 5], skewed].map((v) => autoBinCount(spreadOf(v)))
    assert.deepEqual(counts, [7, 7, 9, 2, 1, 29])
  })

  test("count as NumPy's histogram does", () => {
    const { min, max } = spreadOf(a)
    assert.deepEqual(countBins(a, equalWidthBins(min, max, 7)), [7, 5, 8, 1, 6, 7, 6])
  })

  test('are ceil(log2 n + 1) by Sturges', () => {
    assert.deepEqual([0, 1, 2, 100, 1024, 27_004].map(sturgesBinCount), [1, 1, 2, 8, 11, 16])
  })

  test('of one value are a little to both sides of it', () => {
    assert.deepEqual(equalWidthBins(-2, -2, 9).edges, [-2.01, -1.99])
    assert.deepEqual(equalWidthBins(0, 0, 9).edges, [-0.005, 0.005])
  })

  test('hold every value of the range once, and nothing else', () => {
    const finite = fc.double({ noNaN: true, min: -1e9, max: 1e9 })
    fc.assert(
      fc.property(fc.array(finite, { minLength: 1 }), fc.integer({ min: 1, max: 50 }), (values, count) => {
        const bins = equalWidthBins(Math.min(...values), Math.max(...values), count)
        assert.equal(
          countBins([...values, Number.NaN, Infinity, -1e10], bins).reduce((x, y) => x + y, 0),
          values.length,
        )
      }),
    )
    assert.equal(binOf(3, { edges: [1, 2, 3] }), 1)
    assert.equal(binOf(2, { edges: [1, 2, 3] }), 1)
    assert.equal(binOf(0.99, { edges: [1, 2, 3] }), -1)
  })
})

describe('quantiles', () => {
  test("are NumPy's", () => {
    const expected = [
      -8.82384, -8.332799999999999, -5.21275, 1.7494999999999998, 9.443, 12.192899999999998, 13.32832,
    ]
    for (const [i, share] of [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99].entries())
      near(quantile(a, share), expected[i] ?? Number.NaN)
    assert.ok(Number.isNaN(quantile([], 0.5)))
    assert.equal(quantile([7], 0.3), 7)
    assert.equal(quantileSorted([-Infinity, -Infinity, 1], 0.25), -Infinity)
  })
})

describe('entropy', () => {
  test("is SciPy's", () => {
    near(entropy(p), 1.2798542258336676)
    near(entropy(p, 2), 1.8464393446710157)
    assert.ok(Number.isNaN(entropy([])))
  })
})

describe('distances', () => {
  test("are SciPy's and NumPy's", () => {
    near(jensenShannonDistance(p, q), 0.5204552058640409)
    near(jensenShannonDistance(p, q, Math.E), 0.4333073815431361)
    near(wasserstein(tally(a), tally(b)), 1.634345454545454)
    near(sampleDeviation(tally(a)), 7.164302148097243)
    near(normalisedWasserstein(tally(a), tally(b)), 1.634345454545454 / 7.164302148097243)
    near(populationStabilityIndex(p, q), 1.5721465341422096)
    near(populationStabilityIndex(p, q, 'categorical'), 1.6656907626256507)
    near(totalVariation(p, q), 0.4)
    near(lInfinity(p, q), 0.4)
    near(hellinger(p, q), 0.5110287946466371)
  })

  test('of nothing are no number', () => {
    for (const distance of [jensenShannonDistance, populationStabilityIndex, totalVariation, hellinger])
      assert.ok(Number.isNaN(distance(p, [0, 0, 0, 0, 0])), distance.name)
    assert.ok(Number.isNaN(wasserstein(tally(a), tally([]))))
  })

  test('a constant baseline does not divide by zero', () => {
    near(normalisedWasserstein(tally([1, 1, 1]), tally([1.5])), 500)
  })

  test('are nothing to oneself, symmetric, and within their bounds', () => {
    const counts = fc.array(fc.tuple(fc.nat(1000), fc.nat(1000)), { minLength: 1, maxLength: 20 })
    fc.assert(
      fc.property(counts, (pairs) => {
        const [x, y] = [pairs.map(([first]) => first + 1), pairs.map(([, second]) => second + 1)]
        for (const distance of [jensenShannonDistance, totalVariation, lInfinity, hellinger]) {
          const value = distance(x, y)
          assert.ok(distance(x, x) < 1e-7 && value >= 0 && value <= 1 + 1e-12)
          near(value, distance(y, x), 1e-9)
        }
        assert.ok(populationStabilityIndex(x, y) >= -1e-12)
      }),
    )
  })

  test('Wasserstein is how far a sample was moved', () => {
    const values = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 1 })
    fc.assert(
      fc.property(values, fc.integer({ min: 0, max: 50 }), (sample, by) => {
        near(wasserstein(tally(sample), tally(sample.map((v) => v + by))), by, 1e-9)
      }),
    )
  })

  test('a tally of pairs is that of the values', () => {
    assert.deepEqual(
      tallyOf([
        [3, 1],
        [1, 2],
        [3, 1],
      ]),
      tally([3, 1, Number.NaN, 1, 3]),
    )
  })
})
