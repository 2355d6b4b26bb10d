import { below, complain, isMap, isText, type Fields, type Place } from '../../kernel/grammar/place.ts'
import { datastoreUri } from '../../data/locations.ts'
import type { Json, Resource } from '../../kernel/resources/resource.ts'
import { labelsPath } from '../../serving/collection/labels/labels.ts'
import type { Signal } from '../signals/signal.ts'
import { spellDuration } from './duration.ts'
import { isEndpoint } from './target-id.ts'
import { kindOf } from './read/signal.ts'
import { plain } from './read/source.ts'
import { defaultsOf, performanceProperty } from './read/thresholds.ts'
import type { Target } from './target.ts'

const dayMs = 86_400_000

/** Azure ML's out-of-box signals by their names, for a deployment that collects its inputs and outputs. */
const outOfBox: Readonly<Record<string, Json>> = {
  'data-drift-signal': { signalType: 'DataDrift', features: { filterType: 'AllFeatures' } },
  'prediction-drift-signal': { signalType: 'PredictionDrift' },
  'data-quality-signal': { signalType: 'DataQuality', features: { filterType: 'AllFeatures' } },
}

/** What each kind looks at where a monitor does not say, of what its deployment has collected. */
const production: Readonly<Record<string, readonly string[]>> = {
  data_drift: ['model_inputs'],
  data_quality: ['model_inputs'],
  multivariate_drift: ['model_inputs'],
  prediction_drift: ['model_outputs'],
  feature_attribution_drift: ['model_inputs', 'model_outputs'],
  estimated_performance: ['model_inputs', 'model_outputs'],
  model_performance: ['model_inputs', 'model_outputs'],
  concept_drift: ['model_inputs', 'model_outputs'],
  fairness: ['model_inputs', 'model_outputs'],
}

/** Kinds that hold against production data of before where they are given no reference. */
const rollingReference = ['data_drift', 'data_quality', 'prediction_drift', 'multivariate_drift']

/**
 * What a definition leaves open is filled in with Azure ML's defaults, so that it says itself what is computed and every
 * client reads the same: signals, sources, windows. Pure. A window is as long as the monitor's period and at least a day;
 * data of before is twice as long and ends where the window of production begins, as azure-ai-ml has it.
 */
export function completeMonitor(definition: Json, target: Target, periodMs: number, place: Place): Json {
  const { deployment } = target
  const given = isMap(definition['signals']) ? definition['signals'] : {}
  const isOutOfBox = Object.keys(given).length === 0
  if (isOutOfBox && missing(target, ['model_inputs', 'model_outputs']).length > 0)
    complain(below(place, 'signals'), ' are missing', {
      hint:
        deployment === undefined
          ? 'name signals, or a deployment that collects model_inputs and model_outputs'
          : `deployment ${deployment.name} does not collect ${missing(target, ['model_inputs', 'model_outputs']).join(' and ')}`,
    })
  const signals = Object.entries(isOutOfBox ? outOfBox : given).map(([name, value]) => [
    name,
    isMap(value) ? completeSignal(value, target, periodMs, below(place, 'signals', name)) : value,
  ])
  const said = isMap(definition['monitoringTarget']) ? definition['monitoringTarget'] : undefined
  return {
    ...definition,
    ...(said === undefined || target.id === undefined
      ? {}
      : { monitoringTarget: { ...said, deploymentId: target.id } }),
    signals: Object.fromEntries(signals) as Json,
  }
}

function completeSignal(given: Fields, target: Target, periodMs: number, place: Place): Fields {
  // Its kind is complained of where it is read.
  const signal = kindOf({ path: [], mistakes: [] }, given)
  if (signal === undefined) return given
  const sizeMs = Math.max(periodMs, dayMs)
  const rolling = { sizeMs, offsetMs: 0 }
  const own = given['productionData']
  const said =
    own === undefined || own === null ? undefined : Array.isArray(own) ? (own as readonly unknown[]) : [own]
  const sources = said ?? (production[signal.kind] ?? []).map((context) => ({ dataContext: context }))
  const within = below(place, 'productionData')
  const completed = sources.map((source, i) =>
    isMap(source)
      ? completeSource(source, target, rolling, Array.isArray(own) ? below(within, i) : within)
      : source,
  )
  const isList =
    Array.isArray(own) || (said === undefined && completed.length !== 1) || asList.includes(signal.kind)
  const reference = referenceOf(given['referenceData'], signal, target, sizeMs, place)
  const inputs = given['inputAssets']
  return {
    ...given,
    signalType: signal.signalType,
    ...defaultThresholds(given, signal),
    ...(completed.length === 0 ? {} : { productionData: isList ? completed : completed[0] }),
    ...(reference === undefined ? {} : { referenceData: reference }),
    ...(isMap(inputs)
      ? {
          inputAssets: Object.fromEntries(
            Object.entries(inputs).map(([name, source]) => [
              name,
              isMap(source)
                ? completeSource(source, target, rolling, below(place, 'inputAssets', name))
                : source,
            ]),
          ),
        }
      : {}),
  }
}

