import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { allNear, labels, near, probabilities, weights } from '../testing/rows.ts'
import { averagePrecision, gini, ksStatistic, operatingPoints, rocAuc } from './ranking.ts'
import { scoreCounts } from './score-counts.ts'

/* Literal figures: scikit-learn 1.9.1 for the same rows, ties among the scores, without and with weights. */
const counts = scoreCounts({ labels, scores: probabilities })
const weighted = scoreCounts({ labels, scores: probabilities, weights })

describe('ranking', () => {
  test("is scikit-learn's", () => {
    allNear([counts, weighted].map(rocAuc), [0.555622009569378, 0.5639192192482365])
    allNear([counts, weighted].map(averagePrecision), [0.5228965337476404, 0.527863001648058])
    near(ksStatistic(counts), 0.26315789473684215)
    near(gini(counts), 2 * 0.555622009569378 - 1)
  })

  test('one class has no ROC, and an average precision of 0 or 1', () => {
    const none = scoreCounts({ labels: [0, 0], scores: [0.1, 0.2] })
    const only = scoreCounts({ labels: [1, 1], scores: [0.1, 0.2] })
    allNear([none, only].map(rocAuc), [Number.NaN, Number.NaN])
    allNear([none, only].map(ksStatistic), [Number.NaN, Number.NaN])
    allNear([none, only].map(averagePrecision), [0, 1])
    near(averagePrecision(scoreCounts({ labels: [], scores: [] })), Number.NaN)
  })

  test('leaves rows without a score out, counts infinite ones', () => {
    const scored = scoreCounts({ labels: [1, 0, 1, 0], scores: [Infinity, -Infinity, Number.NaN, 0] })
    assert.deepEqual([...scored.scores], [Infinity, 0, -Infinity])
    near(rocAuc(scored), 1)
  })

  test('the curves end with all rows', () => {
    const points = operatingPoints(counts)
    const last = points.at(-1)
    assert.equal(last?.truePositiveRate, 1)
    assert.equal(last?.falsePositiveRate, 1)
    near(last?.precision ?? 0, 22 / 60)
    const trapezoids = points.reduce((area, { truePositiveRate: y, falsePositiveRate: x }, i) => {
      const before = points[i - 1] ?? { truePositiveRate: 0, falsePositiveRate: 0 }
      return area + ((x - before.falsePositiveRate) * (y + before.truePositiveRate)) / 2
    }, 0)
    near(trapezoids, rocAuc(counts))
  })

  test('AUC counts pairs, turns round with the score, and does not see a rising function of it', () => {
    const row = fc.record({ label: fc.integer({ min: 0, max: 1 }), score: fc.integer({ min: 0, max: 8 }) })
    fc.assert(
      fc.property(fc.array(row, { minLength: 2, maxLength: 30 }), (rows) => {
        const of = (score: (s: number) => number) =>
          rocAuc(scoreCounts({ labels: rows.map((r) => r.label), scores: rows.map((r) => score(r.score)) }))
        const pairs = rows
          .filter((r) => r.label === 1)
          .flatMap((a) =>
            rows.filter((r) => r.label === 0).map((b) => (Math.sign(a.score - b.score) + 1) / 2),
          )
        near(
          of((s) => s),
          pairs.reduce((a, b) => a + b, 0) / pairs.length,
        )
        near(
          of((s) => -s),
          1 - of((s) => s),
        )
        near(
          of((s) => Math.exp(s)),
          of((s) => s),
        )
      }),
      { numRuns: 100 },
    )
  })
})
