import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Line } from '../../kernel/telemetry/series.ts'
import { bucketsOf } from '../../statistics/latency/log-buckets.ts'
import { encodeMetrics } from './encode.ts'
import { metricName } from './names.ts'

const at = new Date('2026-01-31T10:15:00Z')
const point = { at, count: 2, sum: 5, min: 2, max: 3, last: 3 }
const line = (name: string, kind: Line['kind'], more: object = {}): Line => ({
  name,
  kind,
  scope: '',
  labels: {},
  points: [{ ...point, ...more }],
})

test('names and units are those of OpenTelemetry', () => {
  assert.deepEqual(metricName('http_server_request_duration_seconds'), {
    name: 'http.server.request.duration',
    unit: 's',
  })
  assert.deepEqual(metricName('process_cpu_seconds_total'), { name: 'process.cpu.time', unit: 's' })
  assert.deepEqual(metricName('twinloop_scoring_errors_total'), {
    name: 'twinloop_scoring_errors',
    unit: '1',
  })
  assert.deepEqual(metricName('twinloop_work_due'), { name: 'twinloop_work_due', unit: '1' })
})

test('gauges tell their last value, counters their growth, distributions their buckets', () => {
  const body = encodeMetrics(
    [
      line('system_memory_usage_bytes', 'gauge'),
      line('twinloop_scoring_errors_total', 'counter'),
      { ...line('latency_seconds', 'histogram', { buckets: bucketsOf([0, 1, 1, Infinity]) }), scope: '/w' },
    ],
    { 'service.name': 'twinloop' },
  ) as { resourceMetrics: { scopeMetrics: { metrics: Record<string, never>[] }[] }[] }
  const times = { startTimeUnixNano: '1769854500000000000', timeUnixNano: '1769854560000000000' }
  const [gauge, sum, histogram] = body.resourceMetrics[0]?.scopeMetrics[0]?.metrics ?? []
  assert.deepEqual(gauge, {
    name: 'system.memory.usage',
    unit: 'By',
    gauge: { dataPoints: [{ attributes: [], ...times, asDouble: 3 }] },
  })
  assert.deepEqual(sum?.['sum'], {
    dataPoints: [{ attributes: [], ...times, asDouble: 5 }],
    aggregationTemporality: 1,
    isMonotonic: true,
  })
  const { dataPoints = [] } = (histogram?.['histogram'] ?? {}) as { dataPoints?: Record<string, unknown>[] }
  const [found] = dataPoints
  assert.deepEqual(found?.['bucketCounts'], ['1', '0', '2', '1'])
  assert.deepEqual(found?.['attributes'], [{ key: 'workspace', value: { stringValue: '/w' } }])
  const [zero, , one] = (found?.['explicitBounds'] ?? []) as number[]
  assert.equal(zero, 0)
  assert.ok(Math.abs((one ?? 0) - 1) < 1e-12)
})
