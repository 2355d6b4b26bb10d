import type { SharedWord } from '../../../monitoring/signals/words/shared.ts'
import {
  anything,
  boolean,
  choice,
  choose,
  integer,
  list,
  map,
  number,
  object,
  report,
  required,
  text,
} from '../shape.ts'
import type { Infer, Shape } from '../shape.ts'
import type { Judge, Source } from '../source.ts'
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
} satisfies Record<SharedWord, Shape<unknown>>
const signalObject = object('a signal', signalFields, { unknown: 'keep' })
export type MonitorSignal = Infer<typeof signalObject>

/** Every kind of signal brings its schema along: only files of monitors pay for that. */
const judges = new WeakMap<Source, Judge>()
export async function loadSignals(source: Source): Promise<void> {
  judges.set(source, await source.reach.grammars.signal(source))
}

/** A signal as its kind has it: its own parameters, and thresholds of metrics that it has. */
const signal: Shape<MonitorSignal> = {
  ...signalObject,
  form: { kind: 'object', fields: signalFields, isOpen: true, grammar: 'signal' },
  read(reading, node, path) {
    const before = reading.problems.length
    const value = signalObject.read(reading, node, path)
    const isSound = !reading.problems.slice(before).some(({ severity }) => severity === 'error')
    // Of an unknown kind nothing else can be said; of a known one, only where its words can be relied on.
    const mistakes = value === undefined ? [] : (judges.get(reading.source)?.(value, path) ?? [])
    for (const { path: at, part, message, hint } of mistakes)
      if (isSound || at.at(-1) === 'type') report(reading, at, message, { part, hint })
    return value
  },
}

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
