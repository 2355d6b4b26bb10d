import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { allNear, labels, near, probabilities } from '../metrics/testing/rows.ts'
import { agreement } from './agreement.ts'
import { aucInterval, delong } from './delong.ts'
import { dieboldMariano } from './forecasts.ts'
import { mcnemar } from './mcnemar.ts'
import { benjaminiHochberg, holm } from './multiplicity.ts'
import { aucVariance, rowsForAuc, rowsForMcNemar, rowsForMean } from './power.ts'
import { judge, passes, rowsNeeded, type Difference } from './verdict.ts'

const other = labels.map((y, i) => Number(((Math.sin(i * 0.7) + 1) * 0.3 + 0.4 * y).toFixed(2)))

describe('the decision rule', () => {
  const of = (lower: number, upper: number, standardError = 1): Difference => ({
    estimate: standardError === 0 ? 0 : (lower + upper) / 2,
    lower,
    upper,
    standardError,
    alpha: 0.05,
    rows: 1000,
    method: 'given',
    warnings: [],
  })

  test('is the table of the bounds', () => {
    const verdicts: [Difference, number, string, boolean][] = [
      [of(0.001, 0.01), 0.005, 'superior', false],
      [of(-0.004, 0.01), 0.005, 'non_inferior', false],
      [of(-0.004, -0.001), 0.005, 'non_inferior', true],
      [of(-0.005, 0.001), 0.005, 'inconclusive', false],
      [of(-0.006, -0.001), 0.005, 'inconclusive', true],
      [of(-0.02, -0.006), 0.005, 'inferior', true],
      [of(-0.02, -0.006), 0, 'inferior', true],
      [of(-0.02, 0.02), 0, 'inconclusive', false],
      [of(0, 0, 0), 0, 'non_inferior', false],
      [of(Number.NaN, Number.NaN), 0.005, 'inconclusive', false],
      [of(0.001, 0.01), Number.NaN, 'inconclusive', false],
      [of(0.001, 0.01), -1, 'inconclusive', false],
    ]
    for (const [difference, margin, verdict, worse] of verdicts) {
      const judged = judge(difference, margin)
      assert.deepEqual([judged.verdict, judged.worse], [verdict, worse])
    }
    assert.equal(judge(of(0, 0, 0), 0).unchanged, true)
  })

  test('passes only what is not worse, and says how many rows it would take', () => {
    assert.deepEqual((['superior', 'non_inferior', 'inferior', 'inconclusive'] as const).map(passes), [
      true,
      true,
      false,
      false,
    ])
    near(rowsNeeded({ ...of(-0.01, 0.01), standardError: 0.3 / Math.sqrt(1000) }, 0.01), 5565, 1e-3)
    assert.equal(rowsNeeded(of(-1, 1), 0), Infinity)
  })
})

/* Literal figures: NumPy 2.4.6 by the definition over all pairs, in quadratic time. */
describe('DeLong', () => {
  test('is the definition', () => {
    const { auc, variance, covariance, difference, standardError, pValue } = delong(
      labels,
      probabilities,
      other,
    )
    allNear([...auc], [0.555622009569378, 0.8899521531100478])
    allNear([...variance, covariance], [0.0061376529284486985, 0.0016780740307559753, 9.508285131553846e-5])
    allNear(
      [difference, standardError, pValue],
      [0.3343301435406698, 0.08732445966951985, 0.0001288759614026012],
      1e-11,
    )
  })

  test('knows no difference of a model from itself, and refuses a missing score', () => {
    const same = delong(labels, other, other)
    assert.deepEqual([same.difference, same.pValue], [0, 1])
    near(same.standardError, 0, 1e-9)
    assert.throws(() => delong([1, 0], [Number.NaN, 1], [0, 1]), /Row 0 has no score/)
  })

  test('has an interval within 0 and 1, but none of a perfect score', () => {
    const { lower, upper } = aucInterval(0.98, 0.02 ** 2, 1.96)
    assert.ok(lower < 0.95 && upper > 0.99 && upper < 1)
    assert.ok(Number.isNaN(aucInterval(1, 0, 1.96).lower))
  })
})

describe('tests', () => {
  test("McNemar's is statsmodels'", () => {
    const { exact, midP, corrected } = mcnemar({ championOnly: 25, challengerOnly: 12 })
    allNear(
      [exact, midP, corrected],
      [0.04703102743951604, 0.04703102743951604 - 0.013478587759891528, 0.04851973828025081],
    )
    assert.equal(mcnemar({ championOnly: 0, challengerOnly: 0 }).exact, 1)
    assert.equal(mcnemar({ championOnly: 4, challengerOnly: 4 }).exact, 1)
    assert.ok(Number.isNaN(mcnemar({ championOnly: 4, challengerOnly: 4 }).corrected))
  })

  /* Literal figures: statsmodels 0.15.0, `multipletests`. */
  test("adjustments are statsmodels'", () => {
    const p = [0.01, 0.04, 0.03, 0.005, 0.5, 0.04]
    allNear(holm(p), [0.05, 0.12, 0.12, 0.03, 0.5, 0.12])
    allNear(benjaminiHochberg(p), [0.03, 0.048, 0.048, 0.03, 0.5, 0.048])
    assert.deepEqual([holm([]), benjaminiHochberg([])], [[], []])
  })

  test("Diebold and Mariano's is the definition in NumPy", () => {
    const d = Array.from({ length: 40 }, (_, i) => Math.sin(i * 1.1) + 0.2 + 0.3 * Math.cos(i * i))
    const [one, two] = [dieboldMariano(d), dieboldMariano(d, 2)]
    allNear([one.statistic, one.pValue], [2.462358989551239, 0.018325478315680578], 1e-10)
    allNear([two.statistic, two.pValue], [1.7472975633284862, 0.08845680006245085], 1e-10)
    assert.ok(Number.isNaN(dieboldMariano([1, 1, 1]).pValue))
  })
})

describe('sample sizes', () => {
  test('are those of the formulas', () => {
    assert.equal(rowsForMean(0.3, 0.01), 5565)
    assert.equal(rowsForMcNemar(0.1, 0.01), 7847)
    near(rowsForMcNemar(0.1, 0.02), 1960, 1e-3)
    const auc = { auc: 0.8, correlation: 0.8, margin: 0.01 }
    near(rowsForAuc({ ...auc, prevalence: 0.1 }), 18_376, 5e-3)
    near(rowsForAuc({ ...auc, prevalence: 0.5 }), 4851, 5e-3)
    near(aucVariance(0.8, 50, 50), (0.16 + 49 * (0.8 / 1.2 - 0.64) + 49 * (1.28 / 1.8 - 0.64)) / 2500)
  })
})

describe('agreement', () => {
  test('counts what is equal within the tolerance; a missing answer is not', () => {
    const { rate, interval, meanAbsoluteDifference, rankCorrelation } = agreement(
      [0.1, 0.2, 0.3, 0.4],
      [0.1, 0.2 + 1e-12, 0.5, Number.NaN],
    )
    near(rate, 0.5)
    near(meanAbsoluteDifference, 0.2 / 3)
    near(rankCorrelation, 1)
    assert.ok(interval.lower < 0.2 && interval.upper > 0.8)
    assert.equal(agreement([1, 2], [1, 2]).rate, 1)
    assert.throws(() => agreement([1], []), RangeError)
  })
})
