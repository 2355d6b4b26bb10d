import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { pauseAfter } from './attempts.ts'

describe('attempts', () => {
  const failed = { sent: false, error: 'no' } as const
  const hour = 3_600_000

  test('are tried again for about a day, with growing pauses', () => {
    const pauses: number[] = []
    for (let n = 1; ; n++) {
      const pause = pauseAfter(n, failed)
      if (pause === undefined) break
      pauses.push(pause)
    }
    assert.equal(pauses[0], 5000)
    assert.ok(pauses.every((pause, i) => i === 0 || pause >= (pauses[i - 1] ?? 0)))
    const total = pauses.reduce((sum, pause) => sum + pause, 0)
    assert.ok(total > 23 * hour && total < 25 * hour, String(total / hour))
  })

  test('end with success and with a refusal for good', () => {
    assert.equal(pauseAfter(1, { sent: true, answer: '' }), undefined)
    assert.equal(pauseAfter(1, { ...failed, permanent: true }), undefined)
  })

  test('wait as long as the receiver asks, within reason and never shorter', () => {
    assert.equal(pauseAfter(1, { ...failed, retryAfterMs: 60_000 }), 60_000)
    assert.equal(pauseAfter(1, { ...failed, retryAfterMs: 1 }), 5000)
    assert.equal(pauseAfter(1, { ...failed, retryAfterMs: 1e12 }), 8 * hour)
  })
})
