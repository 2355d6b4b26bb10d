import { RemoteFailure } from '../client/remote-failure.ts'
import type { Io } from '../io.ts'
import { snake } from '../present/present.ts'
import { settle, type Problem } from '../yaml/problem.ts'
import { dotted, rangeAt, type Path, type Source } from '../yaml/source.ts'

/** Below which the server names places in a monitor. */
const root = 'properties.action.monitorDefinition.'

/** Keys that YAML has under another name, or one level deeper. */
const keys: Readonly<Record<string, readonly string[]>> = {
  signals: ['monitoring_signals'],
  signalType: ['type'],
  mode: ['alert_enabled'],
  deploymentId: ['endpoint_deployment_id'],
  taskType: ['ml_task'],
  uri: ['input_data', 'path'],
  jobInputType: ['input_data', 'type'],
  columns: ['data_column_names'],
  windowSize: ['data_window', 'lookback_window_size'],
  windowOffset: ['data_window', 'lookback_window_offset'],
  windowStart: ['data_window', 'window_start'],
  windowEnd: ['data_window', 'window_end'],
  inputAssets: ['input_data'],
  metricThreshold: ['metric_thresholds'],
  workspaceConnection: ['connection'],
  alertNotificationSetting: ['alert_notification'],
  emailNotificationSetting: [],
  feature: ['feature_name'],
  values: ['feature_values'],
}

/**
 * What a server refuses of a monitor is told at its place in the file that says it; any other failure is thrown as it is.
 */
export function throwAtPlaces(error: unknown, source: Source, io: Io): never {
  const details = error instanceof RemoteFailure && error.status === 400 ? error.details : []
  const placed = details.filter(({ target }) => target?.startsWith(root) === true)
  if (placed.length === 0 || placed.length < details.length) throw error
  settle(
    placed.map(({ target = '', message = '' }) => problemAt(source, target.slice(root.length), message)),
    io,
  )
  throw error
}

function problemAt(source: Source, target: string, message: string): Problem {
  const path: Path = ['create_monitor', ...yamlPath(target)]
  // What was uploaded is known by its name here.
  const said = message.replaceAll(/azureml:\/\/\S*?\/LocalUpload\/[0-9a-f]+\/([^\s;,]+)/g, '$1')
  return { source, range: rangeAt(source, path), severity: 'error', message: `${dotted(path)}: ${said}` }
}

/** `signals.drift.productionData.windowSize` as files have it. Pure. */
export function yamlPath(target: string): Path {
  const [first = '', name, ...rest] = target.split('.')
  const own = first === 'signals' && name !== undefined ? [name] : []
  const others = own.length > 0 ? rest : [name, ...rest].filter((step) => step !== undefined)
  return [
    ...(keys[first] ?? [snake(first)]),
    ...own,
    ...others.flatMap((step): Path => (/^\d+$/.test(step) ? [Number(step)] : (keys[step] ?? [snake(step)]))),
  ]
}
