import { isoDuration, pascal } from '../../bodies/values.ts'
import type { Json } from '../../client/client.ts'
import { Failure } from '../../failure.ts'
import type { Body } from '../../present/present.ts'
import { parseChange } from '../../yaml/change.ts'
import { setAt } from '../assets/versions.ts'

/**
 * What YAML's names of a deployment's settings, under `--set`, are in the body that the server has: durations are
 * seconds (or milliseconds, where their name says so) in YAML and ISO 8601 in the body.
 */
const renamed: Readonly<Record<string, readonly string[]>> = {
  'requestSettings.requestTimeoutMs': ['requestSettings', 'requestTimeout'],
  'requestSettings.maxQueueWaitMs': ['requestSettings', 'maxQueueWait'],
  'scaleSettings.type': ['scaleSettings', 'scaleType'],
  environment: ['environmentId'],
  type: ['endpointComputeType'],
}
const probes = ['livenessProbe', 'readinessProbe', 'startupProbe']
const seconds = new Set([
  'scaleSettings.pollingInterval',
  ...probes.flatMap((probe) => ['initialDelay', 'period', 'timeout'].map((name) => `${probe}.${name}`)),
])
const enums = new Set(['scaleSettings.type', 'egressPublicNetworkAccess', 'type'])
/** Maps whose keys are the user's and whose values are text. */
const texts = new Set(['properties', 'environmentVariables', 'tags'])

/** The body with each `--set`, in YAML's names. A name cannot change: Failure. */
export function changeDeployment(body: Body, sets: readonly string[]): Json {
  let result: Json = body
  for (const { path, value } of sets.map(parseChange)) {
    const [first = '', ...rest] = path.map((step, i) => (isOwnKey(path, i) ? step : camel(step)))
    const name = [first, ...rest].join('.')
    if (first === 'name' || first === 'endpointName')
      throw new Failure(`--set ${path.join('.')}: a name cannot change`)
    if (first === 'instanceCount') result = setAt(result, ['sku', 'capacity'], plain(value))
    else if (first === 'dataCollector') result = changeCollector(result, rest, value)
    else if (first === 'tags') result = setAt(result, [first, ...rest], value)
    else result = setAt(result, ['properties', ...(renamed[name] ?? [first, ...rest])], valueOf(name, value))
  }
  return result
}

/** Keys of users' own maps: their spelling is kept. */
const isOwnKey = (path: readonly (string | number)[], i: number): boolean =>
  i > 0 && (texts.has(camel(path[0])) || (i === 2 && path[1] === 'collections'))

/** A rate that stands above all collections is each one's own in the body. */
function changeCollector(body: Json, path: readonly (string | number)[], value: string): Json {
  const [first, name, field] = path
  const at = ['properties', 'dataCollector']
  if (first === 'samplingRate') {
    const { collections = {} } =
      (body['properties'] as { dataCollector?: { collections?: Json } }).dataCollector ?? {}
    return Object.keys(collections).reduce(
      (all, collection) => setAt(all, [...at, 'collections', collection, first], plain(value)),
      body,
    )
  }
  if (first === 'rollingRate') return setAt(body, [...at, first], pascal(value))
  if (first === 'collections' && name !== undefined && field === 'enabled') {
    if (!/^(true|false)$/i.test(value))
      throw new Failure(`--set data_collector.${path.join('.')}=${value}: true or false is expected`)
    const mode = /^true$/i.test(value) ? 'Enabled' : 'Disabled'
    return setAt(body, [...at, first, name, 'dataCollectionMode'], mode)
  }
  return setAt(body, [...at, ...path.map((step) => (step === 'data' ? 'dataId' : step))], plain(value))
}

function valueOf(name: string, value: string): unknown {
  if (texts.has(name.split('.')[0] ?? '')) return value
  if (name.endsWith('Ms') && renamed[name]) return isoDuration(number(name, value) / 1000)
  if (seconds.has(name)) return isoDuration(number(name, value))
  return enums.has(name) ? pascal(value) : plain(value)
}

function number(name: string, value: string): number {
  const read = Number(value)
  if (value.trim() === '' || !(read >= 0)) throw new Failure(`--set ${name}=${value}: a number is expected`)
  return read
}

function plain(value: string): unknown {
  if (/^-?\d+(\.\d+)?$/.test(value)) return Number(value)
  return /^(true|false)$/i.test(value) ? value.toLowerCase() === 'true' : value
}

const camel = (step: string | number | undefined): string =>
  String(step ?? '').replaceAll(/_([a-z])/g, (_, c: string) => c.toUpperCase())
