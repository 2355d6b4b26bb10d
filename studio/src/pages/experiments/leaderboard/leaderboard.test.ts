import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Trial } from '../../../api/trials.ts'
import type { Colours } from '../../../parts/chart/time-option.ts'
import { conclusionOf, verdictOf, type Rated } from './importance-words.ts'
import { objectiveOf, primaryMetric } from './judging.ts'
import { parallelData } from './parallel-data.ts'
import { bestSoFar, isLost, rangeOf, soFarOption } from './so-far-option.ts'

const colours: Colours = { series: ['blue', 'orange'], text: '', muted: '', line: '', page: '', bad: 'red' }
const logged = (...names: readonly string[]) => names.map((name) => ({ name, runs: 3, varies: true }))
const trial = (number: number, value: number | null, more: Partial<Trial> = {}): Trial => ({
  number,
  runId: `r${number}`,
  name: `trial ${number}`,
  status: value === null ? 'FAILED' : 'FINISHED',
  startTime: number,
  endTime: 100 - number,
  value,
  isRecord: false,
  params: {},
  ...more,
})

describe('what trials are ranked by', () => {
  test('is what the job declares, under the name by which it was logged', () => {
    const sweep = { objective: { goal: 'minimize', primaryMetric: 'Loss' } }
    assert.deepEqual(objectiveOf(sweep, logged('loss')), { metric: 'loss', direction: -1 })
    const automl = { taskDetails: { primaryMetric: 'AUCWeighted' } }
    assert.deepEqual(objectiveOf(automl, logged('AUC_weighted')), {
      metric: 'AUC_weighted',
      direction: undefined,
    })
    assert.deepEqual(objectiveOf(sweep, [])?.metric, 'Loss')
    assert.equal(objectiveOf({}, logged('loss')), undefined)
    assert.equal(primaryMetric(logged('auc'), { metric: 'loss' }), 'loss')
  })

  test('is otherwise a score on held-out rows that most of them logged', () => {
    assert.equal(
      primaryMetric(logged('mean_fit_time', 'mean_test_score', 'rank_test_score')),
      'mean_test_score',
    )
    assert.equal(primaryMetric(logged('fit_seconds', 'loss', 'rows', 'train_auc', 'val_auc')), 'val_auc')
    assert.equal(primaryMetric([...logged('auc'), { name: 'rows', runs: 9, varies: true }]), 'rows')
    assert.equal(primaryMetric([]), undefined)
  })
})

describe('the best so far', () => {
  const trials = [
    trial(1, 3, { isRecord: true }),
    trial(2, null),
    trial(3, 1, { isRecord: true }),
    trial(4, 2),
    trial(5, null, { status: 'RUNNING', endTime: null }),
  ]

  test('is a line of corners up to the last trial, in the order of the axis', () => {
    assert.deepEqual(bestSoFar(trials, 'number'), [
      [1, 3],
      [3, 1],
      [5, 1],
    ])
    assert.deepEqual(
      bestSoFar(trials, 'time').map(([at]) => at),
      [97, 99, 99],
    )
    assert.deepEqual(bestSoFar([trial(1, null)], 'number'), [])
  })

  test('has room below for what ended without a number; what runs still is not drawn', () => {
    assert.deepEqual(
      trials.filter(isLost).map(({ number }) => number),
      [2],
    )
    const [min, max] = rangeOf(trials)
    assert.ok(min < 1 && max > 3)
    const [low, high] = rangeOf([trial(1, 0)])
    assert.ok(low < 0 && high > 0)
    const { series } = soFarOption(trials, { metric: 'loss', over: 'number' }, colours)
    assert.deepEqual(
      series.map(({ data }) => data.length),
      [3, 3, 1],
    )
    assert.deepEqual(series[2]?.data, [{ name: 'r2', value: [2, min] }])
  })
})

describe('parameters', () => {
  const rated = (share: number, rho?: number): Rated => ({
    name: 'C',
    trials: 40,
    distinct: 9,
    kind: 'numeric',
    groups: 4,
    share,
    lower: share - 0.1,
    upper: share + 0.1,
    ...(rho === undefined ? {} : { correlation: { rho, lower: rho - 0.1, upper: rho + 0.1 } }),
  })

  test('are told from chance before anything else is said of them', () => {
    assert.equal(verdictOf(rated(0.1, 0.9), 0.2, 1), 'not told from chance')
    assert.equal(verdictOf(rated(0.5, 0.5), 0.2, 1), 'higher is better (ρ +0.50)')
    assert.equal(verdictOf(rated(0.5, 0.5), 0.2, -1), 'lower is better (ρ +0.50)')
    assert.equal(verdictOf(rated(0.5, -0.05), 0.2, -1), 'neither end is better (ρ −0.05)')
    assert.equal(verdictOf(rated(0.5), 0.2, 1), 'its values differ')
    assert.equal(
      conclusionOf([rated(0.5), rated(0.1)], 0.2),
      'C tells most: 50 % (40 % to 60 %). 1 of 2 tells more than chance would.',
    )
    assert.equal(conclusionOf([rated(0.1)], 0.2), 'No parameter tells more than chance would.')
  })

  test('are axes: numbers, wide ones by their logarithm, or categories; who lacks one is left out', () => {
    const ranked = Array.from({ length: 10 }, (_, i) =>
      trial(i + 1, i, {
        params: {
          ...(i === 9 ? {} : { lr: String(10 ** -(i % 5)) }),
          depth: i % 2 === 0 ? 'None' : String(i),
          seed: '1',
          ...(i < 3 ? { rare: String(i) } : {}),
        },
      }),
    )
    const { axes, lines } = parallelData(
      [...ranked, trial(11, null)],
      ['lr', 'depth', 'seed', 'rare'],
      'loss',
    )
    assert.deepEqual(axes, [
      { name: 'lr', isLogarithmic: true },
      { name: 'depth', categories: ['1', '3', '5', '7', '9', 'None'] },
      { name: 'loss' },
    ])
    assert.equal(lines.length, 9)
    assert.deepEqual(lines[1], [0.1, '1', 1])
  })
})
