import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import {
  contingency,
  correlationRatio,
  cramersV,
  mutualInformation,
  normalisedMutualInformation,
  uncertaintyCoefficient,
} from './contingency.ts'
import { order, pearson, ranks, spearman } from './correlation.ts'

/*
 * Literal figures: SciPy 1.17.1, scikit-learn 1.9.1, and pandas 3.1.1 where values are missing, for the same columns.
 * Cramér's V is Bergsma's formula written out in NumPy.
 */
const near = (actual: number, expected: number, tolerance = 1e-12) =>
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual}, not ${expected}`)
const rounded = (x: number) => Math.round(x * 1000) / 1000
const a = Array.from({ length: 40 }, (_, i) => rounded(Math.sin(i * 1.7) * 10 + i * 0.1))
const b = Array.from({ length: 40 }, (_, i) => rounded(Math.cos(i * 1.3) * 12 + 1))
const tiedA = a.map((x) => Math.round(x))
const tiedB = b.map((x) => Math.round(x / 3))
const table = [
  [10, 20, 30],
  [6, 9, 17],
  [3, 40, 1],
]

describe('correlation', () => {
  test("is SciPy's", () => {
    near(pearson(a, b), 0.11707495815753038)
    near(spearman(a, b), 0.10394483805234042)
    near(spearman(tiedA, tiedB), 0.08660246124958469)
  })

  test("takes the rows in which both are there, as pandas' does", () => {
    const x = tiedA.map((value, i) => (i % 7 === 0 ? Number.NaN : value))
    const y = tiedB.map((value, i) => (i % 5 === 0 ? Number.NaN : value))
    near(pearson(x, y), 0.2016898137399636)
    near(spearman(x, y), 0.2100005466601241)
  })

  test('of what does not vary is no number', () => {
    assert.ok(Number.isNaN(pearson([1, 1, 1], [1, 2, 3])))
    assert.ok(Number.isNaN(spearman([1], [1])))
    assert.ok(Number.isNaN(pearson([], [])))
  })

  test('shares the mean of equal ranks', () => {
    const x = [3, 1, 3, Number.NaN, 2]
    assert.deepEqual([...ranks(x, order(x))], [3.5, 1, 3.5, Number.NaN, 2])
  })

  test('is ±1 of a line, whatever its slope, and within them else', () => {
    const column = fc.uniqueArray(fc.integer({ min: -10_000, max: 10_000 }), { minLength: 2, maxLength: 40 })
    fc.assert(
      fc.property(column, fc.integer({ min: 1, max: 9 }), (x, slope) => {
        near(
          pearson(
            x,
            x.map((v) => -slope * v + 3),
          ),
          -1,
          1e-9,
        )
        near(
          spearman(
            x,
            x.map((v) => v ** 3),
          ),
          1,
          1e-9,
        )
      }),
    )
  })
})

describe('association of categories', () => {
  test("is scikit-learn's", () => {
    near(cramersV(table), 0.383311920972022)
    near(mutualInformation(table), 0.18863821868843378)
    near(normalisedMutualInformation(table), 0.18373530656969295)
    near(uncertaintyCoefficient(table), 0.19116023144310995)
    near(
      correlationRatio(
        a.map((_, i) => i % 4),
        a,
      ),
      0.21987894793931526,
    )
  })

  test('counts pairs and leaves out what is missing', () => {
    assert.deepEqual(contingency([0, 1, -1, 1], [0, 2, 1, -1]), [
      [1, 0, 0],
      [0, 0, 1],
    ])
  })

  test('is 1 of a column with itself and nothing of one that does not vary', () => {
    const codes = [0, 1, 2, 0, 1, 2, 0]
    near(cramersV(contingency(codes, codes)), 1)
    near(normalisedMutualInformation(contingency(codes, codes)), 1)
    near(correlationRatio(codes, codes), 1)
    assert.ok(Number.isNaN(cramersV([[5, 3]])))
    assert.ok(Number.isNaN(correlationRatio([0, 1], [2, 2])))
    assert.ok(Number.isNaN(cramersV([])))
  })

  test('does not care which of the two comes first', () => {
    const pairs = fc.array(fc.tuple(fc.nat(4), fc.nat(3)), { minLength: 3, maxLength: 80 })
    fc.assert(
      fc.property(pairs, (rows) => {
        const [x, y] = [rows.map(([first]) => first), rows.map(([, second]) => second)]
        const [one, other] = [contingency(x, y), contingency(y, x)]
        near(mutualInformation(one), mutualInformation(other), 1e-9)
        // A root: what rounding leaves of nothing is as much as 1e-8.
        assert.ok(
          Object.is(cramersV(one), cramersV(other)) || Math.abs(cramersV(one) - cramersV(other)) < 1e-6,
        )
      }),
    )
  })
})