/** The kind's own thresholds, where a signal says none in any of the ways there are. */
function defaultThresholds(given: Fields, signal: Signal<never>): Fields {
  const said = ['metricThresholds', 'metricThreshold'].some((key) => (given[key] ?? undefined) !== undefined)
  if (said || (isMap(given['properties']) && performanceProperty in given['properties'])) return {}
  const defaults = defaultsOf(signal, given)
  if (defaults.length === 0) return {}
  return {
    metricThresholds: defaults.map(({ group, wire, threshold }) => ({
      ...(group === undefined ? {} : { dataType: group === 'numerical' ? 'Numerical' : 'Categorical' }),
      metric: wire,
      threshold: { value: threshold },
    })),
  }
}

/** Kinds whose production data Azure's API has as a list, however many there are. */
const asList = ['feature_attribution_drift', 'model_performance']

function referenceOf(
  given: unknown,
  { kind, reference }: Signal<never>,
  target: Target,
  sizeMs: number,
  place: Place,
): unknown {
  const within = below(place, 'referenceData')
  const before = { sizeMs: 2 * sizeMs, offsetMs: sizeMs }
  if (isMap(given))
    return completeSource(given, target, isCollected(given, target) ? before : undefined, within)
  const context = production[kind]?.[0]
  const isOwn = given === undefined || given === null
  return isOwn && reference !== 'none' && context !== undefined && rollingReference.includes(kind)
    ? completeSource({ dataContext: context }, target, before, within)
    : given
}

/** True for what the deployment itself has collected: named by no data, or by the asset that they are. */
const isCollected = (source: Fields, target: Target): boolean =>
  !isText(source['uri']) || collectionOf(source['uri'], target) !== undefined

/**
 * Which collection a reference means: by the asset that it is now, by what assets of the watched endpoint are called (of a
 * deployment that answered before, for instance), or by where its labels are.
 */
function collectionOf(uri: string, { collections, deployment, id }: Target): string | undefined {
  if (deployment === undefined || id === undefined) return undefined
  const [, name, version] = /^azureml:([^/:]+):([^/:]+)$/i.exec(uri) ?? []
  const asset = (
    name === undefined
      ? uri.replace(/^azureml:(?=\/)/i, '')
      : `${deployment.scope}/data/${name}/versions/${version}`
  ).toLowerCase()
  const found = Object.entries(collections).find(([, one]) => one.toLowerCase() === asset)?.[0]
  if (found !== undefined) return found
  const endpoint = deployment.id.split('/').at(-3) ?? ''
  const labels = [
    labelsOf(deployment),
    `${deployment.scope}/data/${endpoint}-ground_truth/versions/1`,
    `azureml:${endpoint}-ground_truth:1`,
  ]
  if (labels.some((one) => one.toLowerCase() === uri.replace(/^azureml:(?=\/)/i, '').toLowerCase()))
    return 'ground_truth'
  if (!isEndpoint(id)) return undefined
  return Object.keys(collections).find(
    (name) =>
      asset.startsWith(`${deployment.scope}/data/${endpoint.toLowerCase()}-`) &&
      asset.endsWith(`-${name}/versions/1`),
  )
}

/** A source with what it does not say: which collection it is, and its window. */
function completeSource(
  { collected: _before, ...source }: Fields,
  target: Target,
  rolling: { readonly sizeMs: number; readonly offsetMs: number } | undefined,
  place: Place,
): Fields {
  const { collections, deployment } = target
  const uri = isText(source['uri']) ? source['uri'] : undefined
  const context = isText(source['dataContext']) ? plain(source['dataContext']) : undefined
  const named = Object.keys(collections).find((name) => plain(name) === context)
  // Inputs and outputs may be collected as one.
  const both = context === 'modelinputs' || context === 'modeloutputs' ? 'model_inputs_outputs' : undefined
  // Labels come by themselves, to whatever is collected.
  const labels = context === 'groundtruth' ? 'ground_truth' : undefined
  const collection =
    uri === undefined
      ? (named ?? labels ?? (both !== undefined && both in collections ? both : undefined))
      : collectionOf(uri, target)
  const window =
    rolling === undefined || isWindowed(source)
      ? {}
      : {
          inputDataType: 'Trailing',
          windowSize: spellDuration(rolling.sizeMs),
          windowOffset: spellDuration(rolling.offsetMs),
        }
  if (uri !== undefined && collection === undefined) return { ...source, ...window }
  if (deployment === undefined) return { ...source, ...window }
  if (collection === undefined) {
    complain(
      place,
      `: deployment ${deployment.name} does not collect ${isText(source['dataContext']) ? source['dataContext'] : 'that'}`,
      {
        hint: `it collects ${Object.keys(collections).join(', ') || 'nothing: switch its data collector on'}`,
      },
    )
    return source
  }
  const asset = collections[collection]
  return {
    ...source,
    uri: uri ?? (asset === undefined ? labelsOf(deployment) : `azureml:${asset}`),
    jobInputType: source['jobInputType'] ?? 'uri_folder',
    dataContext: source['dataContext'] ?? collection,
    ...window,
    collected: collection,
  }
}

/** Labels belong to an endpoint: whichever deployment answered, they come to one place. */
const labelsOf = ({ id }: Resource): string =>
  datastoreUri('workspaceblobstore', labelsPath(id.split('/').at(-3) ?? ''))

const isWindowed = (source: Fields): boolean =>
  isText(source['windowSize']) || isText(source['windowStart']) || isText(source['inputDataType'])

const missing = ({ collections }: Target, wanted: readonly string[]): readonly string[] =>
  wanted.filter((name) => !(name in collections) && !('model_inputs_outputs' in collections))
