import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { mulberry32 } from '../../random/generator.ts'
import { allNear } from '../testing/rows.ts'
import { brierParts } from './brier-parts.ts'
import { calibrated, fitIsotonic, type ScoreColumns } from './isotonic.ts'
import { needsCalibration } from './needs-calibration.ts'

const columns = (scores: readonly number[], rows: readonly number[], positives: readonly number[]) => ({
  scores: Float64Array.from(scores),
  rows: Float64Array.from(rows),
  positives: Float64Array.from(positives),
})

describe('isotonic regression', () => {
  /* Literal figures: scikit-learn 1.9.1's IsotonicRegression(out_of_bounds='clip') of the same rows, each with its weight. */
  test('has the knots and the values of scikit-learn', () => {
    const fit = fitIsotonic(
      columns([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7], [4, 2, 3, 1, 5, 2, 3], [1, 1, 0, 1, 2, 2, 3]),
    )
    allNear(Array.from(fit.x), [0.1, 0.3, 0.4, 0.5, 0.6, 0.7])
    allNear(Array.from(fit.y), [2 / 9, 2 / 9, 0.5, 0.5, 1, 1])
    allNear(
      [0, 0.1, 0.25, 0.35, 0.55, 0.9].map((score) => calibrated(fit, score)),
      [2 / 9, 2 / 9, 2 / 9, 0.3611111111111111, 0.75, 1],
    )
    assert.ok(Number.isNaN(calibrated(fit, Number.NaN)))
  })

  test('of one score or of no rows is level, or nothing', () => {
    assert.equal(calibrated(fitIsotonic(columns([0.4], [10], [3])), 0.9), 0.3)
    assert.ok(Number.isNaN(calibrated(fitIsotonic(columns([], [], [])), 0.5)))
    assert.ok(Number.isNaN(calibrated(fitIsotonic(columns([0.4], [0], [0])), 0.5)))
  })
})

describe('whether scores need calibration', () => {
  const of = (share: (score: number) => number, rows = 40): ScoreColumns => {
    const scores = Array.from({ length: 100 }, (_, i) => (i + 0.5) / 100)
    return columns(
      scores,
      scores.map(() => rows),
      scores.map((score) => Math.round(rows * share(score))),
    )
  }
  const needs = (given: ScoreColumns) => needsCalibration(given, mulberry32(1), async () => {})

  test('they do where they are off, and do not where they are right, separate the classes, or there is one class', async () => {
    assert.equal(await needs(of((score) => score ** 3)), true)
    assert.equal(await needs(of((score) => score)), false)
    assert.equal(await needs(of((score) => Number(score > 0.5))), false)
    assert.equal(await needs(of(() => 0)), false)
    assert.equal(await needs(columns([0.2, 0.8], [3, 3], [1, 2])), false)
  })
})

describe('parts of the Brier score', () => {
  test('add up to the score of the bins’ means', () => {
    const bins = [
      { count: 30, predicted: 0.2, observed: 0.1 },
      { count: 70, predicted: 0.7, observed: 0.8 },
    ]
    const { reliability, resolution, uncertainty } = brierParts(bins)
    const score = bins.reduce(
      (sum, { count, predicted: p, observed: o }) =>
        sum + (count / 100) * (o * (1 - p) ** 2 + (1 - o) * p ** 2),
      0,
    )
    allNear([reliability - resolution + uncertainty], [score])
    assert.ok(Number.isNaN(brierParts([]).reliability))
  })
})
