import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'

const seconds = [
  0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60,
  180,
]
const counts = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 4096, 16384, 65536]
const labelNames = ['endpoint', 'deployment'] as const

/** What a deployment's pool looks like at the moment. */
export interface PoolState {
  readonly endpoint: string
  readonly deployment: string
  /** Requests that instances are at. */
  readonly inFlight: number
  readonly waiting: number
  /** Instances that take requests. */
  readonly up: number
}

/** One request that has ended, as the metrics see it. */
export interface Ended {
  readonly endpoint: string
  readonly deployment?: string | undefined
  readonly status: number
  readonly reason: string
  readonly elapsedMs: number
  readonly modelMs: number | undefined
  readonly waitedMs: number | undefined
  /** It waited for a deployment that slept to wake. */
  readonly woke: boolean
  readonly rows: number | undefined
  readonly together: number | undefined
  readonly bytesIn: number
}

/** The gateway's measurements, in Prometheus' exposition. `pools` is asked when the metrics are read. */
export function createTelemetry(pools: () => Iterable<PoolState>) {
  const registry = new Registry()
  // Every 10 ms, the default, would keep an idle machine awake.
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 100 })
  // By Prometheus' rules only counters end so; what they say is in the metrics by type, too.
  for (const kind of ['handles', 'requests', 'resources'])
    registry.removeSingleMetric(`nodejs_active_${kind}_total`)
  const registers = [registry]
  const histogram = (name: string, help: string, buckets: number[]) =>
    new Histogram({ name, help, labelNames, buckets, registers })
  const requests = new Histogram({
    name: 'http_server_request_duration_seconds',
    help: 'Duration of scoring requests, waiting included.',
    labelNames: [...labelNames, 'status'],
    buckets: seconds,
    registers,
  })
  const waiting = histogram(
    'twinloop_scoring_wait_duration_seconds',
    'Time that requests waited for an instance.',
    seconds,
  )
  const coldStart = histogram(
    'twinloop_scoring_cold_start_duration_seconds',
    'Time that requests waited for a deployment that had been scaled to zero to wake.',
    seconds,
  )
  const model = histogram('twinloop_model_duration_seconds', 'Time that the model took.', seconds)
  const rows = histogram('twinloop_scoring_request_rows', 'Rows of a request.', counts)
  const together = histogram(
    'twinloop_model_batch_requests',
    'Requests that one run of the model answered together.',
    counts.slice(0, 10),
  )
  const bytes = new Counter({
    name: 'twinloop_scoring_request_bytes_total',
    help: 'Bytes of request bodies.',
    labelNames,
    registers,
  })
  const errors = new Counter({
    name: 'twinloop_scoring_errors_total',
    help: 'Requests that got no prediction, by the class of the error.',
    labelNames: [...labelNames, 'reason'],
    registers,
  })
  const mirrored = new Counter({
    name: 'twinloop_scoring_mirrored_total',
    help: 'Copies of requests for a deployment that is mirrored to, by what became of them.',
    labelNames: [...labelNames, 'outcome'],
    registers,
  })
  const dropped = new Counter({
    name: 'twinloop_access_log_dropped_total',
    help: 'Lines of the access log that could not be written.',
    registers,
  })
  const gauge = (name: string, help: string, value: (pool: PoolState) => number) =>
    new Gauge({
      name,
      help,
      labelNames,
      registers,
      collect() {
        this.reset()
        for (const pool of pools()) {
          this.set({ endpoint: pool.endpoint, deployment: pool.deployment }, value(pool))
        }
      },
    })
  gauge('twinloop_scoring_requests_in_flight', 'Requests that instances are at.', (pool) => pool.inFlight)
  gauge('twinloop_scoring_requests_waiting', 'Requests that wait for an instance.', (pool) => pool.waiting)
  gauge('twinloop_instances_up', 'Instances that take requests.', (pool) => pool.up)
  const collected = new Counter({
    name: 'twinloop_collected_requests_total',
    help: 'Requests that the data collector has kept.',
    labelNames,
    registers,
  })
  const uncollected = new Counter({
    name: 'twinloop_uncollected_requests_total',
    help: 'Requests that the data collector should have kept and could not, by the reason.',
    labelNames: [...labelNames, 'reason'],
    registers,
  })
  const perDeployment = [
    collected,
    uncollected,
    requests,
    waiting,
    coldStart,
    model,
    rows,
    together,
    bytes,
    errors,
    mirrored,
  ]

  return {
    registry,
    mirrored,
    dropped,
    collected,
    uncollected,
    ended(request: Ended): void {
      const at = { endpoint: request.endpoint, deployment: request.deployment ?? '' }
      requests.observe({ ...at, status: request.status }, request.elapsedMs / 1000)
      if (request.reason !== '') errors.inc({ ...at, reason: request.reason })
      if (request.waitedMs !== undefined) waiting.observe(at, request.waitedMs / 1000)
      if (request.woke && request.waitedMs !== undefined) coldStart.observe(at, request.waitedMs / 1000)
      if (request.modelMs !== undefined) model.observe(at, request.modelMs / 1000)
      if (request.rows !== undefined) rows.observe(at, request.rows)
      if (request.together !== undefined) together.observe(at, request.together)
      if (request.bytesIn > 0) bytes.inc(at, request.bytesIn)
    },
    /** Forgets the series of a deployment that has gone, or of a whole endpoint. */
    async forget(endpoint: string, deployment?: string): Promise<void> {
      for (const metric of perDeployment) {
        for (const { labels } of (await metric.get()).values) {
          if (
            labels['endpoint'] !== endpoint ||
            (deployment !== undefined && labels['deployment'] !== deployment)
          )
            continue
          const { le: _, ...own } = labels as Record<string, string | number>
          metric.remove(own)
        }
      }
    },
  }
}

export type Telemetry = ReturnType<typeof createTelemetry>
