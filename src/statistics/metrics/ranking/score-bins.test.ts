import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { averagePrecision, rocAuc } from './ranking.ts'
import { calibrationOfBins, countsAt, countsOfBins, pointsOfBins, scoreBins } from './score-bins.ts'
import { scoreCounts } from './score-counts.ts'

const rows = fc.array(
  fc.record({ label: fc.constantFrom(0, 1), score: fc.integer({ min: 0, max: 1000 }).map((n) => n / 1000) }),
  { minLength: 1, maxLength: 400 },
)

test('every row is in one bin, none reaches over a hundredth, and thresholds at hundredths are exact', () => {
  fc.assert(
    fc.property(rows, fc.integer({ min: 0, max: 100 }), (given, hundredth) => {
      const labels = given.map(({ label }) => label)
      const scores = given.map(({ score }) => score)
      const bins = scoreBins(scoreCounts({ labels, scores }), 20)
      assert.equal(
        bins.rows.reduce((a, b) => a + b, 0),
        given.length,
      )
      const found = countsAt(bins, hundredth / 100)
      const isCalled = (score: number) => Math.round(score * 1000) >= hundredth * 10
      assert.equal(found.truePositive, given.filter((r) => r.label === 1 && isCalled(r.score)).length)
      assert.equal(found.falsePositive, given.filter((r) => r.label === 0 && isCalled(r.score)).length)
      assert.equal(found.falseNegative + found.truePositive, labels.filter(Boolean).length)
      assert.deepEqual(
        bins.least,
        bins.least.toSorted((a, b) => a - b),
      )
    }),
  )
})

test('with a bin for each score, areas are those of the scores', () => {
  const labels = [0, 0, 1, 1, 0, 1, 0, 1]
  const scores = [0.1, 0.4, 0.35, 0.8, 0.35, 0.9, 0.2, 0.4]
  const counts = scoreCounts({ labels, scores })
  const bins = scoreBins(counts)
  assert.equal(rocAuc(countsOfBins(bins)), rocAuc(counts))
  assert.equal(averagePrecision(countsOfBins(bins)), averagePrecision(counts))
  const last = pointsOfBins(bins).at(-1)
  assert.deepEqual([last?.truePositiveRate, last?.falsePositiveRate], [1, 1])
})

test('of many rows there are few bins, and the area hardly changes', () => {
  const scores = Array.from({ length: 20_000 }, (_, i) => ((i * 7919) % 20_000) / 20_000)
  const labels = scores.map((score, i) => Number(((i * 104_729) % 1000) / 1000 < score))
  const counts = scoreCounts({ labels, scores })
  const bins = scoreBins(counts)
  assert.ok(bins.rows.length <= 300, String(bins.rows.length))
  assert.ok(Math.abs(rocAuc(countsOfBins(bins)) - rocAuc(counts)) < 1e-3)
  const curve = calibrationOfBins(bins)
  assert.equal(curve.length, 10)
  for (const { rows: n, predicted, observed, lower, upper } of curve) {
    assert.ok(n > 1500 && n < 2500, String(n))
    assert.ok(Math.abs(predicted - observed) < 0.05 && lower <= observed && observed <= upper)
  }
})

test('one score for all, and no rows at all', () => {
  const one = scoreBins(scoreCounts({ labels: [1, 0, 1], scores: [0.3, 0.3, 0.3] }))
  assert.deepEqual(one, { least: [0.3], mean: [0.3], rows: [3], positives: [2] })
  assert.deepEqual(countsAt(one, 0.3), {
    truePositive: 2,
    falsePositive: 1,
    falseNegative: 0,
    trueNegative: 0,
  })
  assert.equal(calibrationOfBins(one).length, 1)
  const none = scoreBins(scoreCounts({ labels: [], scores: [] }))
  assert.deepEqual([none.rows, calibrationOfBins(none)], [[], []])
})
