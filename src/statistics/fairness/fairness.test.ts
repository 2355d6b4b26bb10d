import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { accuracy, confusion } from '../metrics/classification/confusion.ts'
import { allNear, labels, n, near, predictions, weights } from '../metrics/testing/rows.ts'
import { mulberry32 } from '../random/generator.ts'
import { disparityChange, disparityInterval } from './bootstrap.ts'
import { disparities, type Disparity } from './disparities.ts'
import { judgeGroups } from './gate.ts'
import { groupRates, type GroupRate } from './group-rates.ts'
import { groupsOf, missing } from './groups.ts'
import { controlledFrames, difference, groupMax, groupMin, metricFrame, ratio } from './metric-frame.ts'
import * as rates from './rates.ts'

/* Literal figures: fairlearn 0.15.0 for the same rows. */
const letters = Array.from({ length: n }, (_, i) => 'abc'[(i * i + Math.floor(i / 7)) % 3] ?? '')
const control = Array.from({ length: n }, (_, i) => 'uv'[Math.floor(i / 4) % 2] ?? '')
const groups = groupsOf([{ name: 'letter', values: letters }])
const rows = { labels, predictions }
const named = (name: string): Disparity => {
  const found = disparities.get(name)
  assert.ok(found, name)
  return found
}
const values = (metric: rates.GroupMetric) =>
  metricFrame(rows, groups, metric).byGroup.map(({ value }) => value)

describe('metric frame', () => {
  test("is fairlearn's by group", () => {
    assert.deepEqual(
      metricFrame(rows, groups, rates.selectionRate).byGroup.map(({ group, rows }) => [...group, rows]),
      [
        ['a', 22],
        ['b', 18],
        ['c', 20],
      ],
    )
    allNear(values(rates.selectionRate), [0.45454545454545453, 0.4444444444444444, 0.55])
    allNear(values(rates.truePositiveRate), [0.375, 0.3333333333333333, 0.625])
    allNear(values(rates.falsePositiveRate), [0.5, 0.5, 0.5])
    allNear(values(rates.trueNegativeRate), [0.5, 0.5, 0.5])
    allNear(values(rates.falseNegativeRate), [0.625, 0.6666666666666666, 0.375])
    allNear(values(rates.meanPrediction), [0.45454545454545453, 0.4444444444444444, 0.55])
    allNear(
      values((own) => accuracy(confusion(own))),
      [0.45454545454545453, 0.4444444444444444, 0.55],
    )
    near(metricFrame(rows, groups, rates.truePositiveRate).overall, 0.45454545454545453)
  })

  test("is fairlearn's in differences and ratios", () => {
    const frames = [rates.selectionRate, rates.truePositiveRate, rates.falseNegativeRate].map((metric) =>
      metricFrame(rows, groups, metric),
    )
    allNear(
      frames.map((frame) => difference(frame)),
      [0.10555555555555562, 0.2916666666666667, 0.29166666666666663],
    )
    allNear(
      frames.map((frame) => difference(frame, 'to_overall')),
      [0.06666666666666671, 0.17045454545454547, 0.17045454545454541],
    )
    allNear(
      frames.map((frame) => ratio(frame)),
      [0.808080808080808, 0.5333333333333333, 0.5625],
    )
    allNear(
      frames.map((frame) => ratio(frame, 'to_overall')),
      [0.8787878787878788, 0.7272727272727273, 0.6875],
    )
  })

  test("is fairlearn's with weights and with control features", () => {
    const weighted = metricFrame({ ...rows, weights }, groups, rates.selectionRate)
    allNear(
      weighted.byGroup.map(({ value }) => value),
      [0.43243243243243246, 0.4, 0.5774647887323944],
    )
    near(difference(weighted), 0.17746478873239435)
    const frames = controlledFrames(
      rows,
      groups,
      groupsOf([{ name: 'c', values: control }]),
      rates.selectionRate,
    )
    allNear(
      frames.flatMap(({ frame }) => frame.byGroup.map(({ value }) => value)),
      [0.4666666666666667, 0.25, 0.6666666666666666, 0.42857142857142855, 0.6, 0.45454545454545453],
    )
    allNear(
      frames.map(({ frame }) => difference(frame)),
      [0.41666666666666663, 0.17142857142857143],
    )
    allNear(
      frames.map(({ frame }) => ratio(frame, 'to_overall')),
      [0.5333333333333333, 0.8333333333333334],
    )
    allNear(
      frames.map(({ frame }) => groupMin(frame)),
      [0.25, 0.42857142857142855],
    )
  })

  test('leaves groups without a value out, and has none of no rows', () => {
    const holes = {
      overall: 0.5,
      byGroup: [0.2, Number.NaN, 0.6].map((value) => ({ group: [], value, rows: 1 })),
    }
    assert.deepEqual([groupMin(holes), groupMax(holes)], [0.2, 0.6])
    near(difference({ overall: Number.NaN, byGroup: [] }), Number.NaN)
    near(ratio({ overall: 0, byGroup: [{ group: [], value: 0, rows: 1 }] }, 'to_overall'), Number.NaN)
    assert.throws(
      () => metricFrame({ labels: [1], predictions: [1] }, groups, rates.selectionRate),
      RangeError,
    )
  })

  test('missing values are a group, and numbers are in their order', () => {
    const { names, codes } = groupsOf([
      { name: 'age', values: [10, 9, null, Number.NaN, undefined, 9] },
      { name: 'x', values: [true, true, true, true, true, false] },
    ])
    assert.deepEqual(names, [
      [missing, 'true'],
      ['9', 'false'],
      ['9', 'true'],
      ['10', 'true'],
    ])
    assert.deepEqual([...codes], [3, 2, 0, 0, 0, 1])
    assert.throws(
      () =>
        groupsOf([
          { name: 'a', values: [1] },
          { name: 'b', values: [1, 2] },
        ]),
      /a has 1 rows and b has 2/,
    )
  })
})

