import type { Json } from '../client/client.ts'
import { clean } from '../present/present.ts'
import type { OnlineDeployment, OnlineEndpoint } from '../yaml/shapes/serving.ts'
import { identityBody } from './platform.ts'
import { camelKeys, isoDuration, pascal } from './values.ts'

const authModes = { key: 'Key', aml_token: 'AMLToken', aad_token: 'AADToken' } as const

/** The body of `PUT …/onlineEndpoints/{name}`. */
export function endpointBody(
  endpoint: OnlineEndpoint,
  parts: { readonly location: string; readonly computeId: string | undefined },
): Json {
  return clean({
    location: endpoint.location ?? parts.location,
    tags: endpoint.tags ?? {},
    identity: identityBody(endpoint.identity) ?? { type: 'SystemAssigned' },
    properties: clean({
      authMode: authModes[endpoint.auth_mode ?? 'key'],
      description: endpoint.description,
      compute: parts.computeId,
      traffic: endpoint.traffic ?? {},
      mirrorTraffic: endpoint.mirror_traffic ?? {},
      publicNetworkAccess: pascal(endpoint.public_network_access ?? 'enabled'),
      properties: endpoint.properties ?? {},
    }),
  })
}

export interface DeploymentParts {
  readonly location: string
  readonly modelId: string | undefined
  readonly codeId: string | undefined
  readonly environmentId: string | undefined
  /** Ids of the data assets of collections that have one, by collection. */
  readonly collected?: ReadonlyMap<string, string>
}

/** The body of `PUT …/onlineEndpoints/{endpoint}/deployments/{name}`. */
export function deploymentBody(deployment: OnlineDeployment, parts: DeploymentParts): Json {
  const { code_configuration: code, request_settings: request, scale_settings: scale, resources } = deployment
  return {
    location: parts.location,
    tags: deployment.tags ?? {},
    sku: { name: 'Default', capacity: deployment.instance_count ?? 1 },
    properties: clean({
      endpointComputeType: deployment.type === 'kubernetes' ? 'Kubernetes' : 'Managed',
      description: deployment.description,
      model: parts.modelId,
      modelMountPath: deployment.model_mount_path,
      codeConfiguration:
        code === undefined ? undefined : clean({ codeId: parts.codeId, scoringScript: code.scoring_script }),
      environmentId: parts.environmentId,
      environmentVariables: deployment.environment_variables ?? {},
      instanceType:
        deployment.instance_type ?? (deployment.type === 'kubernetes' ? undefined : 'Standard_DS3_v2'),
      appInsightsEnabled: deployment.app_insights_enabled ?? false,
      egressPublicNetworkAccess:
        deployment.egress_public_network_access === undefined
          ? undefined
          : pascal(deployment.egress_public_network_access),
      requestSettings:
        request === undefined
          ? undefined
          : clean({
              requestTimeout:
                request.request_timeout_ms === undefined
                  ? undefined
                  : isoMilliseconds(request.request_timeout_ms),
              maxConcurrentRequestsPerInstance: request.max_concurrent_requests_per_instance,
              maxQueueWait:
                request.max_queue_wait_ms === undefined
                  ? undefined
                  : isoMilliseconds(request.max_queue_wait_ms),
            }),
      scaleSettings: scaleBody(scale),
      livenessProbe: probeBody(deployment.liveness_probe),
      readinessProbe: probeBody(deployment.readiness_probe),
      startupProbe: probeBody(deployment.startup_probe),
      containerResourceRequirements:
        resources === undefined
          ? undefined
          : clean({
              containerResourceRequests: resources.requests,
              containerResourceLimits: resources.limits,
            }),
      dataCollector: collectorBody(deployment.data_collector, parts.collected),
      properties: deployment.properties ?? {},
    }),
  }
}

function scaleBody(scale: OnlineDeployment['scale_settings']): Json {
  if (scale === undefined || scale.type === 'default') return { scaleType: 'Default' }
  return clean({
    scaleType: 'TargetUtilization',
    minInstances: scale.min_instances,
    maxInstances: scale.max_instances,
    targetUtilizationPercentage: scale.target_utilization_percentage,
    pollingInterval: scale.polling_interval === undefined ? undefined : isoDuration(scale.polling_interval),
  })
}

function probeBody(probe: OnlineDeployment['liveness_probe']): Json | undefined {
  if (probe === undefined) return undefined
  const duration = (seconds: number | undefined) => (seconds === undefined ? undefined : isoDuration(seconds))
  return clean({
    ...camelKeys(probe),
    initialDelay: duration(probe.initial_delay),
    period: duration(probe.period),
    timeout: duration(probe.timeout),
  })
}

function collectorBody(
  collector: OnlineDeployment['data_collector'],
  data: DeploymentParts['collected'],
): Json | undefined {
  if (collector === undefined) return undefined
  return clean({
    rollingRate: collector.rolling_rate === undefined ? undefined : pascal(collector.rolling_rate),
    requestLogging:
      collector.request_logging === undefined
        ? undefined
        : { captureHeaders: collector.request_logging.capture_headers ?? [] },
    collections: Object.fromEntries(
      Object.entries(collector.collections ?? {}).map(([name, c]) => [
        name,
        clean({
          dataCollectionMode: /^true$/i.test(c?.enabled ?? '') ? 'Enabled' : 'Disabled',
          samplingRate: c?.sampling_rate ?? collector.sampling_rate ?? 1,
          dataId: data?.get(name),
          clientId: c?.client_id,
        }),
      ]),
    ),
  })
}

const isoMilliseconds = (ms: number) => `PT${ms / 1000}S`
