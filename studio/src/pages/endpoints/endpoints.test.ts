import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Measured } from '../../api/metrics.ts'
import type { Release } from '../../api/releases.ts'
import { dayOf } from '../home/day.ts'
import { csvOf } from './collected/csv.ts'
import { cellsOf, rangeName } from './overview/heatmap-option.ts'
import { codeShares } from './overview/measured.ts'
import { releaseMarks } from './overview/release-marks.ts'

const minute = 60_000
const measured = (series: Measured['series'], grainMs = minute): Measured => ({
  from: 0,
  to: 10 * grainMs,
  grainMs,
  series,
})

test('durations are cells on a ladder without holes; an interval that is not over is none', () => {
  const point = (at: number, count: number) => ({ at, count })
  const { cells, ends } = cellsOf(
    measured([
      { labels: { le: '0.001' }, points: [point(0, 3), point(9.5 * minute, 9)] },
      { labels: { le: '0.01' }, points: [point(minute, 1)] },
      { labels: { le: '+Inf' }, points: [point(minute, 2)] },
    ]),
  )
  assert.deepEqual(
    ends.map((end) => Number(end.toPrecision(3))),
    [0.001, 0.0025, 0.005, 0.01, Infinity],
  )
  assert.deepEqual(
    cells.map(({ at, end, count }) => [at, end, count]),
    [
      [0, 0, 3],
      [minute, 3, 1],
      [minute, 4, 2],
    ],
  )
  assert.equal(rangeName(ends, 1), '1 ms to 3 ms')
  assert.equal(rangeName(ends, 4), 'never ended')
})

test('each code that is no success has its share of all answers', () => {
  const lines = codeShares(
    measured([
      { labels: { status: '200' }, points: [{ at: 0, count: 97 }] },
      { labels: { status: '424' }, points: [{ at: 0, count: 2 }] },
      { labels: { status: '400' }, points: [{ at: 0, count: 1 }] },
    ]),
  )
  assert.deepEqual(
    lines.map(({ name, points }) => [name, points[0]?.value]),
    [
      ['400', 0.01],
      ['424', 0.02],
    ],
  )
})

test('charts are marked where releases changed who answers', () => {
  const release = {
    id: '/x/workspaces/dev/providers/Twinloop/releasePlans/p/releases/2',
    name: '2',
    properties: {
      stages: [
        {
          name: 'production',
          delivery: {
            looks: [{ at: '1970-01-01T00:00:05.000Z' }],
            working: { end: { outcome: 'rolled_back', at: 9000, why: '' } },
          },
        },
      ],
      plan: { stages: [{ name: 'production', deliver: { online: 'flights', steps: [] } }] },
    },
  } as unknown as Release
  assert.deepEqual(releaseMarks([release], 'flights'), [
    { at: 5000, name: 'p/2 canary' },
    { at: 9000, name: 'p/2 ↩' },
  ])
  assert.deepEqual(releaseMarks([release], 'other'), [])
})

test('rows are downloaded as CSV that spreadsheets read', () => {
  assert.equal(
    csvOf(
      ['a', 'b "x"'],
      [
        [1, 'x,y'],
        [null, true],
        ['ä\nb', { k: 1 }],
      ],
    ),
    'a,"b ""x"""\r\n1,"x,y"\r\n,true\r\n"ä\nb","{""k"":1}"',
  )
})

test('a day stands on what is usual at each of its hours, and beside the week before', () => {
  const hour = 3_600_000
  const to = 30 * 24 * hour
  const points = (days: number) =>
    Array.from({ length: days * 24 }, (_, i) => ({ at: to - (i + 1) * hour, count: 3600 })).toReversed()
  const day = dayOf({ from: 0, to, grainMs: hour, series: [{ labels: {}, points: points(10) }] })
  assert.equal(day.hours.length, 24)
  assert.deepEqual(day.hours.at(-1), { at: to - hour, rate: 1, usual: { low: 1, high: 1 } })
  assert.deepEqual([day.now, day.weekAgo], [1, 1])
  const young = dayOf({ from: 0, to, grainMs: hour, series: [{ labels: {}, points: points(1) }] })
  assert.equal(young.weekAgo, undefined)
  assert.ok(young.hours.every(({ usual }) => usual === undefined))
  assert.deepEqual(dayOf({ from: 0, to, grainMs: hour, series: [] }), { hours: [] })
})
