import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { startTestApp } from '../../testing/app.ts'
import { pythonWith } from '../../testing/test-cache.ts'
import { bucketsOf } from '../../statistics/latency/log-buckets.ts'
import { startExport } from './export.ts'

/** Reads a body as OpenTelemetry's own classes do, which know every field's name and type, and prints what it tells. */
const reading = `
import sys
from google.protobuf.json_format import Parse
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
request = Parse(sys.stdin.read(), ExportMetricsServiceRequest())
for metric in request.resource_metrics[0].scope_metrics[0].metrics:
    kind = metric.WhichOneof("data")
    for point in getattr(metric, kind).data_points:
        print(metric.name, metric.unit, kind, point.count if kind == "histogram" else point.as_double, point.time_unix_nano)
`

test('every full minute is told once, also what could not be told while the collector was away', async (context) => {
  const python = await pythonWith('opentelemetry-proto-1.36.0', ['opentelemetry-proto==1.36.0'])
  const bodies: {
    readonly text: string
    readonly headers: Record<string, unknown>
    readonly path: string
  }[] = []
  let status = 503
  const collector = createServer((request, response) => {
    let text = ''
    request.on('data', (chunk: Buffer) => (text += chunk.toString()))
    request.on('end', () => {
      if (status === 200) bodies.push({ text, headers: request.headers, path: request.url ?? '' })
      response.writeHead(status, { 'content-type': 'application/json' }).end('{}')
    })
  })
  await once(collector.listen(0, '127.0.0.1'), 'listening')
  context.after(() => collector.close())
  const t = await startTestApp({ measureEverySeconds: 60 })
  context.after(() => t.end())
  const { platform } = t.app
  let now = Date.parse('2026-01-31T10:15:00Z')
  const exporting = startExport({
    ...platform,
    clock: () => new Date(now),
    config: {
      ...platform.config,
      otlpUrl: `http://127.0.0.1:${(collector.address() as AddressInfo).port}/`,
      otlpHeaders: 'x-key=a%20b',
    },
  })
  context.after(() => exporting.stop())

  await platform.series.record(new Date(now + 5000), [
    { kind: 'gauge', name: 'test_depth', value: 4 },
    { kind: 'counter', name: 'test_done_total', growth: 7 },
  ])
  now += 70_000
  await exporting.send()
  now += 10_000
  await exporting.send()
  assert.equal(bodies.length, 0, 'the collector is away')

  await platform.series.record(new Date(now - 15_000), [
    { kind: 'histogram', name: 'test_wait_seconds', buckets: bucketsOf([0.1, 0.2]), sum: 0.3 },
  ])
  status = 200
  now += 60_000
  await exporting.send()
  await exporting.send()
  assert.equal(bodies.length, 1)
  assert.equal(bodies[0]?.path, '/v1/metrics')
  assert.equal(bodies[0]?.headers['x-key'], 'a b')
  const told = execFileSync(python, ['-c', reading], { input: bodies[0]?.text }).toString().trim().split('\n')
  assert.deepEqual(told, [
    'test_depth 1 gauge 4.0 1769854560000000000',
    'test_done 1 sum 7.0 1769854560000000000',
    'test_wait s histogram 2 1769854620000000000',
  ])

  // What is refused for good does not keep the rest from being told.
  await platform.series.record(new Date(now), [{ kind: 'gauge', name: 'test_depth', value: 5 }])
  status = 400
  now += 120_000
  await exporting.send()
  status = 200
  await platform.series.record(new Date(now), [{ kind: 'gauge', name: 'test_depth', value: 6 }])
  now += 120_000
  await exporting.send()
  assert.equal(bodies.length, 2)
  assert.match(bodies[1]?.text ?? '', /"asDouble":6/)
  assert.doesNotMatch(bodies[1]?.text ?? '', /"asDouble":5/)
})
