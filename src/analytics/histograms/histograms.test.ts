import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { createAnalytics } from '../create-analytics.ts'
import { createCounter } from './count.ts'
import { binsOfCells, boundsOf, cellCount, cellsInOrder, type Grid, type Histogram } from './grid.ts'

function count(grid: Grid, values: readonly number[]): Histogram {
  const counter = createCounter(grid, true)
  // In parts of odd lengths, as they come.
  for (let i = 0; i < values.length; i += 777) {
    const part = Float64Array.from(values.slice(i, i + 777))
    counter.add(part, part.length)
  }
  return counter.histogram()
}

const evenly = (low: number, high: number, bins: number) =>
  Array.from({ length: bins + 1 }, (_, i) => (i === bins ? high : low + (i * (high - low)) / bins))

/** The same numbers every time, between 0 and 1. */
function* random() {
  for (let state = 7; ;) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    yield state / 2 ** 32
  }
}

describe('the cells of a grid', () => {
  const grid: Grid = {
    edges: [0, 1, 2],
    parts: 2,
    cuts: [
      { cell: 1, low: 0.5, high: 1, parts: 3 },
      { cell: 5, low: 0.7, high: 0.8, parts: 2 },
    ],
  }

  test('follow each other as their values do, those that are cut by their parts', () => {
    assert.equal(cellCount(grid), 9)
    assert.deepEqual(cellsInOrder(grid), [0, 4, 7, 8, 6, 2, 3])
    assert.deepEqual(Array.from(binsOfCells(grid)), [0, 0, 1, 1, 0, 0, 0, 0, 0])
    assert.deepEqual(boundsOf(grid, 2), { low: 1, high: 1.5 })
  })

  test('hold what lies between their bounds, what is left out being outside or no number', () => {
    const found = count(grid, [0, 0.49, 0.5, 0.71, 0.79, 0.99, 1, 2, 2.01, -0.01, NaN, Infinity, -Infinity])
    assert.deepEqual(Array.from(found.cell), [0, 4, 7, 8, 6, 2, 3])
    assert.deepEqual(Array.from(found.count), [2, 1, 1, 1, 1, 1, 1])
    assert.deepEqual([found.min[0], found.max[0], found.sum[0]], [0, 0.49, 0.49])
  })
})

describe('counts of bins', () => {
  for (const [low, high, bins] of [
    [0.1, 0.7, 6],
    [-1e-3, 1e9, 21],
    [1e16, 1e16 + 8, 5],
    [-3e-320, 5e-320, 3],
    [-1e300, 1e300, 7],
  ] as const)
    test(`of ${low} to ${high} are right for every edge and its neighbours`, () => {
      const edges = evenly(low, high, bins)
      const next = new Float64Array(1)
      const bits = new BigInt64Array(next.buffer)
      const values = edges.flatMap((edge) =>
        [-1n, 0n, 1n].map((step) => {
          next[0] = edge
          bits[0] = (bits[0] ?? 0n) + step
          return next[0]
        }),
      )
      const expected = edges
        .slice(1)
        .map(
          (to, i) => values.filter((v) => v >= (edges[i] ?? 0) && (i === bins - 1 ? v <= to : v < to)).length,
        )
      for (const parts of [1, 200])
        for (const cuts of [[], [{ cell: 0, low: edges[0] ?? 0, high: edges[1] ?? 0, parts: 4 }]]) {
          const grid = { edges, parts, cuts }
          const bin = binsOfCells(grid)
          const found = edges.slice(1).map(() => 0)
          const { cell, count: counts } = count(grid, values)
          for (const [i, one] of cell.entries()) found[bin[one] ?? 0]! += counts[i] ?? 0
          assert.deepEqual(found, expected)
        }
    })
})

test('deviations lose no digits, however far the values are from zero or drift in their order', () => {
  const of = random()
  const next = () => of.next().value ?? 0
  for (const values of [
    Array.from({ length: 20_000 }, () => 1e12 + next()),
    Array.from({ length: 20_000 }, (_, i) => i / 7 + next()),
    [1e9, ...Array.from({ length: 5000 }, next)],
    [5],
  ]) {
    const [low, high] = [Math.min(...values), Math.max(...values)]
    const { deviation = 0 } = count({ edges: [low, high], parts: 1, cuts: [] }, values)
    const mean = values.reduce((a, b) => a + (b - low) / values.length, 0)
    const expected = Math.sqrt(
      values.reduce((sum, v) => sum + (v - low - mean) ** 2, 0) / (values.length - 1),
    )
    if (values.length === 1) assert.ok(Number.isNaN(deviation))
    else assert.ok(Math.abs(deviation / expected - 1) < 1e-10, `${deviation} ${expected}`)
  }
})

test('a session counts the columns of an answer, without what is missing', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'twinloop-'))
  const analytics = createAnalytics(folder, { memoryBytes: 256 * 2 ** 20, sessions: 1 })
  after(async () => {
    await analytics.stop()
    rmSync(folder, { recursive: true, force: true })
  })
  const edges = [0, 50_000, 100_000]
  await analytics.session({}, async (session) => {
    const [all, some, none] = await session.histograms(
      `select i::double, case when i % 3 = 0 then null when i % 3 = 1 then 'nan'::double else i end, null::double
       from range(100000) t(i)`,
      { grids: [edges, edges, edges].map((of) => ({ edges: of, parts: 1, cuts: [] })), deviations: true },
    )
    assert.deepEqual(Array.from(all?.count ?? []), [50_000, 50_000])
    assert.ok(Math.abs((all?.deviation ?? 0) - Math.sqrt((100_000 * 100_001) / 12)) < 1e-6)
    assert.deepEqual(
      [Array.from(some?.count ?? []), Array.from(some?.min ?? [])],
      [
        [16_666, 16_667],
        [2, 50_000],
      ],
    )
    assert.deepEqual(Array.from(none?.count ?? []), [])
    const [again] = await session.histograms('select 1::double where false', {
      grids: [{ edges, parts: 1, cuts: [] }],
    })
    assert.deepEqual([again?.cell.length, again?.deviation], [0, undefined])
    await assert.rejects(
      session.histograms('select nothing', { grids: [{ edges, parts: 1, cuts: [] }] }),
      /nothing/,
    )
    assert.deepEqual((await session.all('select 1')).rows, [[1]])
  })
})
