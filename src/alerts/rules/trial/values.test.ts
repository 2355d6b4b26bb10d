import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Outcome } from '../conditions/conditions.ts'
import type { Condition } from '../rule.ts'
import { followValues, thresholdOf } from './values.ts'

const above: Condition = {
  kind: 'threshold',
  of: { metric: 'm', where: {}, aggregate: 'last', overMs: 60_000 },
  by: ['queue'],
  comparison: 'above',
  limit: 10,
}
const outcome = (values: Readonly<Record<string, number>>): Outcome => ({
  found: [],
  quiet: Object.entries(values).map(([queue, value]) => ({ labels: { queue }, value })),
  noData: Object.keys(values).length === 0,
})

describe('the values that a rule looked at', () => {
  test('keep every peak and every valley, in the order of time, in bounded room', () => {
    const followed = followValues({ from: 0, to: 10_000 })
    for (let at = 0; at <= 10_000; at++)
      followed.add(at, outcome({ a: at === 5003 ? 99 : at === 5001 ? -99 : 1 }))
    const [series] = followed.told(above).series
    assert.ok((series?.points.length ?? 0) <= 600)
    const times = series?.points.map(({ at }) => at) ?? []
    assert.deepEqual(
      times,
      times.toSorted((a, b) => a - b),
    )
    const peaks = series?.points.filter(({ value }) => Math.abs(value ?? 0) === 99)
    assert.deepEqual(peaks, [
      { at: 5001, value: -99 },
      { at: 5003, value: 99 },
    ])
  })

  test('have a hole where nothing was measured, and where the value has no number', () => {
    const followed = followValues({ from: 0, to: 300 })
    followed.add(0, outcome({ a: 1 }))
    followed.add(100, outcome({}))
    followed.add(200, outcome({ a: Number.POSITIVE_INFINITY }))
    followed.add(300, outcome({ a: 2 }))
    assert.deepEqual(
      followed.told(above).series[0]?.points.map(({ value }) => value),
      [1, null, null, 2],
    )
  })

  test('are told of those series that went furthest towards the limit, and how many are not', () => {
    const followed = followValues({ from: 0, to: 10 })
    const names = Array.from({ length: 15 }, (_, i) => [`q${i}`, i] as const)
    followed.add(0, outcome(Object.fromEntries(names)))
    const { series, left } = followed.told(above)
    assert.equal(left, 3)
    assert.deepEqual(series[0]?.labels, { queue: 'q14' })
    assert.deepEqual(followed.told({ ...above, comparison: 'below' }).series[0]?.labels, { queue: 'q0' })
  })

  test('are held against what the condition says', () => {
    assert.deepEqual(thresholdOf(above), { upper: 10 })
    assert.deepEqual(thresholdOf({ ...above, comparison: 'at_most' }), { lower: 10 })
    const { of } = above
    const anomaly = { kind: 'anomaly', of, by: [], seasonMs: 1, seasons: 3, deviations: 4 } as const
    assert.deepEqual(thresholdOf({ ...anomaly, direction: 'both' }), { lower: -4, upper: 4 })
    assert.deepEqual(thresholdOf({ ...anomaly, direction: 'below' }), { lower: -4 })
    assert.deepEqual(thresholdOf({ kind: 'absent', of, overMs: 1 }), { lower: 1 })
  })
})
