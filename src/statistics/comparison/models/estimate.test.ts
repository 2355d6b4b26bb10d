import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { metrics } from '../../metrics/catalogue.ts'
import { near } from '../../metrics/testing/rows.ts'
import { drawNormal } from '../../random/draws.ts'
import { mulberry32 } from '../../random/generator.ts'
import { estimateMetric } from './estimate.ts'

const random = mulberry32(3)
const n = 800
const labels = Uint8Array.from({ length: n }, () => Number(random() < 0.4))
const scores = Float64Array.from(labels, (y) => 1 / (1 + Math.exp(1 - 2 * y - drawNormal(random))))
const rows = { labels, scores, predictions: scores.map((p) => Number(p > 0.5)) }

const estimated = (name: string, more = {}, of: typeof rows = rows) => {
  const metric = metrics.get(name)
  assert.ok(metric)
  return estimateMetric(metric, of, { random: mulberry32(5), replicates: 300, ...more })
}

describe('a metric of one model', () => {
  test('lies within its interval, whatever its method', () => {
    for (const [name, { task }] of metrics) {
      if (task === 'regression' && name.includes('percentage')) continue
      const { estimate, lower, upper } = estimated(name)
      // The expected calibration error of a replicate is biased upwards, and so is its interval.
      const slack = name === 'expected_calibration_error' ? 0.02 : 0
      assert.ok(lower - slack <= estimate && estimate <= upper && upper - lower < 0.3, name)
    }
  })

  test('has the textbook interval of a share, and one within 0 and 1 of an area', () => {
    const { estimate, lower, upper } = estimated('accuracy')
    const reach = 1.959963984540054 * Math.sqrt((estimate * (1 - estimate)) / (n - 1))
    near(upper - estimate, reach, 1e-9)
    near(estimate - lower, reach, 1e-9)
    const area = estimated('roc_auc')
    assert.equal(area.method, 'DeLong, logit scale')
    const drawn = estimated('roc_auc', {}, { ...rows, weights: new Float64Array(n).fill(1) } as typeof rows)
    near(drawn.lower, area.lower, 0.01)
    near(drawn.upper, area.upper, 0.01)
  })

  test('is quick of many rows, with the interval that few rows foretell', () => {
    const times = 40
    const repeat = <T extends Uint8Array | Float64Array>(column: T) =>
      Float64Array.from({ length: n * times }, (_, i) => column[i % n] ?? 0)
    const many = { labels: repeat(labels), scores: repeat(scores), predictions: repeat(scores) }
    const width = ({ lower, upper }: { lower: number; upper: number }) => upper - lower
    for (const name of ['average_precision', 'explained_variance']) {
      const [one, all] = [{ ...rows, predictions: scores }, many].map((of) =>
        estimated(name, {}, of as typeof rows),
      )
      assert.ok(one !== undefined && all !== undefined)
      assert.match(all.method, /Poisson bootstrap of scores|bag of little bootstraps/)
      near(width(one) / width(all) / Math.sqrt(times), 1, 0.25)
    }
  })

  test('has none of one class, nor of few clusters', () => {
    const one = estimated('roc_auc', {}, { ...rows, labels: new Uint8Array(n) })
    assert.ok(Number.isNaN(one.estimate) && Number.isNaN(one.lower))
    const clusters = Array.from(labels, (_, i) => i % 4)
    const few = estimated('accuracy', { dependence: { by: 'cluster', clusters } })
    assert.ok(Number.isNaN(few.lower))
    assert.match(few.warnings.join(), /4 clusters are too few/)
  })
})
