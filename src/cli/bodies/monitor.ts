import type { Json } from '../client/client.ts'
import { clean } from '../present/present.ts'
import { isList } from '../yaml/shapes/monitor.ts'
import type { Monitor, MonitorSignal, MonitorSource, MonitorThresholds } from '../yaml/shapes/monitor.ts'
import { inputBody, pascal } from './values.ts'

/** Where data lies once local paths are uploaded: the reference as it is, or where it was uploaded to. */
type SourcePath = (path: string) => string

/** Azure's `monitorDefinition`. What a file leaves open stays open: the server has the defaults. */
export function monitorDefinition(monitor: Monitor, pathOf: SourcePath): Json {
  const {
    monitoring_target: target,
    alert_notification: alert,
    compute,
    monitoring_signals: signals,
  } = monitor
  return clean({
    computeConfiguration: computeBody(compute),
    monitoringTarget:
      target === undefined
        ? undefined
        : clean({
            taskType: target.ml_task === undefined ? undefined : pascal(target.ml_task),
            deploymentId: target.endpoint_deployment_id,
            modelId: target.model_id,
          }),
    signals: Object.fromEntries(
      Object.entries(signals ?? {}).map(([name, signal]) => [
        name,
        signal === null ? {} : signalBody(signal, pathOf),
      ]),
    ),
    alertNotificationSetting: alertBody(alert),
  })
}

function computeBody(compute: Monitor['compute']): Json {
  const said = typeof compute === 'object' ? compute : {}
  return {
    computeType: 'ServerlessSpark',
    computeIdentity: { computeIdentityType: 'AmlToken' },
    instanceType: said.instance_type ?? 'standard_e4s_v3',
    runtimeVersion: said.runtime_version ?? '3.4',
  }
}

function alertBody(alert: Monitor['alert_notification']): Json | undefined {
  if (alert === undefined) return undefined
  if (typeof alert === 'string') return { alertNotificationType: 'AzureMonitor' }
  return { alertNotificationType: 'Email', emailNotificationSetting: { emails: alert.emails ?? [] } }
}

/** Keys that a signal's body has under another name, or in another shape. */
const known = new Set([
  'type',
  'production_data',
  'reference_data',
  'features',
  'feature_type_override',
  'metric_thresholds',
  'data_segment',
  'alert_enabled',
  'properties',
  'segments',
  'thresholds_from_reference',
  'input_data',
  'inputs',
  'connection',
  'model_type',
])

function signalBody(signal: MonitorSignal, pathOf: SourcePath): Json {
  const { production_data: production, reference_data: reference, data_segment: segment, features } = signal
  const { segments } = signal
  const isProductionList = Array.isArray(production)
  const own = Object.entries(signal).filter(([key]) => !known.has(key))
  const { connection } = signal as Json
  return clean({
    signalType: pascal(signal.type),
    ...Object.fromEntries(own.map(([key, value]) => [camel(key), value])),
    productionData:
      production === undefined
        ? undefined
        : isProductionList
          ? (production as readonly MonitorSource[]).map((one) => sourceBody(one, pathOf))
          : sourceBody(production, pathOf),
    referenceData: reference === undefined ? undefined : sourceBody(reference, pathOf, 'Fixed'),
    inputAssets:
      signal.input_data === undefined
        ? undefined
        : Object.fromEntries(
            Object.entries(signal.input_data).flatMap(([name, one]) =>
              one === null ? [] : [[name, sourceBody(one, pathOf)]],
            ),
          ),
    inputs:
      signal.inputs === undefined
        ? undefined
        : Object.fromEntries(
            Object.entries(signal.inputs).map(([name, one]) => [name, inputBody(one, pathOf, 'job')]),
          ),
    workspaceConnection: connection,
    features:
      features === undefined
        ? undefined
        : features === 'all_features'
          ? { filterType: 'AllFeatures' }
          : 'top_n_feature_importance' in (features as object)
            ? {
                filterType: 'TopNByAttribution',
                top: (features as { top_n_feature_importance: number }).top_n_feature_importance,
              }
            : { filterType: 'FeatureSubset', features },
    featureDataTypeOverride: signal.feature_type_override,
    dataSegment:
      segment === undefined ? undefined : { feature: segment.feature_name, values: segment.feature_values },
    mode: signal.alert_enabled === false ? 'Disabled' : 'Enabled',
    properties: signal.properties,
    segments: typeof segments === 'string' ? [segments] : segments,
    thresholdsFromReference: signal.thresholds_from_reference,
    ...thresholdBodies(signal.type, signal.metric_thresholds),
  })
}

