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
    const [first = '', ...rest] = path.map((step, i) =>
      i > 0 && texts.has(camel(path[0])) ? step : camel(step),
    )
    const name = [first, ...rest].join('.')
    if (first === 'name' || first === 'endpointName')
      throw new Failure(`--set ${path.join('.')}: a name cannot change`)
    if (first === 'instanceCount') result = setAt(result, ['sku', 'capacity'], plain(value))
    else if (first === 'tags') result = setAt(result, [first, ...rest], value)
    else result = setAt(result, ['properties', ...(renamed[name] ?? [first, ...rest])], valueOf(name, value))
  }
  return result
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
