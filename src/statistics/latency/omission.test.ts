import assert from 'node:assert/strict'
import { test } from 'node:test'
import { quantile } from '../distributions/quantiles.ts'
import { correctOmission } from './omission.ts'

test('one stall of a closed loop hides a hundred slow requests', () => {
  const corrected = correctOmission([1, 1, 1, 1, 1, 1000], 10)
  assert.equal(corrected.length, 105)
  assert.equal(quantile(corrected, 0.5), 480)
  assert.deepEqual([...correctOmission([1, Infinity], 10)], [1, Infinity])
  assert.throws(() => correctOmission([1], 0), RangeError)
})
