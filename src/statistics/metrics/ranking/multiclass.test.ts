import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { delong } from '../../comparison/delong.ts'
import { mulberry32 } from '../../random/generator.ts'
import { near } from '../testing/rows.ts'
import { multiclassArea, type AreaAverage } from './multiclass.ts'
import { placedArea } from './placements.ts'

const random = mulberry32(11)
const [n, classes] = [240, 3]
const labels = Uint8Array.from({ length: n }, () => Math.min(2, Math.floor(random() * 3.6)))
const scores = new Float64Array(n * classes)
for (let row = 0; row < n; row++) {
  const raw = [0, 1, 2].map((code) => random() + (labels[row] === code ? 0.5 : 0))
  const sum = raw.reduce((a, b) => a + b, 0)
  raw.forEach((value, code) => (scores[row * classes + code] = Math.round((100 * value) / sum) / 100))
}
const rows = { labels, scores, classes }

describe('areas of several classes', () => {
  test('influence of an area has DeLong’s variance, and no mean', () => {
    const own = Float64Array.from(labels, (label) => Number(label === 1))
    const first = scores.filter((_, at) => at % classes === 1)
    const { area, influence } = placedArea({ labels: own, scores: first })
    const { auc, variance } = delong(own, first, first)
    near(area, auc[0])
    near(influence.reduce((sum, moved) => sum + moved, 0) / n, 0)
    const between = influence.reduce((sum, moved) => sum + moved * moved, 0) / n ** 2
    near(between / variance[0], 1, 0.02)
  })

  test('are what weights would make of repeated rows, and are moved as their influence says', () => {
    for (const average of ['ovr', 'ovr_weighted', 'ovo'] as const satisfies readonly AreaAverage[]) {
      const weights = Float64Array.from(labels, (_, row) => 1 + (row % 3))
      const repeated = Array.from(labels.keys()).flatMap((row) =>
        Array.from({ length: 1 + (row % 3) }, () => row),
      )
      const of = {
        labels: repeated.map((row) => labels[row] ?? 0),
        scores: repeated.flatMap((row) => Array.from(scores.subarray(row * classes, (row + 1) * classes))),
        classes,
      }
      const weighted = multiclassArea({ ...rows, weights }, average)
      near(weighted.area, multiclassArea(of, average).area)
      const plain = multiclassArea(rows, average)
      near(plain.influence.reduce((sum, moved) => sum + moved, 0) / n, 0)
      const nudge = 1e-5
      for (const row of [0, 17, 101]) {
        const more = Float64Array.from(labels, (_, i) => (i === row ? 1 + nudge * n : 1))
        const moved = (multiclassArea({ ...rows, weights: more }, average).area - plain.area) / nudge
        near(moved, plain.influence[row] ?? 0, 2e-2)
      }
    }
  })

  test('leave out a class without rows, and are nothing of one class', () => {
    const two = labels.map((label) => Math.min(1, label))
    assert.ok(multiclassArea({ ...rows, labels: two }, 'ovr').area > 0)
    assert.ok(Number.isNaN(multiclassArea({ ...rows, labels: new Uint8Array(n) }, 'ovr').area))
    assert.ok(Number.isNaN(multiclassArea({ ...rows, labels: new Uint8Array(n) }, 'ovo').area))
  })
})
