import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { allNear, forecasts, near, numbers, weights } from '../testing/rows.ts'
import * as metric from './errors.ts'
import { meanAbsoluteScaledError } from './forecast.ts'
import * as normalised from './normalised.ts'

/* Literal figures: scikit-learn 1.9.1 for the same rows, without and with weights. */
const plain = { labels: numbers, predictions: forecasts }
const weighted = { ...plain, weights }
const range = Math.max(...numbers) - Math.min(...numbers)

describe('regression', () => {
  test("is scikit-learn's", () => {
    const both = (of: (rows: metric.Regressed) => number) => [plain, weighted].map(of)
    allNear(both(metric.meanAbsoluteError), [0.9559999999999998, 0.952490476190476])
    allNear(both(metric.meanSquaredError), [1.1296151666666667, 1.1218184523809525])
    allNear(both(metric.rootMeanSquaredError), [1.0628335554858375, 1.0591593139754532])
    allNear(both(metric.r2Score), [0.9816407259957699, 0.9816468328573892])
    allNear(both(metric.explainedVariance), [0.9816407401536602, 0.9816468466760027])
    allNear(both(metric.medianAbsoluteError), [1.0589999999999997, 1.0589999999999997])
    allNear(both(metric.meanAbsolutePercentageError), [112589990684262.75, 64337137533864.59])
    allNear(
      both((rows) => metric.meanPinballLoss(rows, 0.9)),
      [0.47837333333333326, 0.476612857142857],
    )
    const positive = { labels: numbers.map(Math.abs), predictions: forecasts.map(Math.abs) }
    allNear(
      [positive, { ...positive, weights }].map(metric.rootMeanSquaredLogError),
      [0.2740361707080137, 0.27515276070444405],
    )
  })

  test('the median goes by weight', () => {
    const of = (weights: number[]) =>
      metric.medianAbsoluteError({ labels: [0, 0, 0, 0], predictions: [1, 2, 3, 4], weights })
    allNear([of([1, 1, 1, 1]), of([1, 5, 1, 1]), of([2, 1, 0, 3])], [2.5, 2, 3])
  })

  test("Azure's normalised errors are over the range of the truth", () => {
    near(normalised.normalisedRootMeanSquaredError(plain), 1.0628335554858375 / range)
    near(normalised.normalisedMeanAbsoluteError(plain), 0.9559999999999998 / range)
    near(normalised.normalisedMedianAbsoluteError(plain), 1.0589999999999997 / range)
    const positive = { labels: [0, 1, 3], predictions: [0, 1, 7] }
    near(normalised.normalisedRootMeanSquaredLogError(positive), Math.log(2) / Math.sqrt(3) / Math.log(4))
    near(normalised.normalisedMeanAbsoluteError({ labels: [2, 2], predictions: [1, 2] }), Number.NaN)
  })

  test('relative errors', () => {
    near(metric.weightedAbsolutePercentageError({ labels: [10, 0, -30], predictions: [12, 1, -29] }), 4 / 40)
    near(metric.symmetricMeanAbsolutePercentageError({ labels: [0, 1], predictions: [0, 3] }), 0.5)
    near(metric.bias({ labels: [1, 2], predictions: [2, 4] }), 1.5)
    near(meanAbsoluteScaledError(3, [1, 3, 2, 6], 1), 3 / (7 / 3))
    near(meanAbsoluteScaledError(3, [5, 5, 5], 1), Number.NaN)
  })

  test('edges are as scikit-learn has them', () => {
    const r2 = (labels: number[], predictions: number[]) => metric.r2Score({ labels, predictions })
    allNear([r2([1, 1], [1, 1]), r2([1, 1], [1, 2]), r2([1], [2])], [1, 0, Number.NaN])
    near(metric.explainedVariance({ labels: [1, 1], predictions: [2, 2] }), 1)
    near(metric.meanAbsoluteError({ labels: [], predictions: [] }), Number.NaN)
    near(metric.rootMeanSquaredLogError({ labels: [-1], predictions: [1] }), Number.NaN)
    assert.throws(() => metric.meanAbsoluteError({ labels: [1], predictions: [] }), RangeError)
  })
})
