import type { Json } from '../client/client.ts'
import { clean, frame, lower, reference, snakeKeys } from './present.ts'
import type { Body } from './present.ts'

export function presentWorkspace(body: Body): Json {
  const { friendlyName, mlFlowTrackingUri, ...rest } = body.properties ?? {}
  return frame(body, {
    display_name: friendlyName,
    location: body.location,
    mlflow_tracking_uri: mlFlowTrackingUri,
    ...(snakeKeys(rest) as Json),
  })
}

export function presentRegistry(body: Body): Json {
  const { mlFlowRegistryUri, regionDetails, ...rest } = body.properties ?? {}
  const regions = (regionDetails ?? []) as readonly { readonly location?: string }[]
  return frame(body, {
    location: body.location,
    replication_locations: regions.map(({ location }) => ({ location })),
    mlflow_registry_uri: mlFlowRegistryUri,
    ...(snakeKeys(rest) as Json),
  })
}

/** amlcompute, computeinstance, kubernetes: their settings lie one level deeper in REST than in YAML. */
export function presentCompute(body: Body): Json {
  const outer = body.properties ?? {}
  const { vmSize, vmPriority, scaleSettings, ...inner } = (outer['properties'] ?? {}) as Json
  const scale = (scaleSettings ?? {}) as {
    minNodeCount?: number
    maxNodeCount?: number
    nodeIdleTimeBeforeScaleDown?: string
  }
  const idle = scale.nodeIdleTimeBeforeScaleDown
  return frame(body, {
    type: lower(outer['computeType']),
    size: vmSize,
    tier:
      vmPriority === undefined || vmPriority === null
        ? undefined
        : lower(vmPriority) === 'lowpriority'
          ? 'low_priority'
          : 'dedicated',
    min_instances: scale.minNodeCount,
    max_instances: scale.maxNodeCount,
    idle_time_before_scale_down: idle === undefined ? undefined : isoSeconds(idle),
    location: body.location,
    description: outer['description'],
    provisioning_state: outer['provisioningState'],
    resource_id: outer['resourceId'],
    identity: snakeKeys(body.identity),
    ...(snakeKeys(inner) as Json),
  })
}

export function presentEndpoint(body: Body): Json {
  const p = body.properties ?? {}
  const modes: Readonly<Record<string, string>> = { key: 'key', amltoken: 'aml_token', aadtoken: 'aad_token' }
  return frame(body, {
    auth_mode: modes[String(p['authMode']).toLowerCase()] ?? p['authMode'],
    description: p['description'],
    compute: p['compute'],
    traffic: p['traffic'] ?? {},
    mirror_traffic: p['mirrorTraffic'] ?? {},
    scoring_uri: p['scoringUri'],
    openapi_uri: p['swaggerUri'],
    provisioning_state: p['provisioningState'],
    public_network_access: lower(p['publicNetworkAccess']),
    location: body.location,
    identity: snakeKeys(body.identity),
    properties: p['properties'],
  })
}

export function presentDeployment(body: Body): Json {
  const {
    endpointComputeType,
    environmentId,
    codeConfiguration,
    requestSettings,
    scaleSettings,
    dataCollector,
    ...rest
  } = body.properties ?? {}
  const code = codeConfiguration as { codeId?: string; scoringScript?: string } | null | undefined
  const request = (requestSettings ?? {}) as Json
  return frame(body, {
    type: lower(endpointComputeType ?? 'managed'),
    endpoint_name: /\/onlineEndpoints\/([^/]+)\//i.exec(body.id ?? '')?.[1],
    environment: reference(environmentId),
    code_configuration:
      code === null || code === undefined
        ? undefined
        : { code: reference(code.codeId), scoring_script: code.scoringScript },
    instance_count: (body.sku as { capacity?: number } | undefined)?.capacity,
    request_settings: {
      request_timeout_ms: milliseconds(request['requestTimeout']),
      max_concurrent_requests_per_instance: request['maxConcurrentRequestsPerInstance'],
      max_queue_wait_ms: milliseconds(request['maxQueueWait']),
    },
    scale_settings: snakeKeys(renameType(scaleSettings as Json | undefined)),
    location: body.location,
    ...(snakeKeys(rest) as Json),
    model: reference(rest['model']),
    liveness_probe: presentProbe(rest['livenessProbe']),
    readiness_probe: presentProbe(rest['readinessProbe']),
    data_collector: presentCollector(dataCollector as Json | null | undefined),
  })
}

/** As YAML has it, so that what is shown can be deployed again: a rate that all collections have stands above them. */
function presentCollector(collector: Json | null | undefined): Json | undefined {
  if (collector === null || collector === undefined) return undefined
  const { collections, rollingRate, requestLogging } = collector
  const named = Object.entries((collections ?? {}) as Readonly<Record<string, Json>>)
  const rates = new Set(named.map(([, { samplingRate }]) => samplingRate ?? 1))
  return clean({
    rolling_rate: lower(rollingRate),
    sampling_rate: rates.size === 1 ? [...rates][0] : undefined,
    request_logging: snakeKeys(requestLogging ?? undefined),
    collections: Object.fromEntries(
      named.map(([name, { dataCollectionMode, samplingRate, dataId, clientId }]) => [
        name,
        clean({
          enabled: lower(dataCollectionMode) === 'enabled' ? 'true' : 'false',
          sampling_rate: rates.size === 1 ? undefined : samplingRate,
          data: reference(dataId),
          client_id: clientId,
        }),
      ]),
    ),
  })
}

/** A probe's durations are seconds in YAML. */
const presentProbe = (probe: unknown) =>
  probe === null || probe === undefined
    ? undefined
    : Object.fromEntries(
        Object.entries(snakeKeys(probe) as Json).map(([key, value]) => [
          key,
          typeof value === 'string' ? (isoSeconds(value) ?? value) : value,
        ]),
      )

const renameType = (settings: Json | undefined) => {
  if (settings === undefined || settings === null) return undefined
  const { scaleType, pollingInterval, ...rest } = settings
  return {
    type: scaleType === 'TargetUtilization' ? 'target_utilization' : lower(scaleType),
    ...rest,
    ...(typeof pollingInterval === 'string'
      ? { pollingInterval: isoSeconds(pollingInterval) ?? pollingInterval }
      : {}),
  }
}

const milliseconds = (duration: unknown) => {
  const seconds = typeof duration === 'string' ? isoSeconds(duration) : undefined
  return seconds === undefined ? undefined : Math.round(seconds * 1000)
}

/** Seconds of an ISO 8601 duration; undefined if it is none. */
export function isoSeconds(duration: string): number | undefined {
  const match = /^P(?:([\d.]+)D)?(?:T(?:([\d.]+)H)?(?:([\d.]+)M)?(?:([\d.]+)S)?)?$/.exec(duration)
  if (match === null) return undefined
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = match.slice(1).map((part) => Number(part ?? 0))
  return ((days * 24 + hours) * 60 + minutes) * 60 + seconds
}
