import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { allNear, labels, near, probabilities } from '../testing/rows.ts'
import {
  calibrationInTheLarge,
  coxCalibration,
  observedOverExpected,
  slopeInterval,
  spiegelhalter,
} from './calibration.ts'
import { scoreCounts } from '../ranking/score-counts.ts'
import {
  binsOfCounts,
  calibrationCurve,
  calibrationNoise,
  expectedCalibrationError,
  maximumCalibrationError,
} from './curve.ts'

describe('reliability curve', () => {
  const curve = calibrationCurve({ labels, probabilities }, { bins: 7 })

  test("is scikit-learn 1.9.1's calibration_curve(n_bins=7)", () => {
    allNear(
      curve.map((bin) => bin.observed),
      [0, 0.5714285714285714, 0.5454545454545454, 0.42857142857142855, 0.08333333333333333, 0.5, 1],
    )
    allNear(
      curve.map((bin) => bin.predicted),
      [0.07125, 0.24, 0.3563636363636364, 0.5085714285714286, 0.6683333333333333, 0.7633333333333333, 0.9],
    )
  })

  test('errors weigh bins by rows', () => {
    const gaps = curve.map((bin) => Math.abs(bin.observed - bin.predicted))
    near(
      expectedCalibrationError(curve),
      curve.reduce((sum, bin, i) => sum + (bin.count / 60) * (gaps[i] ?? 0), 0),
    )
    near(maximumCalibrationError(curve), Math.max(...gaps))
    assert.ok(calibrationNoise(curve) > 0.05 && calibrationNoise(curve) < 0.2)
    assert.ok(Number.isNaN(expectedCalibrationError([])))
  })

  test('is the same from counts by score', () => {
    const bins = binsOfCounts(scoreCounts({ labels, scores: probabilities }), 7)
    near(expectedCalibrationError(bins), expectedCalibrationError(curve))
  })

  test('bins of equal numbers of rows split ties by their order', () => {
    const equal = calibrationCurve(
      { labels: [0, 1, 0, 1, 1], probabilities: [0.5, 0.5, 0.5, 0.9, 1] },
      { bins: 2, strategy: 'quantile' },
    )
    assert.deepEqual(
      equal.map((bin) => bin.count),
      [3, 2],
    )
    allNear(
      equal.map((bin) => bin.observed),
      [1 / 3, 1],
    )
  })

  test('has intervals that a weight does not narrow', () => {
    const rows = { labels: [1, 0, 1, 1], probabilities: [0.51, 0.52, 0.53, 0.54] }
    const [plain] = calibrationCurve(rows)
    const [double] = calibrationCurve({ ...rows, weights: [2, 2, 2, 2] })
    near(plain?.lower ?? 0, double?.lower ?? 1)
  })
})

/* Literal figures: statsmodels 0.15.0 (`GLM(…, Binomial())`, `offset=logit(p)`) for the same rows clipped to [.01, .99]. */
describe('recalibration', () => {
  const rows = { labels, probabilities: probabilities.map((p) => Math.min(0.99, Math.max(0.01, p))) }

  test("is statsmodels'", () => {
    const { intercept, slope, interceptError, slopeError } = coxCalibration(rows)
    allNear(
      [intercept, slope, interceptError, slopeError],
      [-0.47850833412087496, 0.4028339435369682, 0.27548678396877907, 0.24039861958857572],
      1e-9,
    )
    const large = calibrationInTheLarge(rows)
    allNear([large.intercept, large.interceptError], [-0.4959224049473369, 0.29924957717492984], 1e-9)
    near(
      slopeInterval(coxCalibration(rows), 1.96).upper,
      0.4028339435369682 + 1.96 * 0.24039861958857572,
      1e-9,
    )
  })

  test('is not told of data that a threshold separates, nor of one class', () => {
    for (const labels of [
      [0, 0, 1, 1],
      [1, 1, 1, 1],
    ])
      assert.ok(Number.isNaN(coxCalibration({ labels, probabilities: [0.1, 0.2, 0.8, 0.9] }).slope))
  })

  test('other checks', () => {
    near(spiegelhalter(rows.labels, rows.probabilities).z, 3.0913856774526134)
    near(spiegelhalter([1, 0], [0.5, 0.5]).z, Number.NaN)
    near(observedOverExpected({ labels: [1, 0], probabilities: [0.5, 0.75] }), 0.8)
  })
})
