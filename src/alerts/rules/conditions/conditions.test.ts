import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, test } from 'node:test'
import { createSeries, type Sample, type Series } from '../../../kernel/telemetry/series.ts'
import { bucketsOf } from '../../../statistics/latency/log-buckets.ts'
import type { Store } from '../../../store/database.ts'
import { openSqlite } from '../../../store/sqlite.ts'
import type { Condition, Measured } from '../rule.ts'
import { ask } from './conditions.ts'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour
const now = Date.UTC(2026, 2, 10, 12)

describe('conditions', () => {
  let store: Store
  let series: Series
  beforeEach(async () => {
    store = await openSqlite(':memory:')
    series = createSeries({ store, clock: () => new Date(now) })
  })
  afterEach(() => store.close())

  const record = (agoMs: number, ...samples: readonly Sample[]) =>
    series.record(new Date(now - agoMs), samples)
  const cpu = (value: number, host = 'a'): Sample => ({
    kind: 'gauge',
    name: 'cpu_ratio',
    scope: 'w',
    labels: { host },
    value,
  })
  const requests = (growth: number, status: string, endpoint = 'flights'): Sample => ({
    kind: 'counter',
    name: 'requests_total',
    scope: 'w',
    labels: { endpoint, status },
    growth,
  })
  const answer = async (condition: Exclude<Condition, { kind: 'signal' }>) => {
    const { found, quiet, noData } = await ask(series, 'w', condition, now)
    const told = (all: typeof found) => all.map(({ labels, value }) => [labels, Number(value.toFixed(6))])
    return { found: told(found), quiet: told(quiet), noData }
  }
  const above = (of: Measured, limit: number, by: readonly string[] = [], per?: Measured) =>
    answer({
      kind: 'threshold',
      of,
      by,
      comparison: 'above',
      limit,
      ...(per === undefined ? {} : { per }),
    })
  const cpuOf = (aggregate: Measured['aggregate']): Measured => ({
    metric: 'cpu_ratio',
    where: {},
    aggregate,
    overMs: 10 * minute,
  })

  test('a threshold on the values of a window, of all or of each', async () => {
    await record(20 * minute, cpu(1))
    await record(5 * minute, cpu(0.5), cpu(0.9, 'b'))
    await record(2 * minute, cpu(0.7), cpu(0.9, 'b'))
    assert.deepEqual(await above(cpuOf('avg'), 0.8), { found: [], quiet: [[{}, 0.75]], noData: false })
    assert.deepEqual(await above(cpuOf('max'), 0.8, ['host']), {
      found: [[{ host: 'b' }, 0.9]],
      quiet: [[{ host: 'a' }, 0.7]],
      noData: false,
    })
    assert.deepEqual((await above(cpuOf('last'), 0.65, ['host'])).found.length, 2)
    assert.deepEqual((await above(cpuOf('count'), 3)).found, [[{}, 4]])
    const elsewhere = { ...cpuOf('avg'), where: { host: 'none' } }
    assert.deepEqual(await above(elsewhere, 0), { found: [], quiet: [], noData: true })
  })

  test('a share of what was counted: none that failed is zero, and nothing counted is no data', async () => {
    const of: Measured = {
      metric: 'requests_total',
      where: { status: '500' },
      aggregate: 'sum',
      overMs: 10 * minute,
    }
    const per: Measured = { ...of, where: {} }
    await record(minute, requests(95, '200'), requests(5, '500'), requests(40, '200', 'other'))
    assert.deepEqual(await above(of, 0.01, ['endpoint'], per), {
      found: [[{ endpoint: 'flights' }, 0.05]],
      quiet: [[{ endpoint: 'other' }, 0]],
      noData: false,
    })
    const nothing = { ...per, metric: 'nothing' }
    assert.equal((await above({ ...of, metric: 'nothing' }, 0.01, [], nothing)).noData, true)
  })

  test('quantiles and rates of distributions', async () => {
    const values = Array.from({ length: 100 }, (_, i) => (i + 1) / 1000)
    await record(minute, {
      kind: 'histogram',
      name: 'latency_seconds',
      scope: 'w',
      buckets: bucketsOf(values),
      sum: 5.05,
    })
    const of = (aggregate: Measured['aggregate']): Measured => ({
      metric: 'latency_seconds',
      where: {},
      aggregate,
      overMs: 10 * minute,
    })
    const value = async (aggregate: Measured['aggregate']) => (await above(of(aggregate), 0)).found[0]?.[1]
    assert.ok(Math.abs(Number(await value('p99')) - 0.099) < 0.002)
    assert.equal(await value('rate'), Number((100 / 600).toFixed(6)))
    assert.equal(await value('avg'), 0.0505)
    assert.ok(Math.abs(Number(await value('max')) - 0.1) < 0.002)
    assert.equal((await above(cpuOf('p50'), 0)).noData, true)
  })

  const budget: Condition & { kind: 'burn_rate' } = {
    kind: 'burn_rate',
    bad: { metric: 'requests_total', where: { status: '500' } },
    all: { metric: 'requests_total', where: {} },
    by: ['endpoint'],
    objective: 0.99,
    windows: [{ longMs: hour, shortMs: 5 * minute, factor: 10 }],
  }

  test('an error budget that burns in the long window and still in the short one', async () => {
    await record(50 * minute, requests(800, '200'), requests(200, '500'))
    await record(2 * minute, requests(80, '200'), requests(20, '500'))
    const { found } = await answer(budget)
    assert.deepEqual(
      found,
      [[{ endpoint: 'flights' }, 2]],
      '20 % of a budget of 1 %, of the tenfold that may',
    )
  })

  test('one that burnt, and does not any more, is quiet', async () => {
    await record(50 * minute, requests(800, '200'), requests(200, '500'))
    await record(2 * minute, requests(100, '200'))
    const { found, quiet } = await answer(budget)
    assert.deepEqual([found, quiet], [[], [[{ endpoint: 'flights' }, 0]]])
  })

  test('an anomaly is measured against the same time of the days before', async () => {
    const unusual: Condition & { kind: 'anomaly' } = {
      kind: 'anomaly',
      of: { ...cpuOf('avg'), overMs: hour },
      by: [],
      seasonMs: day,
      seasons: 7,
      deviations: 4,
      direction: 'both',
    }
    await record(minute, cpu(0.9))
    assert.equal((await answer(unusual)).noData, true, 'two days say nothing of what is usual')
    for (const [back, value] of [0.3, 0.32, 0.28, 0.31, 0.29].entries())
      await record((back + 1) * day + minute, cpu(value))
    assert.equal((await answer(unusual)).found.length, 1)
    assert.equal((await answer({ ...unusual, direction: 'below' })).found.length, 0)
    assert.equal((await answer({ ...unusual, deviations: 1000 })).quiet.length, 1)
  })

  test('what is not measured at all', async () => {
    const absent = (metric: string) =>
      answer({ kind: 'absent', of: { metric, where: { host: 'a' } }, overMs: 10 * minute })
    await record(minute, cpu(1))
    assert.deepEqual((await absent('cpu_ratio')).found, [])
    assert.deepEqual((await absent('heartbeat')).found, [[{ host: 'a' }, 0]])
  })
})
