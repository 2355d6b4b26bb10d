import { fieldsOf, optional, perhaps } from '../../../kernel/grammar/fields.ts'
import {
  below,
  complain,
  isMap,
  isText,
  shown,
  type Fields,
  type Place,
} from '../../../kernel/grammar/place.ts'
import { count, number, oneOf } from '../../../kernel/grammar/values.ts'
import { nearest } from '../../../kernel/nearest.ts'
import type { Signal, SignalMetric } from '../../signals/signal.ts'
import type { Thresholds } from '../monitor.ts'
import { plain } from './source.ts'

/** Where azure-ai-ml writes thresholds of performance, since its REST model has none but accuracy: a JSON list as text. */
export const performanceProperty = 'azureml.modelmonitor.model_performance_thresholds'

/**
 * The thresholds that a kind has where a signal says none. Of metrics of single columns there are none where limits come
 * from the reference: a constant would win over those.
 */
export const defaultsOf = (
  { metrics }: Signal<never>,
  fields: Fields,
): readonly (SignalMetric & { readonly threshold: number })[] =>
  metrics.flatMap((metric) => {
    const { threshold, group } = metric
    const isLearned = (fields['thresholdsFromReference'] ?? undefined) !== undefined && group !== undefined
    return threshold === undefined || isLearned ? [] : [{ ...metric, threshold }]
  })

/** Names of metrics that documentation and previews have for others of the same. */
const aliases: Readonly<Record<string, string>> = {
  chisquaredtest: 'pearsons_chi_squared_test',
  normalizedwasserstein: 'normalized_wasserstein_distance',
  meanabsoluteerror: 'mae',
  meansquarederror: 'mse',
  rootmeansquarederror: 'rmse',
  outofboundrate: 'out_of_bounds_rate',
}

type Constant = Record<string, Record<string, number>>

/** Reads what a signal says of thresholds, in every place where versions of Azure's API have them. */
export function thresholdsOf(place: Place, fields: Fields, signal: Signal<never>): Thresholds {
  const given = listOf(place, fields)
  const constant: Constant = {}
  for (const [at, one] of given) readOne(at, one, signal, constant)
  const fromReference = perhaps(place, fields, 'thresholdsFromReference', (within, value) => {
    const read = fieldsOf(within, value, ['deviations', 'chunks'], {
      what: 'thresholds from the reference',
      example: '{ deviations: 3, chunks: 10 }',
    })
    if (read === undefined) return undefined
    const deviations = optional(within, read, 'deviations', number, 3) ?? 3
    const chunks = optional(within, read, 'chunks', count, 10) ?? 10
    if (deviations <= 0) complain(below(within, 'deviations'), ' is not above 0')
    if (chunks < 3 || chunks > 1000) complain(below(within, 'chunks'), ' is not between 3 and 1000')
    return { deviations, chunks }
  })
  // Limits that are asked of the reference are not to stand back behind those that nobody has named.
  if (given.length === 0 && fromReference === undefined)
    for (const { name, group = '', threshold } of defaultsOf(signal, fields))
      (constant[group] ??= {})[name] = threshold
  return {
    constant,
    ...(fromReference === undefined ? {} : { fromReference }),
    correction:
      optional(place, fields, 'correction', oneOf('none', 'benjamini_hochberg', 'holm'), 'none') ?? 'none',
  }
}

/** All thresholds with where each stands: a list, the only one of some kinds, or text in the properties. */
function listOf(place: Place, fields: Fields): readonly (readonly [Place, unknown])[] {
  const { metricThresholds: several, metricThreshold: single, properties } = fields
  if (Array.isArray(several))
    return several.map((one: unknown, i) => [below(place, 'metricThresholds', i), one] as const)
  if (several !== undefined && several !== null)
    complain(below(place, 'metricThresholds'), `: ${shown(several)} is not a list of thresholds`)
  const written = isMap(properties) ? properties[performanceProperty] : undefined
  if (isText(written)) {
    const at = below(place, 'properties', performanceProperty)
    try {
      const parsed: unknown = JSON.parse(written)
      if (Array.isArray(parsed)) return parsed.map((one: unknown) => [at, one] as const)
    } catch {
      complain(at, ' is not a list of thresholds in JSON')
    }
  }
  return single === undefined || single === null ? [] : [[below(place, 'metricThreshold'), single]]
}

function readOne(place: Place, value: unknown, signal: Signal<never>, into: Constant): undefined {
  const fields = fieldsOf(place, value, ['dataType', 'modelType', 'metric', 'threshold'], {
    what: 'a threshold',
    example: '{ metric: jensenShannonDistance, dataType: Numerical, threshold: { value: 0.1 } }',
  })
  if (fields === undefined) return
  const { metric, threshold } = fields
  if (!isText(metric))
    return complain(below(place, 'metric'), `: ${shown(metric)} is not the name of a metric`)
  const said = [fields['dataType'], fields['modelType']].find(isText)?.toLowerCase()
  const found = metricOf(signal, metric, said)
  if (found === undefined) {
    const names = [...new Set(signal.metrics.filter(fits(said)).map(({ name }) => name))]
    const near = nearest(metric, names)
    const of = said === undefined ? '' : ` for ${said} columns`
    return complain(below(place, 'metric'), `: ${signal.kind} has no metric ${shown(metric)}${of}`, {
      hint: near === undefined ? `one of ${names.join(', ')}` : `did you mean ${near}?`,
    })
  }
  if (threshold === undefined || threshold === null) return
  if (!isMap(threshold) || threshold['value'] === undefined || threshold['value'] === null) return
  const limit = number(below(place, 'threshold', 'value'), threshold['value'])
  if (limit === undefined) return
  for (const { group = '', name } of found) (into[group] ??= {})[name] = limit
}

/** A kind that declares no metrics takes any name: its component says what it computes. */
function metricOf(
  { metrics }: Signal<never>,
  asked: string,
  group: string | undefined,
): readonly Pick<SignalMetric, 'group' | 'name'>[] | undefined {
  if (metrics.length === 0) return [{ name: asked }]
  const name = plain(aliases[plain(asked)] ?? asked)
  const same = metrics.filter((metric) => plain(metric.name) === name || plain(metric.wire) === plain(asked))
  const grouped = same.filter(fits(group))
  return grouped.length === 0 ? undefined : grouped
}

/** A metric of no group is for all. */
const fits =
  (asked: string | undefined) =>
  ({ group }: SignalMetric) =>
    group === undefined || asked === undefined || group === asked