describe('disparities', () => {
  const names = [...disparities.keys()]
  const order = [
    'demographic_parity_difference',
    'demographic_parity_ratio',
    'equalized_odds_difference',
    'equalized_odds_ratio',
    'equal_opportunity_difference',
    'equal_opportunity_ratio',
  ]
  test("are fairlearn's", () => {
    assert.deepEqual(names.toSorted(), order.toSorted())
    allNear(
      order.map((name) => named(name)(rows, groups)),
      [
        0.10555555555555562, 0.808080808080808, 0.2916666666666667, 0.5333333333333333, 0.2916666666666667,
        0.5333333333333333,
      ],
    )
    allNear(
      order.map((name) => named(name)(rows, groups, { method: 'to_overall' })),
      [
        0.06666666666666671, 0.8787878787878788, 0.17045454545454547, 0.7272727272727273, 0.17045454545454547,
        0.7272727272727273,
      ],
    )
    const mean = { agg: 'mean' } as const
    allNear(
      ['equalized_odds_difference', 'equalized_odds_ratio'].map((name) => named(name)(rows, groups, mean)),
      [0.14583333333333334, 0.7666666666666666],
    )
    const weighted = { ...rows, weights }
    allNear(
      [order[0], order[2]].map((name = '') => named(name)(weighted, groups)),
      [0.17746478873239435, 0.42396313364055305],
    )
    const crossed = groupsOf([
      { name: 'letter', values: letters },
      { name: 'control', values: control },
    ])
    allNear(
      [order[0], order[2]].map((name = '') => named(name)(rows, crossed)),
      [0.41666666666666663, 0.6666666666666667],
    )
  })

  test("have fairlearn's edges", () => {
    near(rates.truePositiveRate({ labels: [0, 0], predictions: [0, 1] }), 0)
    const pairs = groupsOf([{ name: 'g', values: ['a', 'b', 'a', 'b'] }])
    const odds = (predictions: number[]) =>
      named('equalized_odds_ratio')({ labels: [1, 1, 0, 0], predictions }, pairs)
    allNear([odds([0, 0, 0, 1]), odds([0, 1, 0, 0]), odds([1, 1, 0, 0])], [Number.NaN, 0, 1])
  })
})

