/** Names that OpenTelemetry's semantic conventions have for what Prometheus calls otherwise. */
const conventions: Readonly<Record<string, string>> = {
  http_server_request_duration: 'http.server.request.duration',
  system_cpu_utilization: 'system.cpu.utilization',
  system_memory_usage: 'system.memory.usage',
  system_memory_utilization: 'system.memory.utilization',
  system_filesystem_usage: 'system.filesystem.usage',
  system_filesystem_utilization: 'system.filesystem.utilization',
  system_network_io: 'system.network.io',
  process_cpu: 'process.cpu.time',
  process_memory_resident: 'process.memory.usage',
}

/** Units as UCUM writes them, by the suffix that Prometheus' names carry. */
const units: Readonly<Record<string, string>> = { seconds: 's', bytes: 'By', ratio: '1' }

/**
 * Name and unit of a metric as OpenTelemetry has them: without `_total` and the unit, and by the semantic conventions
 * where these know it. A receiver that speaks Prometheus puts both back.
 */
export function metricName(name: string): { readonly name: string; readonly unit: string } {
  const [, stem = name, suffix] = /^(.+?)(?:_(seconds|bytes|ratio))?(?:_total)?$/.exec(name) ?? []
  return { name: conventions[stem] ?? stem, unit: units[suffix ?? ''] ?? '1' }
}
