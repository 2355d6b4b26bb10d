import { hostname } from 'node:os'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { Sample } from '../../kernel/telemetry/series.ts'

/** Measures the server's own process from its making on; `stop` ends it. */
export function watchProcess(): { read(): readonly Sample[]; stop(): void } {
  // Every 10 ms, the default, would keep an idle machine awake.
  const delay = monitorEventLoopDelay({ resolution: 100 })
  delay.enable()
  let before = process.cpuUsage()
  return {
    read() {
      const spent = process.cpuUsage(before)
      before = process.cpuUsage()
      const lag = delay.percentile(99) / 1e9
      delay.reset()
      const labels = { host: hostname(), process: 'server' }
      return [
        {
          kind: 'counter',
          name: 'process_cpu_seconds_total',
          labels,
          growth: (spent.user + spent.system) / 1e6,
        },
        { kind: 'gauge', name: 'process_memory_resident_bytes', labels, value: process.memoryUsage.rss() },
        // What the measuring itself takes, the resolution, is no delay.
        { kind: 'gauge', name: 'nodejs_eventloop_delay_p99_seconds', labels, value: Math.max(0, lag - 0.1) },
      ]
    },
    stop: () => void delay.disable(),
  }
}
