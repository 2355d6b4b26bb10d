import assert from 'node:assert/strict'
import { test } from 'node:test'
import { referenceEdges } from './edges.ts'

test('bins are of round widths, and leave a far value to an open end', () => {
  const edges = referenceEdges({
    n: 1000,
    min: 0.02,
    max: 5000,
    quantiles: [0.1, 2.4, 7.6, 9.9],
    isWhole: false,
  })
  assert.deepEqual([edges[0], edges[1], edges.at(-1)], [0, 2, 10])
})

test('near ends are taken in, and the greatest value is below the last edge', () => {
  const edges = referenceEdges({
    n: 4000,
    min: 0,
    max: 1,
    quantiles: [0.004, 0.25, 0.75, 0.996],
    isWhole: false,
  })
  assert.deepEqual([edges[0], edges[1], edges.at(-1)], [0, 0.1, 1.1])
  assert.ok(
    edges.every((edge) => String(edge).length < 5),
    edges.join(),
  )
})

test('whole numbers stand in the middle of their bins', () => {
  const edges = referenceEdges({ n: 10_000, min: 1, max: 7, quantiles: [1, 2, 6, 7], isWhole: true })
  assert.deepEqual(edges, [0.5, 1.5, 2.5, 3.5, 4.5, 5.5, 6.5, 7.5])
})

test('what never varies is one bin around it, and a spike does not make a thousand bins', () => {
  assert.deepEqual(
    referenceEdges({ n: 10, min: 3, max: 3, quantiles: [3, 3, 3, 3], isWhole: true }),
    [2.5, 3.5],
  )
  assert.deepEqual(
    referenceEdges({ n: 10, min: 0, max: 0, quantiles: [0, 0, 0, 0], isWhole: false }),
    [-0.005, 0.005],
  )
  const spiky = referenceEdges({ n: 1e6, min: 0, max: 900, quantiles: [0, 0, 0, 90], isWhole: false })
  assert.ok(spiky.length <= 42, String(spiky.length))
  const far = referenceEdges({ n: 1e6, min: 0, max: 900, quantiles: [0, 0, 0, 0], isWhole: false })
  assert.deepEqual([far[0], far.length <= 42], [0, true])
})
