import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  allNear,
  labels,
  labels3,
  near,
  predictions,
  predictions3,
  probabilities,
  weights,
} from '../testing/rows.ts'
import { accuracy, balancedAccuracy, cohenKappa, confusion, matthews } from './confusion.ts'
import { falsePositiveRate, fScore, precision, recall, type Average } from './precision.ts'
import {
  brierScore,
  logLoss,
  logLosses,
  multiclassLogLosses,
  multiclassSquaredErrors,
} from './probability.ts'
import { costOptimalThreshold, costPerRow, decide, netBenefit, relativeCost } from './thresholds.ts'
import { mean } from '../rows.ts'

/* Literal figures: scikit-learn 1.9.1 for the same rows, without and with weights. */
const two = confusion({ labels, predictions })
const weighted2 = confusion({ labels, predictions, weights })
const three = confusion({ labels: labels3, predictions: predictions3 })
const weighted3 = confusion({ labels: labels3, predictions: predictions3, weights })

describe('confusion matrix', () => {
  test('counts', () => {
    assert.deepEqual(Array.from(three.cells), [16, 0, 0, 0, 16, 0, 4, 4, 20])
    assert.deepEqual(Array.from(weighted3.cells), [28, 0, 0, 0, 28, 0, 7, 7, 35])
    allNear([two, weighted2].map(accuracy), [0.48333333333333334, 0.5047619047619047])
    allNear([balancedAccuracy(three), balancedAccuracy(weighted3)], [0.9047619047619048, 0.9047619047619048])
    near(balancedAccuracy(three, { adjusted: true }), 0.857142857142857)
    allNear([two, weighted2].map(matthews), [-0.04383294111357339, -0.004782355933263055])
    near(matthews(three), 0.8164965809277259)
    near(cohenKappa(three), 0.8)
  })

  test('edges are as scikit-learn has them', () => {
    assert.equal(matthews(confusion({ labels: [0, 0], predictions: [0, 0] })), 0)
    assert.ok(Number.isNaN(cohenKappa(confusion({ labels: [0, 0], predictions: [0, 0] }))))
    const none = confusion({ labels: [], predictions: [] })
    for (const metric of [accuracy, balancedAccuracy, matthews, cohenKappa])
      assert.ok(Number.isNaN(metric(none)))
    near(balancedAccuracy(confusion({ labels: [0, 0], predictions: [0, 1] })), 0.5)
  })

  test('refuses rows that do not match, and codes that are no class', () => {
    assert.throws(
      () => confusion({ labels: [0, 1], predictions: [0] }),
      /labels has 2 rows and predictions has 1/,
    )
    assert.throws(() => confusion({ labels: [0, 2], predictions: [0, 1] }, 2), /Row 1: 2 and 1/)
    assert.throws(() => confusion({ labels: [0, 0.5], predictions: [0, 1] }), RangeError)
    assert.throws(() => confusion({ labels: [-1], predictions: [1] }), RangeError)
  })
})

describe('precision, recall and F', () => {
  const averages: readonly Average[] = ['macro', 'micro', 'weighted']
  test('averages', () => {
    allNear(
      [precision(two), precision(weighted2), recall(two), recall(weighted2), fScore(two), fScore(weighted2)],
      [
        0.3448275862068966, 0.37373737373737376, 0.45454545454545453, 0.46835443037974683,
        0.39215686274509803, 0.4157303370786517,
      ],
    )
    const of = (metric: typeof precision) => averages.map((average) => metric(three, { average }))
    allNear(of(precision), [0.8666666666666667, 0.8666666666666667, 0.8933333333333333])
    allNear(of(recall), [0.9047619047619048, 0.8666666666666667, 0.8666666666666667])
    allNear(of(fScore), [0.8703703703703703, 0.8666666666666667, 0.8629629629629629])
    near(fScore(three, { average: 'macro' }, 2), 0.8874458874458874)
    near(falsePositiveRate(two), 1 / 2)
  })

  test('0/0 is what is asked for', () => {
    const none = confusion({ labels, predictions: labels.map(() => 0) })
    allNear(
      [0, 1, Number.NaN].map((zeroDivision) => precision(none, { zeroDivision })),
      [0, 1, Number.NaN],
    )
    allNear(
      [1, Number.NaN].map((zeroDivision) => fScore(none, { zeroDivision })),
      [0, 0],
    )
    const table = confusion({ labels: [0, 0, 1, 1, 2], predictions: [0, 0, 0, 1, 1] })
    const grid = [precision, recall, fScore].map((metric) =>
      (['macro', 'weighted'] as const).flatMap((average) =>
        [0, 1, Number.NaN].map((zeroDivision) => metric(table, { average, zeroDivision })),
      ),
    )
    const expected = [
      [
        0.38888888888888884, 0.7222222222222222, 0.5833333333333333, 0.4666666666666666, 0.6666666666666666,
        0.5833333333333333,
      ],
      [0.5, 0.5, 0.5, 0.6, 0.6, 0.6],
      [0.43333333333333335, 0.43333333333333335, 0.43333333333333335, 0.52, 0.52, 0.52],
    ]
    for (const [i, row] of expected.entries()) allNear(grid[i] ?? [], row)
  })
})

describe('probabilities', () => {
  test('log loss and Brier score', () => {
    allNear(
      [logLoss(labels, probabilities), logLoss(labels, probabilities, weights)],
      [0.6963597340771407, 0.6912131411988198],
    )
    allNear(
      [brierScore(labels, probabilities), brierScore(labels, probabilities, weights)],
      [0.260085, 0.25786],
    )
    near(logLoss([0, 1], [1, 1]), 18.021826694558577)
    near(logLosses([0], [1])[0] ?? 0, 36.04365338911715)
    assert.ok(Number.isNaN(logLoss([], [])))
    assert.throws(() => logLoss([1], [0.5, 0.5]), RangeError)
  })

  test('several classes', () => {
    const said = labels3.flatMap((_, i) => {
      const raw = [0, 1, 2].map((k) => 1 + ((i * 3 + k * 5) % 7))
      return raw.map((x) => x / raw.reduce((a, b) => a + b, 0))
    })
    near(mean(multiclassLogLosses(labels3, said, 3)), 1.2314459651534853)
    near(mean(multiclassSquaredErrors(labels3, said, 3)), 0.7340055714893101)
  })
})

describe('thresholds and cost', () => {
  test('follow their definitions', () => {
    const costs = { falsePositive: 1, falseNegative: 4 }
    near(costOptimalThreshold(costs), 0.2)
    // 10 true and 19 false positives, 12 false negatives of 60 rows.
    near(costPerRow(two, costs), (19 + 4 * 12) / 60)
    near(relativeCost(two, costs), (19 + 48) / 60 / Math.min((22 / 60) * 4, 38 / 60))
    near(netBenefit(two, 0.2), 10 / 60 - (19 / 60) * 0.25)
    assert.deepEqual([...decide([0.2, 0.5, 0.7], 0.5)], [0, 1, 1])
  })
})
