import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, test } from 'node:test'
import { bucketQuantile, bucketsOf } from '../../statistics/latency/log-buckets.ts'
import type { Store } from '../../store/database.ts'
import { openSqlite } from '../../store/sqlite.ts'
import { createSeries, growthOf, type Sample, type Series } from './series.ts'

const at = (text: string) => new Date(`2026-03-${text}Z`)
const cpu = (value: number, labels: Record<string, string> = {}): Sample => ({
  kind: 'gauge',
  name: 'host_cpu_used_ratio',
  labels,
  value,
})

describe('series', () => {
  let store: Store
  let series: Series
  let now = at('10T12:00:00')
  beforeEach(async () => {
    now = at('10T12:00:00')
    store = await openSqlite(':memory:')
    series = createSeries({ store, clock: () => now })
  })
  afterEach(() => store.close())
  const whole = { from: at('01T00:00:00'), to: at('31T00:00:00') }

  test('keep of every minute, hour and day what was measured in it', async () => {
    for (const [time, value] of [
      ['10T10:59:10', 1],
      ['10T10:59:50', 3],
      ['10T11:00:10', 8],
    ] as const)
      await series.record(at(time), [cpu(value)])
    const points = async (step: 'minute' | 'hour' | 'day') =>
      (await series.query({ name: 'host_cpu_used_ratio', ...whole, step })).lines[0]?.points
    const [first, ...rest] = (await points('minute')) ?? []
    assert.deepEqual(first, { at: at('10T10:59:00'), count: 2, sum: 4, min: 1, max: 3, last: 3 })
    assert.equal(rest.length, 1)
    assert.deepEqual(
      (await points('hour'))?.map((p) => [p.at, p.sum]),
      [
        [at('10T10:00:00'), 4],
        [at('10T11:00:00'), 8],
      ],
    )
    assert.deepEqual(
      (await points('day'))?.map((p) => [p.at, p.count, p.min, p.max, p.last]),
      [[at('10T00:00:00'), 3, 1, 8, 8]],
    )
  })

  test('what is told late is added where it belongs, and is not the last value', async () => {
    await series.record(at('10T11:30:00'), [cpu(5)])
    await series.record(at('10T11:10:00'), [cpu(9)])
    const { lines } = await series.query({ name: 'host_cpu_used_ratio', ...whole, step: 'hour' })
    assert.deepEqual(
      lines[0]?.points.map(({ count, max, last }) => [count, max, last]),
      [[2, 9, 5]],
    )
  })

  test('labels in another order are the same series, other labels another, and lines are chosen by them', async () => {
    await series.record(now, [cpu(1, { a: 'x', b: 'y' }), cpu(2, { b: 'y', a: 'x' }), cpu(3, { a: 'z' })])
    const asked = async (where?: Record<string, string>) =>
      (await series.query({ name: 'host_cpu_used_ratio', ...whole, ...(where && { where }) })).lines.map(
        ({ labels, points }) => [labels, points[0]?.sum],
      )
    assert.deepEqual(await asked(), [
      [{ a: 'x', b: 'y' }, 3],
      [{ a: 'z' }, 3],
    ])
    assert.deepEqual(await asked({ a: 'z' }), [[{ a: 'z' }, 3]])
    assert.deepEqual(await asked({ a: 'no' }), [])
  })

  test('histograms of several times are one, from which quantiles are read', async () => {
    const record = (time: string, values: readonly number[]) =>
      series.record(at(time), [
        {
          kind: 'histogram',
          name: 'latency_seconds',
          scope: 'w',
          buckets: bucketsOf(values),
          sum: values.reduce((a, b) => a + b, 0),
        },
      ])
    await record('10T11:00:00', [0.01, 0.02, 0.03])
    await record('10T11:40:00', [0.2])
    const { lines } = await series.query({ name: 'latency_seconds', scope: 'w', ...whole, step: 'hour' })
    const [point] = lines[0]?.points ?? []
    assert.equal(point?.count, 4)
    assert.ok(Math.abs((point?.min ?? 0) - 0.01) < 0.0003 && Math.abs((point?.max ?? 0) - 0.2) < 0.004)
    assert.ok(Math.abs(bucketQuantile(point?.buckets ?? {}, 1) - 0.2) < 0.004)
    assert.deepEqual((await series.query({ name: 'latency_seconds', scope: '', ...whole })).lines, [])
  })

  test('a counter that starts anew grows from zero, and what is no number was not measured', async () => {
    assert.deepEqual([growthOf(undefined, 7), growthOf(7, 9), growthOf(9, 2)], [0, 2, 2])
    const of = (growth: number): Sample => ({ kind: 'counter', name: 'requests_total', growth })
    const nothing: Sample = { kind: 'histogram', name: 'latency_seconds', buckets: {}, sum: 0 }
    await series.record(now, [of(2), of(Number.NaN), cpu(Infinity), nothing])
    const { lines } = await series.query({ name: 'requests_total', ...whole })
    assert.equal(lines[0]?.points[0]?.sum, 2)
    assert.deepEqual(await series.described(), [{ name: 'requests_total', kind: 'counter', labels: [] }])
  })

  test('the step follows from the length and age of what is asked, and what is old is forgotten step by step', async () => {
    await series.record(at('10T11:00:00'), [cpu(1)])
    const step = async (from: Date, to: Date) =>
      (await series.query({ name: 'host_cpu_used_ratio', from, to })).step
    assert.equal(await step(at('10T08:00:00'), now), 'minute')
    assert.equal(await step(at('02T08:00:00'), at('02T09:00:00')), 'hour', 'minutes of then are not kept')
    assert.equal(await step(new Date('2025-03-01'), now), 'day')
    now = at('14T12:00:00')
    await series.tidy()
    const left = async (asked: 'minute' | 'hour') =>
      (await series.query({ name: 'host_cpu_used_ratio', ...whole, step: asked })).lines.length
    assert.deepEqual([await left('minute'), await left('hour')], [0, 1])
    now = new Date('2030-01-01')
    await series.tidy()
    assert.deepEqual(await series.described(), [])
  })
})
