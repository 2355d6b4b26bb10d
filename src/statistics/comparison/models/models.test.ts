import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { metrics, type Metric } from '../../metrics/catalogue.ts'
import { near } from '../../metrics/testing/rows.ts'
import { drawNormal } from '../../random/draws.ts'
import { mulberry32 } from '../../random/generator.ts'
import { judge } from '../verdict.ts'
import { compareModels } from './compare.ts'
import type { PairedRows } from './paired.ts'

const metric = (name: string): Metric => {
  const found = metrics.get(name)
  assert.ok(found, name)
  return found
}

/** Binary rows whose scores follow the truth, the challenger's the more the larger `gain`. */
function binary(n: number, gain: number, seed = 1): PairedRows {
  const random = mulberry32(seed)
  const labels = Uint8Array.from({ length: n }, () => Number(random() < 0.3))
  const shared = Float64Array.from(labels, () => drawNormal(random))
  const scores = (strength: number) =>
    Float64Array.from(
      labels,
      (y, i) => 1 / (1 + Math.exp(1.5 - strength * y - (shared[i] ?? 0) - drawNormal(random) / 2)),
    )
  const answers = (strength: number) => {
    const said = scores(strength)
    return { scores: said, predictions: Uint8Array.from(said, (p) => Number(p > 0.5)) }
  }
  return { labels, champion: answers(1.5), challenger: answers(1.5 + gain) }
}

function regression(n: number, factor: number, seed = 1): PairedRows {
  const random = mulberry32(seed)
  const labels = Float64Array.from({ length: n }, () => 50 + 10 * drawNormal(random))
  const answers = (size: number) => ({ predictions: labels.map((y) => y + size * drawNormal(random)) })
  return { labels, champion: answers(4), challenger: answers(4 * factor) }
}

const compared = (name: string, rows: PairedRows, more = {}) =>
  compareModels(metric(name), rows, { random: mulberry32(9), ...more })

describe('every metric', () => {
  const [better, worse] = [binary(4000, 1.2), binary(4000, -1.2)]
  const [closer, farther] = [regression(2000, 0.7), regression(2000, 1.5)]
  /* A higher score for positive rows costs calibration and lets more negatives pass: no metric to go by here. */
  const oneWay = [...metrics].filter(([name]) => !/calibration|false_positive/.test(name))
  for (const [name, { task }] of oneWay) {
    test(`${name} finds a much better model superior, and a much worse one inferior`, () => {
      const [up, down] = task === 'regression' ? [closer, farther] : [better, worse]
      const verdicts = [up, down].map((rows) => {
        const found = compared(name, rows, { replicates: 60 })
        return judge(found, found.margin).verdict
      })
      assert.deepEqual(verdicts, ['superior', 'inferior'])
    })
  }

  test('finds a model no worse than itself', () => {
    for (const [name, { task }] of metrics) {
      const rows = task === 'regression' ? regression(300, 1) : binary(300, 0)
      const same = compared(name, { ...rows, challenger: rows.champion }, { replicates: 50 })
      assert.deepEqual([name, judge(same, 0).verdict, judge(same, 0).unchanged], [name, 'non_inferior', true])
    }
  })
})

