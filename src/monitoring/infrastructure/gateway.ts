import type { Platform } from '../../kernel/platform.ts'
import type { Resource } from '../../kernel/resources/resource.ts'
import type { Sample } from '../../kernel/telemetry/series.ts'
import { endpointPath } from '../../serving/routing/table.ts'
import { askingGateway, type AskGateway } from './ask-gateway.ts'
import { readExposition, remembered, samplesBetween } from './exposition.ts'

/** What of the gateway's metrics is kept; the rest is for those who scrape it. */
const kept =
  /^(http_server_request_duration_seconds|twinloop_(scoring_(errors_total|(wait|cold_start)_duration_seconds|requests_in_flight|requests_waiting|mirrored_total)|model_duration_seconds|instances_up|(un)?collected_requests_total)|process_cpu_seconds_total|process_resident_memory_bytes)(_bucket|_sum|_count)?$/

/**
 * Reads the gateway's own metrics and whether each endpoint is available, at every call of `read`. Series of endpoints
 * are kept with their workspace, labelled `endpoint` and `deployment` by their names, as everything else is.
 */
export function watchGateway(platform: Platform): { read(): Promise<readonly Sample[]> } {
  const ask = askingGateway(platform)
  let before: ReadonlyMap<string, number> | undefined
  return {
    async read() {
      const endpoints = await platform.resources.list({
        type: 'workspaces/onlineEndpoints',
        view: 'all',
        top: 100_000,
      })
      if (endpoints.length === 0 || platform.urls.gateway === '') return []
      const byPath = new Map(endpoints.map((one) => [endpointPath(one.id, platform.config), one]))
      const probes = await Promise.all([...byPath].map(([path, endpoint]) => probe(ask, path, endpoint)))
      const response = await ask('/metrics')
      if (response?.status !== 200) return [...probes.flat(), up(0)]
      const scrape = readExposition(response.body).filter(({ name }) => kept.test(name))
      const samples = samplesBetween(before, scrape)
      before = remembered(scrape)
      return [...probes.flat(), up(1), ...samples.flatMap((sample) => placed(sample, byPath))]
    },
  }
}

const up = (value: 0 | 1): Sample => ({ kind: 'gauge', name: 'twinloop_gateway_up', value })

/**
 * The sample among those of its endpoint's workspace. What belongs to an endpoint that has gone is left out, and so are
 * answers that no deployment gave: probes, ours among them.
 */
function placed(sample: Sample, byPath: ReadonlyMap<string, Resource>): readonly Sample[] {
  const { endpoint: path, deployment, status } = sample.labels ?? {}
  if (path === undefined) {
    const name = sample.name.replace('process_resident_memory', 'process_memory_resident')
    return [{ ...sample, name, labels: { ...sample.labels, process: 'gateway' } }]
  }
  const endpoint = byPath.get(path)
  if (endpoint === undefined || (deployment === '' && status === '200')) return []
  return [{ ...sample, scope: endpoint.scope, labels: { ...sample.labels, endpoint: endpoint.name } }]
}

/** Asks an endpoint that takes traffic whether it is ready, as a load balancer would. */
async function probe(ask: AskGateway, path: string, endpoint: Resource): Promise<readonly Sample[]> {
  const traffic = Object.values((endpoint.properties['traffic'] ?? {}) as Readonly<Record<string, number>>)
  if (!traffic.some((share) => share > 0)) return []
  const began = performance.now()
  const response = await ask(`/${path}/v2/health/ready`)
  const at = { scope: endpoint.scope, labels: { endpoint: endpoint.name } }
  return [
    { kind: 'gauge', name: 'twinloop_endpoint_up', value: response?.status === 200 ? 1 : 0, ...at },
    {
      kind: 'gauge',
      name: 'twinloop_endpoint_probe_duration_seconds',
      value: (performance.now() - began) / 1000,
      ...at,
    },
  ]
}
