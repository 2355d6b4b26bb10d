import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'

/** The server's own measurements, in Prometheus' exposition with OpenTelemetry's names. */
export interface Metrics {
  readonly registry: Registry
  /** Seconds per HTTP request. */
  readonly requests: Histogram<'method' | 'route' | 'status'>
  readonly reconciles: Counter<'reconciler' | 'outcome'>
  readonly workDue: Gauge
}

export function createMetrics(): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  return {
    registry,
    requests: new Histogram({
      name: 'http_server_request_duration_seconds',
      help: 'Duration of HTTP requests to the control plane.',
      labelNames: ['method', 'route', 'status'],
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers: [registry],
    }),
    reconciles: new Counter({
      name: 'twinloop_reconcile_total',
      help: 'Steps taken by reconcilers.',
      labelNames: ['reconciler', 'outcome'],
      registers: [registry],
    }),
    workDue: new Gauge({
      name: 'twinloop_work_due',
      help: 'Work items that are due and not yet taken.',
      registers: [registry],
    }),
  }
}

/** A `collect` for gauges that are read together: whichever is scraped first reads for all. */
export function together(refresh: () => Promise<void>): () => Promise<void> {
  let reading: Promise<void> | undefined
  return () => (reading ??= refresh().finally(() => (reading = undefined)))
}
