import assert from 'node:assert/strict'
import { test } from 'node:test'
import { grainOf } from '../../../api/job-usage.ts'
import { inCores, inUnit, linesOf, mostOf } from './usage-lines.ts'

const hour = 3_600_000

test('a short job is told in steps of ten seconds, a long one by the minute, one of long ago by the hour', () => {
  assert.equal(grainOf(30_000, 30_000).interval, 'PT10S')
  assert.equal(grainOf(2 * hour, 3 * hour).interval, 'PT1M')
  assert.equal(grainOf(20 * hour, 21 * hour).interval, 'PT5M')
  assert.equal(grainOf(80 * hour, 81 * hour).interval, 'PT1H')
  assert.equal(grainOf(30_000, 20 * 24 * hour).interval, 'PT1H')
})

test('what was measured becomes lines, without what was not', () => {
  const measured = {
    from: 0,
    to: 30,
    grainMs: 10,
    series: [
      { labels: { direction: 'read' }, points: [{ at: 0, total: 100 }, { at: 10 }] },
      { labels: {}, points: [{ at: 0, total: 300 }] },
    ],
  }
  const lines = linesOf(measured, 'all', ({ total }) => total)
  assert.deepEqual(
    lines.map(({ name, points }) => [name, points.length]),
    [
      ['read', 1],
      ['all', 1],
    ],
  )
  assert.equal(mostOf(lines), 300)
  assert.equal(mostOf([]), undefined)
  const large = inUnit([
    {
      name: 'm',
      colour: 1,
      points: [
        { at: 0, value: 3 * 2 ** 29 },
        { at: 1, value: null },
      ],
    },
  ])
  assert.deepEqual(large.lines[0]?.points, [
    { at: 0, value: 1.5 },
    { at: 1, value: null },
  ])
  assert.equal(large.format(1.5), '1.5 GiB')
  assert.equal(inUnit([]).format(0), '0 B')
  assert.deepEqual([0.254, 1.84, 12.2].map(inCores), ['0.25', '1.8', '12'])
})
