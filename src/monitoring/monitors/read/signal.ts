import { fieldsOf, optional, perhaps } from '../../../kernel/grammar/fields.ts'
import {
  below,
  complain,
  isMap,
  isText,
  shown,
  spelled,
  type Fields,
  type Place,
} from '../../../kernel/grammar/place.ts'
import { readBy } from '../../../kernel/grammar/schema.ts'
import { count, listOf, oneOf, text, type Read } from '../../../kernel/grammar/values.ts'
import { nearest } from '../../../kernel/nearest.ts'
import type { Json } from '../../../kernel/resources/resource.ts'
import type { Signal } from '../../signals/signal.ts'
import { nearestKind, signalOf, signals } from '../../signals/signals.ts'
import type { DataSource, Features, PlannedSignal } from '../monitor.ts'
import { columns, plain, source } from './source.ts'
import { thresholdsOf } from './thresholds.ts'

/** What all kinds have alike; everything else is a kind's own. */
const common = new Set([
  'signalType',
  'mode',
  'notificationTypes',
  'properties',
  'productionData',
  'referenceData',
  'features',
  'featureDataTypeOverride',
  'featureImportanceSettings',
  'metricThresholds',
  'metricThreshold',
  'modelType',
  'dataSegment',
  'inputAssets',
  'segments',
  'thresholdsFromReference',
  'correction',
])

/** So many of the most important features are watched where the reference is training data, as Azure has it. */
const topByDefault = 10

/** The kind that a signal says it is, or undefined with a complaint. */
export function kindOf(place: Place, fields: Fields): Signal<never> | undefined {
  const { signalType: kind } = fields
  const found = isText(kind) ? signalOf(kind) : undefined
  if (found !== undefined) return found
  const near = isText(kind) ? nearestKind(kind) : undefined
  return complain(below(place, 'signalType'), `: ${shown(kind)} is not a kind of signal`, {
    hint:
      near === undefined ? `one of ${signals.map((one) => one.kind).join(', ')}` : `did you mean ${near}?`,
  })
}

/** Reads one signal of a completed definition; what is wrong is complained of, and then the answer is of no use. */
export function readSignal(place: Place, name: string, value: unknown, at: Date): PlannedSignal | undefined {
  if (!isMap(value))
    return complain(place, `: ${shown(value)} is not a signal`, { hint: '{ signalType: DataDrift, …}' })
  const signal = kindOf(place, value)
  if (signal === undefined) return undefined
  const production = sourcesOf(place, value['productionData'], at)
  if (
    production.length === 0 &&
    signal.metrics.length > 0 &&
    (value['productionData'] ?? undefined) === undefined
  )
    complain(below(place, 'productionData'), ' is missing', {
      hint: 'name data, or watch a deployment that collects its inputs and outputs',
    })
  const reference =
    signal.reference === 'none' ? undefined : perhaps(place, value, 'referenceData', source(at))
  if (signal.reference === 'required' && (value['referenceData'] ?? undefined) === undefined)
    complain(below(place, 'referenceData'), ` is missing: ${signal.kind} needs data to hold against`)
  const inputs = perhaps(place, value, 'inputAssets', (within, given) => namedSources(within, given, at))
  const target = isMap(value['featureImportanceSettings'])
    ? value['featureImportanceSettings']['targetColumn']
    : undefined
  const known = reference === undefined || !isText(target) ? reference : withTarget(reference, target)
  const segment = perhaps(place, value, 'dataSegment', segmentOf)
  return {
    name,
    kind: signal.kind,
    production,
    ...(known === undefined ? {} : { reference: known }),
    ...(inputs === undefined ? {} : { inputs }),
    features: optional(place, value, 'features', featuresOf, defaultFeatures(signal, known)) ?? { all: true },
    types: optional(place, value, 'featureDataTypeOverride', types, {}) ?? {},
    ...(segment === undefined ? {} : { segment }),
    segments: optional(place, value, 'segments', listOf(text, { single: true, what: 'columns' }), []) ?? [],
    thresholds: thresholdsOf(place, value, signal),
    alertEnabled: alertsOf(place, value),
    parameters: parametersOf(place, value, signal),
  }
}

/** Azure has one object for some kinds, a list of them for others; both are understood for all. */
function sourcesOf(place: Place, value: unknown, at: Date): readonly DataSource[] {
  if (value === undefined || value === null) return []
  const within = below(place, 'productionData')
  const read = Array.isArray(value)
    ? value.map((one: unknown, i) => source(at)(below(within, i), one))
    : [source(at)(within, value)]
  return read.filter((one) => one !== undefined)
}

