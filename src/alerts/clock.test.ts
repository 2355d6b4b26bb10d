import assert from 'node:assert/strict'
import { test } from 'node:test'
import { watchClock } from './clock.ts'

test('everybody is woken when the clock has gone back, and only then', async (context) => {
  let now = 1_000_000
  let woken = 0
  const watched = watchClock({ clock: () => new Date(now) }, async () => void woken++)
  context.after(() => watched.stop())
  for (const [step, expected] of [
    [15_000, 0],
    [0, 0],
    [3_600_000, 0],
    [-1000, 0],
    [-3_600_000, 1],
    [15_000, 1],
    [-86_400_000, 2],
  ] as const) {
    now += step
    await watched.check()
    assert.equal(woken, expected, `after a step of ${step} ms`)
  }
})
