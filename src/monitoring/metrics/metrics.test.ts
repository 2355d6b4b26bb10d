import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Sample } from '../../kernel/telemetry/series.ts'
import { bucketsOf } from '../../statistics/latency/log-buckets.ts'
import { startTestApp, type TestApp } from '../../testing/app.ts'

describe("metrics by Azure Monitor's API", () => {
  let t: TestApp
  const start = new Date(Math.floor(Date.now() / 3_600_000) * 3_600_000 - 3_600_000)
  const at = (minutes: number) => new Date(start.getTime() + minutes * 60_000)
  before(async () => {
    t = await startTestApp()
    const scope = t.workspace.toLowerCase()
    const requests = (deployment: string, growth: number): Sample => ({
      kind: 'counter',
      name: 'requests_total',
      scope,
      labels: { endpoint: 'flights', deployment },
      growth,
    })
    await t.app.platform.series.record(at(1), [requests('blue', 10), requests('green', 2)])
    await t.app.platform.series.record(at(3), [requests('blue', 30), requests('green', 4)])
    await t.app.platform.series.record(at(3), [
      { kind: 'histogram', name: 'latency_seconds', scope, buckets: bucketsOf([0.1, 0.2, 0.4]), sum: 0.7 },
      { kind: 'gauge', name: 'system_memory_utilization_ratio', value: 0.25 },
    ])
  })
  after(() => t.end())
  const metrics = (id: string, query: Record<string, string>) =>
    t.send(
      'GET',
      `${id}/providers/Microsoft.Insights/metrics?${new URLSearchParams({
        timespan: `${start.toISOString()}/PT30M`,
        ...query,
      }).toString()}`,
    )

  test('of a workspace, all lines together or told apart by a dimension, in intervals of any length', async () => {
    const { status, body } = await metrics(t.workspace, {
      metricnames: 'Requests_Total',
      aggregation: 'Total,count',
      interval: 'PT1M',
    })
    assert.equal(status, 200)
    const [metric] = body.value
    assert.equal(metric.name.value, 'requests_total')
    assert.equal(metric.unit, 'Count')
    assert.deepEqual(metric.timeseries, [
      {
        metadatavalues: [],
        data: [
          { timeStamp: at(1).toISOString(), total: 12, count: 2 },
          { timeStamp: at(3).toISOString(), total: 34, count: 2 },
        ],
      },
    ])
    const apart = await metrics(t.workspace, {
      metricnames: 'requests_total',
      aggregation: 'total',
      interval: 'PT5M',
      $filter: "deployment eq '*'",
    })
    assert.deepEqual(
      apart.body.value[0].timeseries.map((line: { metadatavalues: { value: string }[]; data: unknown }) => [
        line.metadatavalues[0]?.value,
        line.data,
      ]),
      [
        ['blue', [{ timeStamp: start.toISOString(), total: 40 }]],
        ['green', [{ timeStamp: start.toISOString(), total: 6 }]],
      ],
    )
  })

  test('quantiles are told of distributions only, and the installation answers by its subscription', async () => {
    const { body } = await metrics(t.workspace, {
      metricnames: 'latency_seconds,requests_total',
      aggregation: 'p50,average',
    })
    const [latency, requests] = body.value.map(
      (one: { timeseries: { data: Record<string, number>[] }[] }) => one.timeseries[0]?.data[0],
    )
    assert.ok(Math.abs(latency.p50 - 0.2) < 0.004)
    assert.ok(!('p50' in requests) && requests.average === 6)
    const subscription = t.workspace.split('/').slice(0, 3).join('/')
    const memory = await metrics(subscription, { metricnames: 'system_memory_utilization_ratio' })
    assert.equal(memory.body.value[0].timeseries[0].data[0].average, 0.25)
  })

  test('a distribution is told by its buckets, and what is none has none', async () => {
    const asked = { aggregation: 'count', $filter: "le eq '*'" }
    const { body } = await metrics(t.workspace, { metricnames: 'latency_seconds,requests_total', ...asked })
    const [latency, requests] = body.value
    const told = latency.timeseries.map(
      (one: { metadatavalues: { value: string }[]; data: { count: number }[] }) => [
        one.metadatavalues[0]?.value,
        one.data[0]?.count,
      ],
    )
    assert.deepEqual(told, [
      ['0.1', 1],
      ['0.25', 1],
      ['0.5', 1],
    ])
    assert.deepEqual(requests.timeseries, [])
  })

  test('definitions tell names, units, dimensions and what may be asked', async () => {
    const { body } = await t.send('GET', `${t.workspace}/providers/microsoft.insights/metricDefinitions`)
    const names = body.value.map((one: { name: { value: string } }) => one.name.value)
    assert.deepEqual(names, ['latency_seconds', 'requests_total'])
    const [latency, requests] = body.value
    assert.equal(latency.unit, 'Seconds')
    assert.ok(latency.supportedAggregationTypes.includes('P99'))
    assert.deepEqual(
      requests.dimensions.map((one: { value: string }) => one.value),
      ['deployment', 'endpoint'],
    )
  })

  test('what cannot be answered is refused in a sentence', async () => {
    for (const [query, says] of [
      [{}, /metricnames is missing/],
      [{ metricnames: 'request_total' }, /Did you mean 'requests_total'/],
      [
        { metricnames: 'requests_total', aggregation: 'median' },
        /'median' is not known; expected some of average/,
      ],
      [{ metricnames: 'requests_total', interval: 'PT7M' }, /expected one of PT1M/],
      [{ metricnames: 'requests_total', timespan: 'yesterday' }, /timespan 'yesterday' cannot be read/],
      [{ metricnames: 'requests_total', $filter: 'what' }, /cannot be read from 'what' on/],
    ] as const) {
      const { status, body } = await metrics(t.workspace, query)
      assert.equal(status, 400)
      assert.match(body.error.message, says)
    }
    const nowhere = await metrics(`${t.workspace}/onlineEndpoints/none`, { metricnames: 'requests_total' })
    assert.equal(nowhere.status, 404)
    const url = `${t.workspace}/providers/Microsoft.Insights/metricDefinitions`
    assert.equal((await t.send('GET', url, undefined, { authorization: 'Bearer no' })).status, 401)
  })
})
