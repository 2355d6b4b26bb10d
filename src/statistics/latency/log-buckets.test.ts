import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import {
  addBuckets,
  bucketOf,
  bucketQuantile,
  bucketsBetween,
  bucketsOf,
  bucketTotal,
  coarseBuckets,
  countAbove,
} from './log-buckets.ts'

const values = fc.array(fc.double({ min: 1e-6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 200 })

describe('buckets of logarithmic width', () => {
  test('a quantile is within 2 % of the value of its rank', () => {
    fc.assert(
      fc.property(values, fc.double({ min: 0, max: 1, noNaN: true }), (sample, q) => {
        const exact = sample.toSorted((a, b) => a - b)[Math.max(0, Math.ceil(q * sample.length) - 1)] ?? 0
        const found = bucketQuantile(bucketsOf(sample), q)
        assert.ok(Math.abs(found - exact) <= 0.02 * exact * (1 + 1e-9), `${found} for ${exact}`)
      }),
    )
  })

  test('adding buckets is the same as counting all values together', () => {
    fc.assert(
      fc.property(values, values, (a, b) => {
        assert.deepEqual(addBuckets(bucketsOf(a), bucketsOf(b)), bucketsOf([...a, ...b]))
      }),
    )
  })

  test('what never ended is longer than everything, and zero is shorter', () => {
    const buckets = bucketsOf([0, 1, Infinity, Infinity])
    assert.equal(bucketTotal(buckets), 4)
    assert.equal(bucketQuantile(buckets, 0), 0)
    assert.equal(bucketQuantile(buckets, 1), Infinity)
    assert.equal(countAbove(buckets, 0.5), 3)
    assert.equal(countAbove(buckets, 2), 2)
    assert.equal(countAbove(buckets, -1), 3)
  })

  test('values of which a range is known lie evenly in it, and none is lost', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 10_000 }),
        fc.double({ min: 0, max: 100, noNaN: true }),
        fc.double({ min: 1e-3, max: 100, noNaN: true }),
        (count, lower, width) => {
          const buckets = bucketsBetween(lower, lower + width, count)
          assert.equal(bucketTotal(buckets), count)
          if (count > 0) assert.ok(bucketQuantile(buckets, 1) <= (lower + width) * 1.021)
        },
      ),
    )
    const middle = bucketQuantile(bucketsBetween(1, 3, 1000), 0.5)
    assert.ok(Math.abs(middle - 2) < 0.08, `${middle}`)
    assert.deepEqual(bucketsBetween(180, Infinity, 3), { i: 3 })
  })

  test('are told coarsely by ends that people know', () => {
    const coarse = coarseBuckets(bucketsOf([0, 0.0009, 0.002, 0.0024, 0.004, 0.3, 7, Infinity]))
    assert.deepEqual(coarse, { 0: 1, 0.001: 1, 0.0025: 2, 0.005: 1, 0.5: 1, 10: 1, '+Inf': 1 })
    assert.deepEqual(coarseBuckets({}), {})
  })

  test('of nothing there is no quantile, and what is no number has no bucket', () => {
    assert.ok(Number.isNaN(bucketQuantile({}, 0.5)))
    assert.throws(() => bucketQuantile({}, 1.5), RangeError)
    assert.throws(() => bucketOf(Number.NaN), /no number/)
  })
})
