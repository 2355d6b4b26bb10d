import type { Place } from '../../../kernel/grammar/place.ts'
import { readBy } from '../../../kernel/grammar/schema.ts'
import { nearest } from '../../../kernel/nearest.ts'
import type { Signal } from '../../../monitoring/signals/signal.ts'
import {
  anything,
  boolean,
  choice,
  choose,
  integer,
  list,
  lookAt,
  map,
  number,
  object,
  report,
  required,
  text,
} from '../shape.ts'
import type { Infer, Reading, Shape } from '../shape.ts'
import { dotted } from '../source.ts'
import type { Path } from '../source.ts'
import { inputs } from './values.ts'

const duration = text({
  pattern:
    /^(?:default|P(?=.)(?:\d+Y)?(?:\d+M)?(?:\d+W)?(?:\d+D)?(?:T(?=.)(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?)$/i,
  says: 'an ISO 8601 duration such as P7D, P1M or PT1H',
})
const day = text({ pattern: /^\d{4}-\d\d-\d\d/, says: 'a time such as 2026-01-31' })

const columnNames = map(text())

const source = object('a source of data', {
  input_data: choose<string | Infer<typeof inputData>>('a reference or { path, type }', (look) =>
    look.kind === 'map' ? inputData : text(),
  ),
  data_context: choice(
    'model_inputs',
    'model_outputs',
    'model_inputs_outputs',
    'ground_truth',
    'training',
    'test',
    'validation',
  ),
  data_window: object('a window', {
    lookback_window_size: duration,
    lookback_window_offset: duration,
    window_start: day,
    window_end: day,
    // As previews called them.
    trailing_window_size: duration,
    trailing_window_offset: duration,
  }),
  data_window_size: duration,
  data_column_names: columnNames,
  target_column_name: text(),
  pre_processing_component: text(),
})
const inputData = object('a reference to data', { path: required(text()), type: text(), mode: text() })
export type MonitorSource = Infer<typeof source>

const sources = choose<MonitorSource | readonly MonitorSource[]>(
  'a source of data, or a list of them',
  (look) => (look.kind === 'list' ? list(source) : source),
)

const thresholdsByName = map(
  choose<number | Readonly<Record<string, number | null>>>('a threshold, or thresholds by metric', (look) =>
    look.kind === 'map' ? map(number()) : number(),
  ),
)
/** The list is how custom signals have them, and how previews had them for all. */
const thresholdList = list(
  object('a threshold', {
    metric_name: required(text()),
    threshold: number(),
    applicable_feature_type: choice('numerical', 'categorical'),
  }),
)
const thresholds = choose<Infer<typeof thresholdsByName> | Infer<typeof thresholdList>>(
  'thresholds by metric, or a list of them',
  (look) => (look.kind === 'list' ? thresholdList : thresholdsByName),
)
export type MonitorThresholds = Infer<typeof thresholds>

const features = choose<'all_features' | readonly string[] | Infer<typeof topFeatures>>(
  'all_features, a list of features or { top_n_feature_importance }',
  (look) =>
    look.kind === 'map' ? topFeatures : look.kind === 'list' ? list(text()) : choice('all_features'),
)
const topFeatures = object('the most important features', {
  top_n_feature_importance: required(integer({ min: 1 })),
})

const columns = choose<string | readonly string[]>('a column or a list of columns', (look) =>
  look.kind === 'list' ? list(text()) : text(),
)

/** What all signals have alike; what a kind has beside it, the kind itself says. */
const signalFields = {
  type: required(text()),
  production_data: sources,
  reference_data: source,
  features,
  feature_type_override: map(choice('numerical', 'categorical')),
  metric_thresholds: thresholds,
  data_segment: object('a segment', {
    feature_name: required(text()),
    feature_values: required(list(text())),
  }),
  alert_enabled: boolean(),
  properties: map(anything()),
  segments: columns,
  thresholds_from_reference: object('thresholds from the reference', {
    deviations: number({ min: 0 }),
    chunks: integer({ min: 3, max: 1000 }),
  }),
  correction: choice('none', 'benjamini_hochberg', 'holm'),
  input_data: map(source),
  inputs,
  model_type: choice('classification', 'regression'),
}
const signalObject = object('a signal', signalFields, { unknown: 'keep' })
export type MonitorSignal = Infer<typeof signalObject>

let catalogue: typeof import('../../../monitoring/signals/signals.ts') | undefined

/** Every kind of signal brings its schema along: only files of monitors pay for that. */
export async function loadSignals(): Promise<void> {
  catalogue = await import('../../../monitoring/signals/signals.ts')
}

/** A signal as its kind has it: its own parameters, and thresholds of metrics that it has. */
const signal: Shape<MonitorSignal> = {
  says: signalObject.says,
  read(reading, node, path) {
    const kind = lookAt(reading, node).field('type')
    const before = reading.problems.length
    const value = signalObject.read(reading, node, path)
    if (value === undefined || kind === undefined || catalogue === undefined) return value
    const found = catalogue.signalOf(kind)
    if (found === undefined) return unknownKind(reading, [...path, 'type'], kind, catalogue)
    if (reading.problems.slice(before).some(({ severity }) => severity === 'error')) return value
    checkParameters(reading, path, value, found)
    checkThresholds(reading, [...path, 'metric_thresholds'], value.metric_thresholds, found)
    return value
  },
}

function unknownKind(
  reading: Reading,
  path: Path,
  kind: string,
  { nearestKind, signals }: NonNullable<typeof catalogue>,
) {
  const near = nearestKind(kind)
  const generative = kind.startsWith('generation_')
  return report(reading, path, `${dotted(path)}: "${kind}" is not a kind of signal`, {
    hint: generative
      ? 'signals of language models are not computed here'
      : near === undefined
        ? `one of ${signals.map((one) => one.kind).join(', ')}`
        : `did you mean ${near}?`,
  })
}

/** Names of what is not a parameter of a kind: what all have alike, and what is read under another name. */
const common = new Set([...Object.keys(signalFields), 'connection'])

function checkParameters(reading: Reading, path: Path, value: MonitorSignal, found: Signal<never>): void {
  const own = Object.fromEntries(Object.entries(value).filter(([key]) => isOwn(key, found)))
  const place: Place = { path, mistakes: [] }
  readBy(place, own, found.parameters, found.kind)
  for (const { path: at, part, message, hint } of place.mistakes) {
    const near =
      part === 'key' && at.length === path.length + 1 ? nearest(String(at.at(-1)), common) : undefined
    report(reading, at, message, { part, hint: near === undefined ? hint : `did you mean ${near}?` })
  }
}

/** Custom signals give their component what they name; of all others these are no parameters. */
const isOwn = (key: string, { kind }: Signal<never>): boolean =>
  !common.has(key) || (kind === 'custom' && (key === 'inputs' || key === 'connection'))

function checkThresholds(
  reading: Reading,
  path: Path,
  given: MonitorThresholds | undefined,
  { kind, metrics }: Signal<never>,
): void {
  if (given === undefined || metrics.length === 0 || isList(given)) return
  const check = (at: Path, metric: string, group?: string) => {
    const known = metrics.filter(
      (one) => group === undefined || one.group === undefined || one.group === group,
    )
    const plain = (word: string) => word.replaceAll('_', '').toLowerCase()
    const isKnown = known.some(({ name, wire }) => [name, wire].some((one) => plain(one) === plain(metric)))
    if (isKnown || aliases.includes(metric)) return
    const names = [...new Set(known.map(({ name }) => name))]
    const near = nearest(metric, names)
    report(
      reading,
      at,
      `${dotted(at)} is not a metric of ${kind}${group === undefined ? '' : ` for ${group}`}`,
      {
        part: 'key',
        hint: near === undefined ? `one of ${names.join(', ')}` : `did you mean ${near}?`,
      },
    )
  }
  for (const [name, limit] of Object.entries(given))
    if (typeof limit === 'object' && limit !== null)
      for (const metric of Object.keys(limit)) check([...path, name, metric], metric, name)
    else check([...path, name], name)
}

/** As documentation and samples call metrics that have another name, too; the server knows which. */
const aliases = ['chi_squared_test', 'normalized_wasserstein']

export const isList = (given: MonitorThresholds): given is Infer<typeof thresholdList> => Array.isArray(given)

export const monitor = object('a monitor', {
  /** Where Azure ML would compute; taken as it is, and nothing of it is needed here. */
  compute: choose<string | Infer<typeof compute>>('a serverless Spark compute', (look) =>
    look.kind === 'map' ? compute : text(),
  ),
  monitoring_target: object('what is monitored', {
    ml_task: choice('classification', 'regression'),
    endpoint_deployment_id: text(),
    model_id: text(),
  }),
  monitoring_signals: map(signal),
  alert_notification: choose<string | Infer<typeof notification>>('azmonitoring or { emails }', (look) =>
    look.kind === 'map' ? notification : choice('azmonitoring'),
  ),
})
const compute = object('a serverless Spark compute', {
  type: text(),
  instance_type: text(),
  runtime_version: text(),
  identity: anything(),
})
const notification = object('who is told', { emails: list(text()) })
export type Monitor = Infer<typeof monitor>
