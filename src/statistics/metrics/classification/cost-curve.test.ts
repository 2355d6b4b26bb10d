import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { drawNormal } from '../../random/draws.ts'
import { mulberry32 } from '../../random/generator.ts'
import { operatingPoints } from '../ranking/ranking.ts'
import { scoreCounts } from '../ranking/score-counts.ts'
import { near } from '../testing/rows.ts'
import { costCurve } from './cost-curve.ts'

describe('the cost curve of a score', () => {
  const random = mulberry32(5)
  const labels = Uint8Array.from({ length: 300 }, () => Number(random() < 0.3))
  const scores = Float64Array.from(labels, (y) => Math.round(10 * (y + drawNormal(random))))
  const counts = scoreCounts({ labels, scores })

  test('is the least over all thresholds, and never above what "always" and "never" cost', () => {
    const points = [{ falsePositiveRate: 0, truePositiveRate: 0 }, ...operatingPoints(counts)]
    for (const { probabilityCost: x, cost } of costCurve(counts, 20)) {
      const all = points.map((p) => (1 - p.truePositiveRate) * x + p.falsePositiveRate * (1 - x))
      near(cost, Math.min(...all))
      assert.ok(cost <= Math.min(x, 1 - x) + 1e-12)
    }
  })

  test('of a perfect score is 0, of a useless one what a constant costs, of one class nothing', () => {
    assert.ok(costCurve(scoreCounts({ labels, scores: labels })).every(({ cost }) => cost === 0))
    for (const { probabilityCost: x, cost } of costCurve(
      scoreCounts({ labels, scores: labels.map(() => 1) }),
    ))
      near(cost, Math.min(x, 1 - x))
    const one = costCurve(scoreCounts({ labels: new Uint8Array(5), scores: [1, 2, 3, 4, 5] }))
    assert.ok(one.every(({ cost }) => Number.isNaN(cost)))
  })
})
