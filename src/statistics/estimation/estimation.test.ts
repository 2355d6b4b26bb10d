import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { averagePrecisionInterval } from '../intervals/average-precision.ts'
import { differenceInterval } from '../intervals/difference.ts'
import { newcombe, wilson } from '../intervals/proportions.ts'
import { allNear, near } from '../metrics/testing/rows.ts'
import { businessValue, cellTotals, tableMetrics, tableValues } from './classification.ts'
import {
  areaSamplingError,
  businessSamplingError,
  cellSamplingErrors,
  tableSamplingError,
} from './sampling-error.ts'

/* Literal figures: NannyML 0.13.1's sampling errors of a sample of 50 rows, for a reference with these matrices. */
const two = { classes: 2, cells: [40, 9, 6, 25] }
const three = { classes: 3, cells: [10, 2, 1, 3, 12, 2, 1, 0, 9] }
const values = [1, -3, -10, 20]

describe('sampling errors', () => {
  test('of two classes are those of NannyML', () => {
    const expected = {
      accuracy: 0.05519850541454904,
      f1: 0.11916871834484359,
      precision: 0.09570461374352478,
      recall: 0.08975591530841967,
      specificity: 0.06997084548104957,
    }
    for (const metric of tableMetrics) near(tableSamplingError(two, metric, 50), expected[metric])
  })

  test('of cells are those of NannyML, however they are told', () => {
    const of = (by: Parameters<typeof cellSamplingErrors>[2]) => Array.from(cellSamplingErrors(two, 50, by))
    allNear(of('none'), [3.5355339059327378, 2.2343203664649347, 1.8624580532189172, 3.2775276505317232])
    allNear(of('all'), [0.07071067811865475, 0.0446864073292987, 0.037249161064378346, 0.06555055301063446])
    allNear(of('true'), [0.06997084548104957, 0.06997084548104957, 0.08975591530841968, 0.08975591530841968])
    allNear(of('pred'), [0.06281001030561872, 0.09570461374352479, 0.06281001030561872, 0.09570461374352478])
    near(businessSamplingError(two, values, 50, 'none'), 71.39628623044759)
    near(businessSamplingError(two, values, 50, 'per_prediction'), 1.4279257246089516)
  })

  test('of three classes are those of NannyML', () => {
    near(tableSamplingError(three, 'f1', 50), 0.061738212745497144)
    near(tableSamplingError(three, 'precision', 50), 0.058839605074851004)
    near(tableSamplingError(three, 'recall', 50), 0.055671641713744634)
    near(tableSamplingError(three, 'specificity', 50), 0.031448079899548995)
  })

  test('of an area are made of the rarer class’s placements', () => {
    // Scores .1 .2 .35 .4 .55 .6 .7 .9 with the labels 0 0 1 0 1 0 1 1: shares of negatives below ½, ¾, 1, 1.
    const placements = [0.5, 0.75, 1, 1]
    const area = placements.reduce((a, b) => a + b, 0) / 4
    const positives = placements.reduce((sum, v) => sum + (v - area) ** 2, 0)
    const ranking = { positives: 4, negatives: 4, squares: { positives, negatives: 99 } }
    near(areaSamplingError([ranking], 50), 0.041457809879442496)
    near(areaSamplingError([ranking, ranking], 50), (1.2 * 0.041457809879442496) / Math.SQRT2)
  })
})

describe('values of a matrix', () => {
  test('are those of class 1, or means over more; 0/0 is 0', () => {
    const { accuracy, f1, precision, recall, specificity } = tableValues(two)
    allNear([accuracy, f1, precision, recall, specificity], [65 / 80, 50 / 65, 25 / 34, 25 / 31, 40 / 49])
    near(tableValues(three).recall, (10 / 13 + 12 / 17 + 9 / 10) / 3)
    const none = tableValues({ classes: 2, cells: [7, 0, 0, 0] })
    allNear([none.accuracy, none.f1, none.precision, none.recall, none.specificity], [1, 0, 0, 0, 1])
  })

  test('are worth what the cells are', () => {
    assert.equal(businessValue(two, values, 'none'), 40 - 27 - 60 + 500)
    near(businessValue(two, values, 'per_prediction'), 40 / 46 - 27 / 34 - 60 / 46 + 500 / 34)
    assert.deepEqual(Array.from(cellTotals(two, 'pred')), [46, 34, 46, 34])
  })
})

describe('intervals', () => {
  test('of a difference of proportions are Newcombe’s', () => {
    const [a, b] = [
      { events: 56, trials: 70 },
      { events: 48, trials: 80 },
    ]
    const bounded = (of: typeof a) => ({ estimate: of.events / of.trials, ...wilson(of, 1.96) })
    const [own, other] = [differenceInterval(bounded(a), bounded(b)), newcombe(a, b, 1.96)]
    allNear([own.lower, own.upper], [other.lower, other.upper])
    assert.ok(
      Number.isNaN(
        differenceInterval(bounded(a), { estimate: 1, lower: Number.NaN, upper: Number.NaN }).lower,
      ),
    )
  })

  test('of an average precision are on the logit scale, and none at its ends', () => {
    const { lower, upper } = averagePrecisionInterval(0.5, 100, 1.96)
    // logit ½ = 0 ± 1.96 · 0.2
    allNear([lower, upper], [1 / (1 + Math.exp(0.392)), 1 / (1 + Math.exp(-0.392))])
    assert.ok(Number.isNaN(averagePrecisionInterval(1, 100, 1.96).lower))
  })
})