describe('methods', () => {
  const rows = binary(1500, 0.4)
  test('of one metric agree with each other', () => {
    const area = compared('roc_auc', rows)
    assert.equal(area.method, 'DeLong')
    const weights = Float64Array.from(rows.labels, () => 1)
    const drawn = compared('roc_auc', { ...rows, weights })
    assert.equal(drawn.method, 'bootstrap of rows')
    near(drawn.standardError / area.standardError, 1, 0.08)
    near(drawn.lower, area.lower, 0.003)
    const [cells, byRow] = [compared('f1_score', rows), compared('f1_score', { ...rows, weights })]
    assert.equal(cells.method, 'multinomial bootstrap of joint cells')
    near(byRow.standardError / cells.standardError, 1, 0.08)
    near(cells.estimate, byRow.estimate)
  })

  test('of means are the textbook, weighted and not', () => {
    const { labels, champion, challenger } = rows
    const d = Array.from(
      labels,
      (y, i) => ((champion.scores?.[i] ?? 0) - y) ** 2 - ((challenger.scores?.[i] ?? 0) - y) ** 2,
    )
    const centre = d.reduce((a, b) => a + b, 0) / d.length
    const squares = d.reduce((sum, x) => sum + (x - centre) ** 2, 0)
    const plain = compared('brier_score', rows)
    near(plain.estimate, centre)
    near(plain.standardError, Math.sqrt(squares / (d.length - 1) / d.length))
    near(plain.lower, centre - 1.6448536269514729 * plain.standardError)
    const doubled = compared('brier_score', { ...rows, weights: d.map(() => 2) })
    near(doubled.standardError, Math.sqrt(squares) / d.length)
  })

  test('a histogram of the scores gives what rows give', () => {
    const many = binary(25_000, 0.1)
    const drawn = compared('average_precision', many, { replicates: 400 })
    assert.equal(drawn.method, 'Poisson bootstrap of joint scores')
    const exact = metric('average_precision')
    near(
      drawn.estimate,
      exact.value({ labels: many.labels, ...many.challenger }) -
        exact.value({ labels: many.labels, ...many.champion }),
    )
    const byRow = compared(
      'average_precision',
      { ...many, weights: new Float64Array(25_000).fill(1) },
      { replicates: 60 },
    )
    near(drawn.standardError / byRow.standardError, 1, 0.25)
  })

  test('subsets of many rows give what all rows give', () => {
    const many = regression(30_000, 0.99)
    const bag = compared('explained_variance', many)
    assert.equal(bag.method, 'bag of little bootstraps')
    // R² differs from it by the mean of the errors alone, which is about 0 here, and has an interval of its own.
    const means = compared('r2_score', many)
    near(bag.standardError / means.standardError, 1, 0.1)
    near((bag.upper - bag.lower) / (means.upper - means.lower), 1, 0.1)
    assert.ok(bag.lower < bag.estimate && bag.estimate < bag.upper)
  })

  test('errors are compared by their ratio', () => {
    const close = compared('root_mean_squared_error', regression(5000, 1.02))
    near(close.estimate, Math.log(close.champion / close.challenger))
    near(close.margin, Math.log(1.01))
    const scaled = regression(5000, 1)
    const perfect = compared('mean_absolute_error', { ...scaled, challenger: { predictions: scaled.labels } })
    assert.equal(judge(perfect, perfect.margin).verdict, 'superior')
  })

  test('rows that belong together widen the interval', () => {
    const single = regression(600, 0.97)
    const repeat = (column: ArrayLike<number>) =>
      Float64Array.from({ length: 6000 }, (_, i) => column[i % 600] ?? 0)
    const tenfold: PairedRows = {
      labels: repeat(single.labels),
      champion: { predictions: repeat(single.champion.predictions ?? []) },
      challenger: { predictions: repeat(single.challenger.predictions ?? []) },
    }
    const clusters = Array.from({ length: 6000 }, (_, i) => i % 600)
    const error = (rows: PairedRows, more = {}) => compared('mean_absolute_error', rows, more).standardError
    near(error(tenfold, { dependence: { by: 'cluster', clusters } }) / error(single), 1, 1e-9)
    assert.ok(error(tenfold) < error(single) / 3)
    const periods = clusters.map((_, i) => Math.floor(i / 60))
    const inTime = compared('mean_absolute_error', tenfold, { dependence: { by: 'time', periods } })
    assert.equal(inTime.method, 'moving-block bootstrap of paired differences')
    assert.ok(inTime.lower < inTime.estimate && inTime.estimate < inTime.upper)
    const grouped = compared('ks', binary(600, 0.5), {
      dependence: { by: 'cluster', clusters: clusters.slice(0, 600) },
      replicates: 100,
    })
    assert.match(grouped.method, /BCa bootstrap of clusters/)
  })

  test('strata that differ do not widen the interval', () => {
    const drawn = regression(2000, 0.98)
    const strata = Array.from({ length: 2000 }, (_, i) => i % 2)
    const off = (by: (i: number) => number) => ({
      predictions: Float64Array.from(drawn.labels, (y, i) => y + by(i)),
    })
    const constant = {
      labels: drawn.labels,
      champion: off(() => 5),
      challenger: off((i) => (i % 2 === 0 ? 1 : 9)),
    }
    const within = compared('mean_absolute_error', constant, { dependence: { by: 'stratum', strata } })
    near(within.standardError, 0, 1e-6)
    assert.ok(compared('mean_absolute_error', constant).standardError > 0.01)
    const dependence = { by: 'stratum', strata } as const
    assert.equal(
      compared('median_absolute_error', drawn, { dependence, replicates: 40 }).method,
      'bootstrap of rows within strata',
    )
  })

  test('are repeatable from the seed', () => {
    assert.deepEqual(compared('f1_score', rows), compared('f1_score', rows))
    assert.notDeepEqual(
      compared('f1_score', rows),
      compareModels(metric('f1_score'), rows, { random: mulberry32(10) }),
    )
  })

  test('serve several classes', () => {
    const random = mulberry32(4)
    const labels = Uint8Array.from({ length: 900 }, () => Math.floor(random() * 3))
    const guess = (right: number) => ({
      predictions: labels.map((y) => (random() < right ? y : Math.floor(random() * 3))),
    })
    const three = { labels, classes: 3, champion: guess(0.4), challenger: guess(0.7) }
    for (const name of ['accuracy', 'f1_score_macro', 'cohen_kappa', 'matthews_correlation'])
      assert.equal(judge(compared(name, three), 0).verdict, 'superior')
  })
})

