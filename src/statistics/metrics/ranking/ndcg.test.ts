import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { ndcgScore } from './ndcg.ts'

test('NDCG is that of sklearn.metrics.ndcg_score, ties among the scores included', () => {
  const cases: readonly (readonly [readonly number[], readonly number[], number])[] = [
    [[0.5, 0.3, 0.2], [0.1, 0.3, 0.6], 0.8099531166420328],
    [[3, 2, 3, 0, 1, 2], [6, 5, 4, 3, 2, 1], 0.9608081943360616],
    [[10, 0, 0, 1, 5], [0.1, 0.2, 0.3, 4, 70], 0.6956940443813076],
    [[1, 2, 3, 4], [1, 1, 1, 1], 0.8744515148392085],
    [[1.5, 2.5, 0, 4, 0.25], [2, 1, 2, 1, 0], 0.6751536446610913],
    [[0, 0, 1], [0.3, 0.2, 0.1], 0.5],
  ]
  for (const [gains, scores, expected] of cases)
    assert.ok(
      Math.abs(ndcgScore(gains, scores) - expected) < 1e-12,
      `${gains.join()} by ${scores.join()}: not ${expected}`,
    )
})

test('1 for a ranking like the gains, never above it, and the same whatever the scale', () => {
  const gains = fc.array(fc.double({ min: 0.01, max: 100, noNaN: true }), { minLength: 1, maxLength: 20 })
  fc.assert(
    fc.property(gains, fc.infiniteStream(fc.double({ noNaN: true })), (given, stream) => {
      assert.ok(Math.abs(ndcgScore(given, given) - 1) < 1e-12)
      const scores = given.map(() => stream.next().value)
      const found = ndcgScore(given, scores)
      assert.ok(found > 0 && found <= 1 + 1e-12)
      assert.ok(
        Math.abs(
          found -
            ndcgScore(
              given.map((gain) => 7 * gain),
              scores,
            ),
        ) < 1e-12,
      )
    }),
    { numRuns: 100, seed: 7 },
  )
})

test('nothing is ranked where nothing has any worth; a gain below 0 is refused', () => {
  assert.ok(Number.isNaN(ndcgScore([0, 0], [1, 2])))
  assert.ok(Number.isNaN(ndcgScore([], [])))
  assert.throws(() => ndcgScore([1, -1], [1, 2]), RangeError)
})
