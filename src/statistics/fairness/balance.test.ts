import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { allNear, near } from '../metrics/testing/rows.ts'
import { aggregateBalance, distributionBalance, featureBalance } from './balance.ts'

/*
 * The nine persons of the Responsible AI toolbox's own tests (`responsibleai/tests/databalanceanalysis/conftest.py`) and its
 * expected figures: label, gender, ethnicity.
 */
const gender = [4, 3, 2]
const ethnicity = [2, 3, 1, 3]

describe('data balance', () => {
  test("distributions are the toolbox's", () => {
    const of = (counts: number[]) => Object.values(distributionBalance(counts))
    allNear(
      of(gender),
      [
        0.03775534151008829, 0.09785224086736323, 0.07407407407407407, 0.1111111111111111, 0.1111111111111111,
        0.6666666666666666, 0.7165313105737893, 1.6416041676697,
      ],
      1e-9,
    )
    allNear(
      of(ethnicity),
      [
        0.07551068302017659, 0.14172745151398888, 0.08333333333333333, 0.1388888888888889,
        0.16666666666666666, 1.222222222222222, 0.7476795872877147, 2.1274437525244,
      ],
      1e-9,
    )
  })

  test("aggregates are the toolbox's", () => {
    const { atkinson, theilL, theilT } = aggregateBalance(gender)
    allNear([atkinson, theilL, theilT], [0.03850028646172776, 0.039261011885461196, 0.03775534151008828])
    const both = aggregateBalance([1, 1, 1, 1, 1, 2, 1, 1])
    allNear(
      [both.atkinson, both.theilL, both.theilT],
      [0.030659793186437745, 0.03113963808639034, 0.03624967113471546],
    )
  })

  test("gaps between values are the toolbox's", () => {
    const [gap] = featureBalance([
      { value: 'Male', count: 4, positives: 2 },
      { value: 'Female', count: 3, positives: 1 },
      { value: 'Other', count: 2, positives: 0 },
    ])
    assert.deepEqual([gap?.first, gap?.second], ['Male', 'Female'])
    near(gap?.statisticalParity ?? 0, 0.16666666666666669)
    near(gap?.pointwiseMutualInformation ?? 0, 0.4054651081081645)
    near(gap?.sorensenDice ?? 0, 0.1190476190476191)
    near(gap?.jaccard ?? 0, 0.20000000000000004)
    near(gap?.kendall ?? 0, 0.18801108758923135)
    near(gap?.logLikelihoodRatio ?? 0, 0.6931471805599454)
    near(gap?.tTest ?? 0, -0.1855414423, 1e-9)
    near(gap?.tTestPValue ?? 0, 0.4349585786, 1e-9)
  })

  test('a value that never has the label is infinitely far', () => {
    const gaps = featureBalance([
      { value: 'a', count: 4, positives: 2 },
      { value: 'b', count: 2, positives: 0 },
    ])
    assert.equal(gaps[0]?.pointwiseMutualInformation, Infinity)
  })
})