describe('no verdict', () => {
  test('of few rows, of few of a class, of few clusters, nor of what has no value', () => {
    const small = compared('accuracy', binary(150, 1))
    assert.equal(judge(small, 1).verdict, 'inconclusive')
    assert.match(small.warnings.join(), /150 rows are too few: 200 are needed/)
    const rows = binary(1000, 1)
    const rare = compared('roc_auc', { ...rows, labels: Array.from(rows.labels, (_, i) => Number(i < 12)) })
    assert.match(rare.warnings.join(), /Class 1 has 12 rows: 30 are needed/)
    assert.equal(judge(rare, 1).verdict, 'inconclusive')
    const clusters = Array.from(rows.labels, (_, i) => i % 5)
    const clumped = compared('accuracy', rows, { dependence: { by: 'cluster', clusters } })
    assert.equal(judge(clumped, 1).verdict, 'inconclusive')
    assert.match(clumped.warnings.join(), /5 clusters are too few/)
  })

  test('where one model has no answer for a row', () => {
    const rows = binary(1000, 2)
    const scores = Float64Array.from(rows.challenger.scores ?? [], (score, i) => (i < 3 ? Number.NaN : score))
    for (const name of ['roc_auc', 'average_precision', 'log_loss']) {
      const holes = compared(name, { ...rows, challenger: { scores } })
      assert.equal(judge(holes, 1).verdict, 'inconclusive')
      assert.match(holes.warnings.join(), /The challenger has no answer for 3 rows/)
    }
  })

  test('what does not fit is refused', () => {
    const rows = binary(400, 0)
    assert.throws(() => compared('roc_auc', { ...rows, champion: {} }), /The rows have no scores/)
    assert.throws(() => compared('accuracy', { ...rows, labels: [1, 0] }), /labels has 2 rows/)
    const clusters = [1, 2]
    assert.throws(
      () => compared('accuracy', rows, { dependence: { by: 'cluster', clusters } }),
      /clusters has 2/,
    )
  })
})