describe('the fairness gate', () => {
  const rate = (group: string, events: number, trials: number): GroupRate => ({
    group: [group],
    events,
    trials,
    rate: events / trials,
    effective: trials,
  })
  const limit = { of: 'difference', value: 0.1 } as const

  test('fails, passes and stays undecided by whole intervals', () => {
    const verdict = (rates: GroupRate[]) => judgeGroups(rates, { limit }).verdict
    assert.equal(verdict([rate('a', 3000, 10_000), rate('b', 3050, 10_000)]), 'pass')
    assert.equal(verdict([rate('a', 300, 1000), rate('b', 600, 1000)]), 'fail')
    // 18 points apart, but 50 rows each.
    assert.equal(verdict([rate('a', 15, 50), rate('b', 24, 50)]), 'inconclusive')
    assert.equal(verdict([rate('a', 1, 8), rate('b', 900, 1000)]), 'not_applicable')
    assert.equal(verdict([]), 'not_applicable')
  })

  test('does not judge small groups, says how many rows were judged, and hides the smallest', () => {
    const report = judgeGroups([rate('a', 300, 1000), rate('b', 310, 1000), rate('c', 5, 8)], { limit })
    assert.deepEqual(
      report.groups.map(({ verdict, hidden }) => [verdict, hidden]),
      [
        ['pass', false],
        ['pass', false],
        ['too_small', true],
      ],
    )
    near(report.judgedShare, 2000 / 2008)
  })

  test('takes ratios, and the largest group for reference', () => {
    const report = judgeGroups([rate('a', 4000, 10_000), rate('b', 500, 2500)], {
      limit: { of: 'ratio', value: 0.8 },
      reference: 'largest',
    })
    assert.deepEqual(
      report.groups.map(({ verdict }) => verdict),
      ['reference', 'fail'],
    )
    near(report.groups[1]?.disparity?.estimate ?? 0, 0.5)
    assert.ok((report.groups[1]?.disparity?.upper ?? 1) < 0.8)
  })

  test('is adjusted for many groups: what fails alone need not fail among ten', () => {
    const odd = rate('odd', 104, 250)
    const even = (i: number) => rate(`${i}`, 300, 1250)
    const of = (count: number) =>
      judgeGroups([odd, ...Array.from({ length: count }, (_, i) => even(i))], { limit }).groups[0]
    const [few, many] = [of(1), of(12)]
    assert.ok((few?.pValue ?? 1) < 0.05 && (many?.pValue ?? 0) > (few?.pValue ?? 1))
  })

  test('seldom fails groups that are equal, whatever their point estimates say', () => {
    const random = mulberry32(8)
    let [failed, looksUnfair] = [0, 0]
    for (let run = 0; run < 200; run++) {
      const drawn = Array.from({ length: 4 }, (_, g) => {
        let events = 0
        for (let i = 0; i < 100; i++) events += Number(random() < 0.3)
        return rate(`${g}`, events, 100)
      })
      const all = drawn.map((one) => one.rate)
      looksUnfair += Number(Math.min(...all) / Math.max(...all) < 0.8)
      failed += Number(judgeGroups(drawn, { limit: { of: 'ratio', value: 0.8 } }).verdict === 'fail')
    }
    assert.ok(failed <= 2 && looksUnfair > 120, `${failed} failed, ${looksUnfair} look unfair`)
  })

  test('counts rows by what the rate is of, and weights by what they tell', () => {
    const [a] = groupRates(rows, groups, 'true_positive_rate')
    assert.deepEqual([a?.trials, a?.events, a?.effective], [8, 3, 8])
    const weighted = groupRates({ ...rows, weights }, groups, 'selection_rate')
    near(weighted[0]?.rate ?? 0, 0.43243243243243246)
    assert.ok((weighted[0]?.effective ?? 99) < 22)
    const [right] = groupRates(rows, groups, 'accuracy')
    near(right?.rate ?? 0, 0.45454545454545453)
  })
})

describe('bootstrap of disparities', () => {
  const parity = named('demographic_parity_difference')
  const at = (seed: number) => ({ random: mulberry32(seed), replicates: 800 })

  test('of cells is that of rows, and can be had again', () => {
    const cells = disparityInterval(rows, groups, parity, at(1))
    near(cells.estimate, 0.10555555555555562)
    assert.deepEqual(cells, disparityInterval(rows, groups, parity, at(1)))
    const byRow = disparityInterval({ ...rows, weights: labels.map(() => 1) }, groups, parity, at(2))
    near(byRow.lower, cells.lower, 0.04)
    near(byRow.upper, cells.upper, 0.04)
  })

  test('of two models is of their difference on the same rows', () => {
    const same = disparityChange(
      rows,
      { champion: predictions, challenger: predictions },
      groups,
      parity,
      at(3),
    )
    assert.deepEqual([same.estimate, same.lower, same.upper], [0, 0, 0])
    const unfair = letters.map((letter) => Number(letter === 'a'))
    const change = disparityChange(rows, { champion: predictions, challenger: unfair }, groups, parity, at(4))
    near(change.estimate, 1 - 0.10555555555555562)
    assert.ok(change.lower > 0.4)
  })
})