const camel = (key: string): string =>
  key.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())

/** Azure has one object for attribution and performance, and a list for all others; ours have the list of all, too. */
function thresholdBodies(kind: string, given: MonitorThresholds | undefined): Json {
  if (given === undefined) return {}
  const all = isList(given)
    ? given.map(({ metric_name: metric, threshold, applicable_feature_type: type }) =>
        thresholdBody(metric, threshold, type),
      )
    : Object.entries(given).flatMap(([name, limit]) =>
        limit === null || typeof limit === 'number'
          ? [thresholdBody(name, limit ?? undefined)]
          : Object.entries(limit).map(([metric, one]) => thresholdBody(metric, one ?? undefined, name)),
      )
  const [first] = all
  if (kind === 'feature_attribution_drift') return { metricThreshold: first }
  return { metricThresholds: all, ...(kind === 'model_performance' ? { metricThreshold: first } : {}) }
}

const thresholdBody = (metric: string, threshold?: number, group?: string): Json =>
  clean({
    ...(group === undefined
      ? {}
      : { [group === 'numerical' || group === 'categorical' ? 'dataType' : 'modelType']: pascal(group) }),
    metric: metric.includes('_') || group !== undefined ? pascal(metric) : metric,
    threshold: threshold === undefined ? undefined : { value: threshold },
  })

/** `without` a window: what a reference is then, where it is data that a model was made with. */
function sourceBody(source: MonitorSource, pathOf: SourcePath, without?: 'Fixed'): Json {
  const { input_data: input, data_window: window = {}, target_column_name: target } = source
  const said = typeof input === 'string' ? { path: input, type: undefined } : input
  const type = said?.type ?? 'uri_folder'
  const size = window.lookback_window_size ?? window.trailing_window_size ?? source.data_window_size
  const offset = window.lookback_window_offset ?? window.trailing_window_offset
  const columns = { ...(target === undefined ? {} : { target_column: target }), ...source.data_column_names }
  const isStatic = window.window_start !== undefined || window.window_end !== undefined
  const isFixed = without !== undefined && said !== undefined && size === undefined && !isStatic
  return clean({
    ...(isStatic
      ? { inputDataType: 'Static', windowStart: window.window_start, windowEnd: window.window_end }
      : isSaid(size)
        ? // What azure-ai-ml sends, and what it understands when it reads the schedule.
          { inputDataType: 'Trailing', windowSize: size, windowOffset: isSaid(offset) ? offset : 'P0D' }
        : isFixed && isWhole(source)
          ? { inputDataType: without }
          : {}),
    dataContext: source.data_context,
    columns: Object.keys(columns).length === 0 ? undefined : columns,
    jobInputType: said === undefined ? undefined : type,
    uri: said === undefined ? undefined : pathOf(said.path),
    preprocessingComponentId: source.pre_processing_component,
  })
}

const isSaid = (length: string | undefined): length is string =>
  length !== undefined && length.toLowerCase() !== 'default'

/** Data that a model was made with is looked at whole where no window is said; what production has, by windows. */
const isWhole = ({ data_context: context }: MonitorSource): boolean =>
  context === undefined || ['training', 'test', 'validation'].includes(context)
