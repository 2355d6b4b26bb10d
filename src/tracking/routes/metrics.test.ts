import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { sampleSteps } from './metrics.ts'

test('few steps are all kept; of many, about as many as asked, the first and the last among them', () => {
  const steps = fc
    .uniqueArray(fc.integer(), { minLength: 1, maxLength: 200 })
    .map((s) => s.sort((a, b) => a - b))
  fc.assert(
    fc.property(steps, fc.integer({ min: 1, max: 50 }), (all, count) => {
      const sampled = sampleSteps(all, count)
      if (all.length <= count) return assert.deepEqual(sampled, all)
      assert.ok(sampled.length <= count + 1)
      assert.equal(sampled[0], all[0])
      assert.equal(sampled.at(-1), all.at(-1))
    }),
  )
})
