import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'

const seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 180]
const labels = ['endpoint', 'deployment', 'status'] as const

/** The gateway's measurements, in Prometheus' exposition. `held` is read when the metrics are. */
export function createTelemetry(held: () => Iterable<{ endpoint: string; deployment: string; held: number; up: number }>) {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const requests = new Histogram({
    name: 'http_server_request_duration_seconds',
    help: 'Duration of scoring requests, waiting included.',
    labelNames: labels,
    buckets: seconds,
    registers: [registry],
  })
  const model = new Histogram({
    name: 'twinloop_model_duration_seconds',
    help: 'Time that the model took.',
    labelNames: ['endpoint', 'deployment'],
    buckets: seconds,
    registers: [registry],
  })
  const bytes = new Counter({
    name: 'twinloop_scoring_request_bytes_total',
    help: 'Bytes of request bodies.',
    labelNames: ['endpoint', 'deployment'],
    registers: [registry],
  })
  new Gauge({
    name: 'twinloop_scoring_requests_held',
    help: 'Requests under way or waiting.',
    labelNames: ['endpoint', 'deployment'],
    registers: [registry],
    collect() {
      this.reset()
      for (const pool of held()) this.set({ endpoint: pool.endpoint, deployment: pool.deployment }, pool.held)
    },
  })
  new Gauge({
    name: 'twinloop_instances_up',
    help: 'Instances that take requests.',
    labelNames: ['endpoint', 'deployment'],
    registers: [registry],
    collect() {
      this.reset()
      for (const pool of held()) this.set({ endpoint: pool.endpoint, deployment: pool.deployment }, pool.up)
    },
  })
  return { registry, requests, model, bytes }
}

export type Telemetry = ReturnType<typeof createTelemetry>
