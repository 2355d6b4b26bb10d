import assert from 'node:assert/strict'
import test from 'node:test'
import { decide, type ScaleMemory, type ScaleRules } from './decide.ts'

const rules: ScaleRules = {
  min: 1,
  max: 5,
  target: 0.7,
  concurrency: 2,
  downAfterMs: 60_000,
  zeroAfterMs: 300_000,
}

/** Feeds seconds of load (requests under way on average) and answers how many instances there were after each. */
function run(of: Partial<ScaleRules>, start: number, load: readonly number[], waiting = 0) {
  let [at, heldMs, instances] = [1_000_000, 0, start]
  let memory: ScaleMemory | undefined
  ;({ memory } = decide({ ...rules, ...of }, instances, { at, heldMs, waiting: 0 }, memory))
  return load.map((underWay) => {
    at += 1000
    heldMs += underWay * 1000
    ;({ instances, memory } = decide({ ...rules, ...of }, instances, { at, heldMs, waiting }, memory))
    return instances
  })
}
const seconds = (n: number, load: number) => Array.from({ length: n }, () => load)

test('as many instances as use the target, at once; never more than there may be', () => {
  assert.deepEqual(run({}, 1, [1.4, 1.5, 2.8, 7, 100]), [1, 2, 2, 5, 5])
})

test('fewer only when none of the last minute needed them', () => {
  const counts = run({}, 4, [...seconds(59, 1), ...seconds(3, 1)])
  assert.equal(counts[57], 4)
  assert.equal(counts.at(-1), 1)
  const peak = run({}, 1, [7, ...seconds(58, 0), 3, ...seconds(58, 0), ...seconds(3, 0)])
  assert.deepEqual([peak[0], peak[58], peak[60], peak[118], peak.at(-1)], [5, 5, 3, 3, 1])
})

test('none only after nothing was asked for long, and one again as soon as a request waits', () => {
  const idle = run({ min: 0, downAfterMs: 1 }, 3, [...seconds(299, 0), 0, 0])
  assert.deepEqual([idle[0], idle[298], idle[299], idle[300]], [1, 1, 0, 0])
  assert.deepEqual(run({ min: 0 }, 0, [0, 0]), [0, 0])
  assert.deepEqual(run({ min: 0 }, 0, [0], 1), [1])
  assert.deepEqual(run({ min: 1, downAfterMs: 1 }, 1, seconds(400, 0)).at(-1), 1)
})

test('a gateway that counts from nothing again changes nothing', () => {
  const { memory } = decide(rules, 2, { at: 0, heldMs: 5000, waiting: 0 }, undefined)
  assert.equal(decide(rules, 2, { at: 1000, heldMs: 10, waiting: 0 }, memory).instances, 2)
})

test('changed limits hold at once', () => {
  const { memory } = decide(rules, 5, { at: 0, heldMs: 0, waiting: 0 }, undefined)
  assert.equal(decide({ ...rules, max: 2 }, 5, { at: 1000, heldMs: 0, waiting: 0 }, memory).instances, 2)
  assert.equal(decide({ ...rules, min: 3 }, 1, { at: 1000, heldMs: 0, waiting: 0 }, undefined).instances, 3)
})
