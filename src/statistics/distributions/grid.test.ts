import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bandsOf, gridOf } from './grid.ts'

const numbers = (count: number, of: (i: number) => number) =>
  Float64Array.from({ length: count }, (_, i) => of(i))

test('every pair is in a cell or outside, and what is far away does not stretch the grid', () => {
  const xs = numbers(1000, (i) => i / 10)
  const ys = numbers(1000, (i) => (i === 7 ? 1e9 : i === 8 ? Number.NaN : i))
  const { x, y, cells, outside } = gridOf(xs, ys, 10)
  assert.deepEqual([x.length, x[0], x.at(-1)], [11, 0, 99.9])
  assert.ok((y.at(-1) ?? Infinity) < 1001)
  const counted = cells.reduce((sum, [, , count]) => sum + count, 0)
  assert.equal(counted + outside, 1000)
  assert.ok(outside >= 2 && outside < 15, String(outside))
  assert.ok(
    cells.every(([column, row]) => Math.abs(column - row) <= 1),
    'on the diagonal',
  )
})

test('bands have the quantiles of equal groups, and none of no rows', () => {
  const xs = numbers(100, (i) => 99 - i)
  const bands = bandsOf(
    xs,
    numbers(100, (i) => 2 * (99 - i)),
    4,
  )
  assert.deepEqual(
    bands.map(({ x, rows, p50 }) => [x, rows, p50]),
    [
      [12, 25, 24],
      [37, 25, 74],
      [62, 25, 124],
      [87, 25, 174],
    ],
  )
  assert.deepEqual(bandsOf(new Float64Array(), new Float64Array()), [])
  assert.deepEqual(gridOf(new Float64Array(), new Float64Array()).cells, [])
})