function namedSources(
  place: Place,
  value: unknown,
  at: Date,
): Readonly<Record<string, DataSource>> | undefined {
  if (!isMap(value)) return complain(place, `: ${shown(value)} is not a map of sources`)
  const read = Object.entries(value).map(
    ([name, one]) => [name, source(at)(below(place, name), one)] as const,
  )
  return Object.fromEntries(read.flatMap(([name, one]) => (one === undefined ? [] : [[name, one]])))
}

const withTarget = (reference: DataSource, target: string): DataSource => ({
  ...reference,
  columns: { target_column: target, ...reference.columns },
})

const defaultFeatures = ({ kind }: Signal<never>, reference: DataSource | undefined): Features =>
  reference?.context === 'training' && (kind === 'data_drift' || kind === 'data_quality')
    ? { top: topByDefault }
    : { all: true }

const featuresOf: Read<Features> = (place, value) => {
  const fields = fieldsOf(place, value, ['filterType', 'features', 'top'], {
    what: 'a choice of features',
    example: '{ filterType: AllFeatures }',
  })
  const kind = isText(fields?.['filterType']) ? plain(fields['filterType']) : undefined
  if (fields === undefined) return undefined
  if (kind === 'allfeatures') return { all: true }
  if (kind === 'featuresubset') {
    const names = listOf(text, { what: 'features' })(below(place, 'features'), fields['features'])
    return names === undefined ? undefined : { names }
  }
  if (kind === 'topnbyattribution' || kind === 'topnfeaturesbyattribution') {
    const top = optional(place, fields, 'top', count, topByDefault)
    return top === undefined || top > 0
      ? { top: top ?? topByDefault }
      : complain(below(place, 'top'), ' is not above 0')
  }
  return complain(
    below(place, 'filterType'),
    `: ${shown(fields['filterType'])} is not one of AllFeatures, FeatureSubset, TopNByAttribution`,
  )
}

const types: Read<PlannedSignal['types']> = (place, value) => {
  const read = columns(place, value)
  return Object.fromEntries(
    Object.entries(read ?? {}).flatMap(([column, type]) => {
      const found = oneOf('numerical', 'categorical')(below(place, column), type)
      return found === undefined ? [] : [[column, found]]
    }),
  )
}

const segmentOf: Read<NonNullable<PlannedSignal['segment']>> = (place, value) => {
  const fields = fieldsOf(place, value, ['feature', 'values'], {
    what: 'a segment',
    example: '{ feature: carrier, values: [AA] }',
  })
  if (fields === undefined) return undefined
  const feature = text(below(place, 'feature'), fields['feature'])
  const values = listOf(
    (within, one) => (typeof one === 'number' || typeof one === 'boolean' ? String(one) : text(within, one)),
    { single: true, what: 'values' },
  )(below(place, 'values'), fields['values'])
  return feature === undefined || values === undefined ? undefined : { feature, values }
}

/** Previews have a mode, the canonical version a list of notifications; where nothing is said, people are told. */
function alertsOf(place: Place, { mode, notificationTypes }: Fields): boolean {
  if (mode !== undefined && mode !== null)
    return oneOf('enabled', 'disabled')(below(place, 'mode'), mode) !== 'disabled'
  return !Array.isArray(notificationTypes) || notificationTypes.length > 0
}

/** The kind's own keys, spelt as YAML spells them, checked and completed by the kind. */
function parametersOf(place: Place, fields: Fields, { parameters, kind }: Signal<never>): Json {
  const spellings = new Map<string, string>()
  const own = Object.fromEntries(
    Object.entries(fields).flatMap(([key, value]) => {
      if (common.has(key) || value === null) return []
      const name = key === 'workspaceConnection' ? 'connection' : snake(key)
      spellings.set(name, key)
      return [[name, value]]
    }),
  )
  const scratch: Place = { path: place.path, mistakes: [] }
  const read = readBy<Json>(scratch, own, parameters, kind)
  const depth = place.path.length
  for (const { path, part, message, hint } of scratch.mistakes) {
    const key = String(path[depth] ?? '')
    const at = [...path]
    if (path.length > depth) at[depth] = spellings.get(key) ?? key
    const near = part === 'key' && at.length === depth + 1 ? nearest(String(at[depth]), common) : undefined
    place.mistakes.push({
      path: at,
      part,
      message: `${spelled(at)}${message.slice(spelled(path).length)}`,
      ...(near === undefined && hint === undefined
        ? {}
        : { hint: near === undefined ? hint : `did you mean ${near}?` }),
    })
  }
  return read ?? {}
}

const snake = (key: string): string => key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
