import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'

const seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 180]
const labels = ['endpoint', 'deployment', 'status'] as const

/** What a deployment's pool looks like at the moment. */
interface PoolState {
  readonly endpoint: string
  readonly deployment: string
  /** Requests under way or waiting. */
  readonly held: number
  /** Instances that take requests. */
  readonly up: number
}

/** The gateway's measurements, in Prometheus' exposition. `pools` is asked when the metrics are read. */
export function createTelemetry(pools: () => Iterable<PoolState>) {
  const registry = new Registry()
  // Every 10 ms, the default, would keep an idle machine awake.
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 100 })
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
  const gauge = (name: string, help: string, value: (pool: PoolState) => number) =>
    new Gauge({
      name,
      help,
      labelNames: ['endpoint', 'deployment'],
      registers: [registry],
      collect() {
        this.reset()
        for (const pool of pools()) {
          this.set({ endpoint: pool.endpoint, deployment: pool.deployment }, value(pool))
        }
      },
    })
  gauge('twinloop_scoring_requests_held', 'Requests under way or waiting.', (pool) => pool.held)
  gauge('twinloop_instances_up', 'Instances that take requests.', (pool) => pool.up)
  return { registry, requests, model, bytes }
}
