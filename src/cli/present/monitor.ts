import type { Json } from '../client/client.ts'
import { clean, lower, snake } from './present.ts'

/** A monitor as its YAML has it, of Azure's `monitorDefinition`. */
export function presentMonitor(given: unknown): Json | undefined {
  if (!isMap(given)) return undefined
  const { computeConfiguration, monitoringTarget, signals } = given
  const target = isMap(monitoringTarget) ? monitoringTarget : undefined
  return clean({
    compute: isMap(computeConfiguration)
      ? clean({
          instance_type: computeConfiguration['instanceType'],
          runtime_version: computeConfiguration['runtimeVersion'],
        })
      : undefined,
    monitoring_target:
      target === undefined
        ? undefined
        : clean({
            ml_task: lower(target['taskType']),
            endpoint_deployment_id: shortDeployment(target['deploymentId']),
            model_id: target['modelId'],
          }),
    monitoring_signals: Object.fromEntries(
      Object.entries(isMap(signals) ? signals : {}).map(([name, signal]) => [
        name,
        isMap(signal) ? presentSignal(signal) : signal,
      ]),
    ),
    alert_notification: presentAlerts(given),
  })
}

const isMap = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** `azureml:endpoint:deployment` or `azureml:endpoint`, as files say it. */
function shortDeployment(id: unknown): unknown {
  const [, endpoint, deployment] =
    typeof id === 'string' ? (/\/onlineEndpoints\/([^/]+)(?:\/deployments\/([^/]+))?$/i.exec(id) ?? []) : []
  if (endpoint === undefined) return id
  return `azureml:${endpoint}${deployment === undefined ? '' : `:${deployment}`}`
}

function presentAlerts(given: Json): unknown {
  const settings = given['alertNotificationSetting'] ?? given['alertNotificationSettings']
  if (!isMap(settings)) return undefined
  if (settings['alertNotificationType'] === 'AzureMonitor') return 'azmonitoring'
  const mail = settings['emailNotificationSetting'] ?? settings['emailNotificationSettings']
  return isMap(mail) ? { emails: mail['emails'] ?? [] } : undefined
}

/** What is said otherwise than in snake case. */
const apart = new Set([
  'signalType',
  'mode',
  'notificationTypes',
  'productionData',
  'referenceData',
  'inputAssets',
  'features',
  'featureDataTypeOverride',
  'metricThresholds',
  'metricThreshold',
  'dataSegment',
  'workspaceConnection',
  'modelType',
  'properties',
])

function presentSignal(signal: Json): Json {
  const { productionData, referenceData, inputAssets, dataSegment } = signal
  const own = Object.entries(signal).filter(([key, value]) => !apart.has(key) && value !== null)
  return clean({
    type: typeof signal['signalType'] === 'string' ? snake(signal['signalType']) : undefined,
    production_data: Array.isArray(productionData)
      ? productionData.map((one: unknown) => (isMap(one) ? presentSource(one) : one))
      : isMap(productionData)
        ? presentSource(productionData)
        : undefined,
    reference_data: isMap(referenceData) ? presentSource(referenceData) : undefined,
    input_data: isMap(inputAssets)
      ? Object.fromEntries(
          Object.entries(inputAssets).map(([name, one]) => [name, isMap(one) ? presentSource(one) : one]),
        )
      : undefined,
    features: presentFeatures(signal['features']),
    feature_type_override: signal['featureDataTypeOverride'],
    data_segment: isMap(dataSegment)
      ? { feature_name: dataSegment['feature'], feature_values: dataSegment['values'] }
      : undefined,
    ...Object.fromEntries(own.map(([key, value]) => [snake(key), value])),
    metric_thresholds: presentThresholds(signal),
    alert_enabled: signal['mode'] !== 'Disabled',
  })
}

function presentFeatures(features: unknown): unknown {
  if (!isMap(features)) return undefined
  if (Array.isArray(features['features'])) return features['features']
  return typeof features['top'] === 'number' ? { top_n_feature_importance: features['top'] } : 'all_features'
}

function presentSource(source: Json): Json {
  const { uri, jobInputType, windowSize, windowOffset, windowStart, windowEnd } = source
  return clean({
    input_data:
      source['collected'] !== undefined || typeof uri !== 'string'
        ? undefined
        : clean({ path: uri, type: jobInputType }),
    data_context: source['dataContext'],
    data_window:
      windowSize !== undefined
        ? clean({ lookback_window_size: windowSize, lookback_window_offset: windowOffset })
        : windowStart !== undefined
          ? clean({ window_start: windowStart, window_end: windowEnd })
          : undefined,
    data_column_names: source['columns'],
    pre_processing_component: source['preprocessingComponentId'],
  })
}

/** By group where metrics have one, by metric where not; of custom signals the list that they are. */
function presentThresholds(signal: Json): unknown {
  const { metricThresholds: several, metricThreshold: single, properties } = signal
  const written = isMap(properties)
    ? properties['azureml.modelmonitor.model_performance_thresholds']
    : undefined
  const all: unknown = Array.isArray(several)
    ? several
    : typeof written === 'string'
      ? JSON.parse(written)
      : single === undefined || single === null
        ? undefined
        : [single]
  if (!Array.isArray(all)) return undefined
  const each = all.filter(isMap).map((one) => ({
    group: [one['dataType'], one['modelType']].find((group) => typeof group === 'string'),
    metric: String(one['metric']),
    value: isMap(one['threshold']) ? one['threshold']['value'] : undefined,
  }))
  if (signal['signalType'] === 'Custom')
    return each.map(({ metric, value }) => clean({ metric_name: metric, threshold: value }))
  const byGroup: Record<string, unknown> = {}
  for (const { group, metric, value } of each) {
    const name = snake(metric)
    if (group === undefined) byGroup[name] = value
    else {
      const key = group.toLowerCase()
      byGroup[key] = { ...(byGroup[key] as Json | undefined), [name]: value }
    }
  }
  return byGroup
}
