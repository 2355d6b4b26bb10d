import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { near } from '../metrics/testing/rows.ts'
import { drawMultinomial } from '../random/draws.ts'
import { mulberry32 } from '../random/generator.ts'
import {
  chiSquaredUpper,
  jensenShannonNull,
  kolmogorovSmirnovNull,
  psiNull,
  psiNullMean,
  totalVariationNull,
  wassersteinNullMean,
} from './null.ts'
import {
  isDrifted,
  leastWindow,
  persist,
  persistenceStart,
  referenceThreshold,
  type DriftFinding,
} from './threshold.ts'

/* Literal figures: SciPy 1.17.1, `chi2.isf`, `kstwobign.isf`, `t.ppf`. */
describe('what undrifted windows show', () => {
  test('shrinks with their size', () => {
    near(chiSquaredUpper(0.001, 9), 27.877164871256575, 1e-10)
    near(psiNull({ reference: 10_000, current: 1000 }, 10), 0.0306648813583822, 1e-9)
    near(psiNullMean({ reference: 10_000, current: 1000 }, 10), 0.0099)
    near(psiNullMean({ reference: 100_000, current: 100 }, 10), 0.0901, 1e-3)
    near(kolmogorovSmirnovNull({ reference: 2, current: 2 }), 1.9494747, 1e-6)
    near(
      jensenShannonNull({ reference: 10_000, current: 1000 }, 10),
      Math.sqrt(0.0306648813583822 / 8 / Math.LN2),
      1e-9,
    )
    near(wassersteinNullMean({ reference: 200, current: 200 }), 0.1288)
  })

  test('bound the total variation of categories, of two alike values closely', () => {
    const random = mulberry32(1)
    const sizes = { reference: 2000, current: 500 }
    for (const weights of [[1, 1], [5, 3, 1, 1], Array.from({ length: 50 }, (_, i) => 1 / (i + 1))]) {
      const [a, b] = [new Float64Array(weights.length), new Float64Array(weights.length)]
      const found = Array.from({ length: 2000 }, () => {
        drawMultinomial(random, sizes.reference, weights, a)
        drawMultinomial(random, sizes.current, weights, b)
        return a.reduce((sum, count, i) => sum + Math.abs(count / 2000 - (b[i] ?? 0) / 500), 0) / 2
      })
      const bound = totalVariationNull(sizes, weights.length, 0.05)
      const beyond = found.filter((distance) => distance > bound).length / found.length
      assert.ok(beyond <= 0.065, `${weights.length} values: ${beyond}`)
      if (weights.length === 2) assert.ok(beyond > 0.035, String(beyond))
    }
    assert.equal(totalVariationNull(sizes, 1), 0)
  })
})

describe('thresholds', () => {
  test('are of the chunks of the reference', () => {
    assert.equal(referenceThreshold([1, 2, 3, 4, 5]), undefined)
    const six = [0.1, 0.2, 0.1, 0.2, 0.1, 0.2]
    near(referenceThreshold(six) ?? 0, 0.15 + 4.032142983555228 * Math.sqrt(0.003) * Math.sqrt(7 / 6), 1e-9)
    near(referenceThreshold(Array.from({ length: 101 }, (_, i) => i)) ?? 0, 99)
  })

  const window = (effect: number, more: Partial<DriftFinding> = {}): DriftFinding => ({
    rows: 1000,
    bins: 10,
    pValue: 1e-6,
    effect,
    measure: 'population_stability_index',
    nullEffect: 0.03,
    ...more,
  })

  test('need rows, certainty and size, all three', () => {
    assert.ok(isDrifted(window(0.12)))
    assert.ok(!isDrifted(window(0.09)))
    assert.ok(!isDrifted(window(0.12, { rows: 150 })))
    assert.ok(!isDrifted(window(0.12, { pValue: 0.02 })))
    assert.ok(!isDrifted(window(0.12, { nullEffect: 0.2 })))
    assert.ok(!isDrifted(window(0.12, { referenceEffect: 0.15 })))
    assert.deepEqual([leastWindow(10), leastWindow(100)], [200, 500])
  })

  test('raise at three of four windows and clear after three quiet ones', () => {
    const walk = (effects: number[]) => {
      let state = persistenceStart
      return effects.map((effect) => (state = persist(state, window(effect))).raised)
    }
    assert.deepEqual(walk([0.2, 0.2, 0.01, 0.2]), [false, false, false, true])
    assert.deepEqual(walk([0.2, 0.2, 0.01, 0.01, 0.2, 0.01]), [false, false, false, false, false, false])
    assert.deepEqual(walk([0.2, 0.2, 0.2, 0.01, 0.09, 0.01, 0.01, 0.01]), [
      false,
      false,
      true,
      true,
      true,
      true,
      true,
      false,
    ])
  })
})
