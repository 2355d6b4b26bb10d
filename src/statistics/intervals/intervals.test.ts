import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { allNear, near } from '../metrics/testing/rows.ts'
import { twoSided } from './interval.ts'
import { newcombe, ratioInterval, upperOfNone, wilson } from './proportions.ts'
import {
  allowedExceedances,
  assertQuantile,
  mover,
  quantileInterval,
  quantileRanks,
  requiredRequests,
} from './quantiles.ts'

const z = twoSided(0.05)

/* Literal figures: statsmodels 0.15.0, `proportion_confint` and `confint_proportions_2indep`. */
describe('proportions', () => {
  test("are statsmodels'", () => {
    const ends = (events: number, trials: number) => Object.values(wilson({ events, trials }, z))
    allNear(ends(0, 20), [0, 0.1611251580528194])
    allNear(ends(5, 17), [0.1327998961029523, 0.5313311006653985])
    allNear(ends(40, 40), [0.9123783988027134, 1])
    const [a, b] = [
      { events: 56, trials: 70 },
      { events: 48, trials: 80 },
    ]
    allNear(Object.values(newcombe(a, b, z)), [0.05243147240236498, 0.33387265403690614])
    allNear(Object.values(ratioInterval(a, b, z)), [1.0766264227631928, 1.6512485112663873])
  })

  test('know nothing of no rows', () => {
    assert.deepEqual(wilson({ events: 0, trials: 0 }, z), { lower: 0, upper: 1 })
    const ratio = ratioInterval({ events: 0, trials: 0 }, { events: 1, trials: 2 }, z)
    assert.ok(Number.isNaN(ratio.lower))
    assert.ok(ratioInterval({ events: 0, trials: 30 }, { events: 5, trials: 30 }, z).upper < 2)
    near(upperOfNone(300), 3 / 300, 1e-3)
  })
})

/* Literal figures: the tables of binomial quantiles that SciPy gives, to be asserted by a load test. */
describe('quantiles', () => {
  test('have ranks for ends', () => {
    assert.deepEqual(quantileRanks(1000, 0.99), { lower: 983, upper: 997 })
    assert.deepEqual(quantileRanks(10_000, 0.99), { lower: 9880, upper: 9920 })
    const sorted = Float64Array.from({ length: 100 }, (_, i) => i + 1)
    assert.equal(quantileInterval(sorted, 0.99).upper, Infinity)
    assert.equal(quantileInterval(sorted, 0.01).lower, -Infinity)
    assert.deepEqual(quantileInterval(sorted, 0.5), { lower: 40, upper: 61 })
  })

  test('are shown by few enough exceedances', () => {
    assert.deepEqual(
      [0, 1, 2, 5, 10, 20].map((r) => requiredRequests(r, 0.99)),
      [299, 473, 628, 1049, 1693, 2902],
    )
    assert.deepEqual(
      [0.9, 0.95, 0.995, 0.999].map((q) => requiredRequests(0, q)),
      [29, 59, 598, 2995],
    )
    assert.deepEqual(
      [0.95, 0.99, 0.999].map((q) => requiredRequests(0, q, 0.01)),
      [90, 459, 4603],
    )
    assert.deepEqual(
      [100, 1000, 5000, 10_000].map((n) => allowedExceedances(n, 0.99)),
      [-1, 4, 38, 83],
    )
    assert.equal(assertQuantile(4, 1000, 0.99), 'pass')
    assert.equal(assertQuantile(5, 1000, 0.99), 'inconclusive')
    assert.equal(assertQuantile(15, 1000, 0.99), 'inconclusive')
    assert.equal(assertQuantile(16, 1000, 0.99), 'fail')
    assert.equal(assertQuantile(0, 0, 0.99), 'inconclusive')
  })

  test('differ by an interval made of theirs', () => {
    const delta = mover({ estimate: 120, lower: 110, upper: 140 }, { estimate: 100, lower: 96, upper: 103 })
    allNear([delta.lower, delta.upper], [20 - Math.hypot(10, 3), 20 + Math.hypot(20, 4)])
  })
})
