import assert from 'node:assert/strict'
import { beforeEach, describe, test } from 'node:test'
import type { Store } from '../database.ts'
import type { SeriesPointRow } from '../series-tables.ts'
import {
  deleteEmptySeries,
  deletePointsBefore,
  deleteSeriesOf,
  ensureSeries,
  findSeries,
  pointsOf,
  replacePoints,
} from '../series-rows.ts'

/** What every store promises of measurements over time: series that are made once, and points that are replaced. */
export function seriesRowsContract(store: Store): void {
  describe(`series in ${store.dialect}`, () => {
    const { db } = store
    const gauge = (name: string, more: { scope?: string; labels?: string } = {}) =>
      ({ scope: '', labels: '{}', kind: 'gauge', name, ...more }) as const
    const point = (series: number, at: number, more: Partial<SeriesPointRow> = {}): SeriesPointRow => ({
      series,
      at,
      step: 60_000,
      count: 1,
      sum: 0.5,
      min: 0.5,
      max: 0.5,
      last: 0.5,
      last_at: at,
      buckets: '',
      ...more,
    })
    const all = { step: 60_000, from: 0, to: Number.MAX_SAFE_INTEGER }
    beforeEach(async () => {
      await db.deleteFrom('series_points').execute()
      await db.deleteFrom('series').execute()
    })

    test('a series is made once, however many are asked for together', async () => {
      const many = Array.from({ length: 250 }, (_, i) => gauge(`m${i}`))
      const first = await ensureSeries(db, many)
      assert.equal(new Set(first).size, 250)
      assert.deepEqual(await ensureSeries(db, many.toReversed()), first.toReversed())
      const others = [gauge('m1', { scope: 'w' }), gauge('m1', { labels: '{"a":"b"}' })]
      assert.ok((await ensureSeries(db, others)).every((number) => !first.includes(number)))
    })

    test('series are found by name, by its beginning and by scope', async () => {
      await ensureSeries(db, [gauge('host_cpu'), gauge('host_memory', { scope: 'w' }), gauge('hosts')])
      const names = async (asked: Parameters<typeof findSeries>[1]) =>
        (await findSeries(db, asked)).map(({ name }) => name)
      assert.deepEqual(await names({}), ['host_cpu', 'host_memory', 'hosts'])
      assert.deepEqual(await names({ name: 'hosts' }), ['hosts'])
      assert.deepEqual(await names({ prefix: 'host_' }), ['host_cpu', 'host_memory'])
      assert.deepEqual(await names({ scope: '' }), ['host_cpu', 'hosts'])
    })

    test('a point takes the place of the one of its interval, and they come in the order of time', async () => {
      const [a = 0, b = 0] = await ensureSeries(db, [gauge('a'), gauge('b')])
      await replacePoints(db, [point(a, 120_000), point(a, 60_000), point(b, 60_000)])
      await replacePoints(db, [point(a, 60_000, { count: 7, sum: -1.25, buckets: '{"3":1}', last_at: 1e12 })])
      const points = await pointsOf(db, { ...all, series: [a] })
      assert.deepEqual(
        points.map((p) => [p.at, p.count, p.sum, p.buckets, p.last_at]),
        [
          [60_000, 7, -1.25, '{"3":1}', 1e12],
          [120_000, 1, 0.5, '', 120_000],
        ],
      )
      assert.equal((await pointsOf(db, { ...all, series: [a, b], from: 60_000, to: 120_000 })).length, 2)
      assert.deepEqual(await pointsOf(db, { ...all, series: [a], step: 3_600_000 }), [])
    })

    test('points of a step are forgotten by age, then the series of which none is left; and a scope as a whole', async () => {
      const [a = 0, b = 0, c = 0] = await ensureSeries(db, [
        gauge('a'),
        gauge('b'),
        gauge('c', { scope: 'w' }),
      ])
      await replacePoints(db, [point(a, 0), point(b, 0, { step: 3_600_000 }), point(c, 120_000)])
      await deletePointsBefore(db, 60_000, 120_000)
      await deleteEmptySeries(db)
      assert.deepEqual(
        (await findSeries(db, {})).map(({ name }) => name),
        ['b', 'c'],
      )
      await deleteSeriesOf(db, 'w')
      assert.deepEqual(
        (await findSeries(db, {})).map(({ name }) => name),
        ['b'],
      )
      assert.deepEqual(await pointsOf(db, { ...all, series: [c] }), [])
    })
  })
}
