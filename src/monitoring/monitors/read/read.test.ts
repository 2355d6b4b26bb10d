import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { z } from 'zod'
import type { Json } from '../../../kernel/resources/resource.ts'
import type { Signal } from '../../signals/signal.ts'
import { signals } from '../../signals/signals.ts'
import type { PlannedSignal } from '../monitor.ts'
import { monitorOf, readMonitor } from './read.ts'

describe('definitions of monitors', () => {
  /** As data drift is, without what it computes. */
  const kind: Signal = {
    kind: 'test_drift',
    signalType: 'TestDrift',
    summary: 'For tests.',
    parameters: z.strictObject({
      label_column: z.string().optional(),
      most_categories: z.number().default(50),
    }),
    reference: 'required',
    metrics: [
      {
        name: 'normalized_wasserstein_distance',
        wire: 'NormalizedWassersteinDistance',
        group: 'numerical',
        threshold: 0.1,
        beyond: 'above',
      },
      { name: 'jensen_shannon_distance', wire: 'JensenShannonDistance', group: 'numerical', beyond: 'above' },
      {
        name: 'jensen_shannon_distance',
        wire: 'JensenShannonDistance',
        group: 'categorical',
        threshold: 0.1,
        beyond: 'above',
      },
      {
        name: 'pearsons_chi_squared_test',
        wire: 'PearsonsChiSquaredTest',
        group: 'categorical',
        beyond: 'below',
      },
    ],
    advance: () => Promise.reject(new Error('not computed here')),
  }
  const custom: Signal = {
    ...kind,
    kind: 'test_custom',
    signalType: 'TestCustom',
    parameters: z.strictObject({ component_id: z.string(), inputs: z.unknown().optional() }),
    reference: 'none',
    metrics: [],
  }
  const list = signals as Signal<never>[]
  before(() => void list.push(kind as Signal<never>, custom as Signal<never>))
  after(() => void list.splice(list.length - 2, 2))

  const at = new Date('2013-05-01T00:00:00Z')
  const facts = { name: 'm', periodMs: 86_400_000, at }
  const production = {
    inputDataType: 'Trailing',
    dataContext: 'modelInputs',
    jobInputType: 'uri_folder',
    uri: 'azureml:rows:1',
    windowSize: 'P1M',
    windowOffset: 'P0D',
  }
  const reference = {
    inputDataType: 'Fixed',
    dataContext: 'Training',
    jobInputType: 'mltable',
    uri: 'azureml:train:1',
  }
  const drift = { signalType: 'testDrift', productionData: production, referenceData: reference }
  const one = (signal: object): PlannedSignal => {
    const [planned] = monitorOf({ signals: { a: signal } }, facts).signals
    assert.ok(planned)
    return planned
  }
  const mistakes = (definition: Json) =>
    readMonitor(definition, facts).mistakes.map(({ message, hint }) =>
      hint === undefined ? message : `${message}; ${hint}`,
    )

  test('previews and the canonical version say the same in other words', () => {
    const trailing = one(drift).production[0]
    const rolling = one({
      ...drift,
      productionData: [{ ...production, inputDataType: 'Rolling', dataContext: 'model_inputs' }],
    })
    assert.deepEqual(trailing, rolling.production[0])
    assert.deepEqual(trailing, {
      context: 'model_inputs',
      uri: 'azureml:rows:1',
      type: 'uri_folder',
      window: { kind: 'rolling', sizeMs: 30 * 86_400_000, offsetMs: 0 },
      columns: {},
    })
    const of = (definition: Json) => monitorOf({ signals: {}, ...definition }, facts)
    assert.deepEqual(
      of({
        alertNotificationSetting: {
          alertNotificationType: 'Email',
          emailNotificationSetting: { emails: ['a@b.c'] },
        },
      }).emails,
      ['a@b.c'],
    )
    assert.deepEqual(
      of({ alertNotificationSettings: { emailNotificationSettings: { emails: ['a@b.c'] } } }).emails,
      ['a@b.c'],
    )
    assert.equal(one({ ...drift, mode: 'Disabled' }).alertEnabled, false)
    assert.equal(one({ ...drift, notificationTypes: [] }).alertEnabled, false)
    assert.equal(one(drift).alertEnabled, true)
  })

  test('thresholds are those that are said, and without any those of the kind', () => {
    assert.deepEqual(one(drift).thresholds, {
      constant: {
        numerical: { normalized_wasserstein_distance: 0.1 },
        categorical: { jensen_shannon_distance: 0.1 },
      },
      correction: 'none',
    })
    const said = one({
      ...drift,
      metricThresholds: [
        { dataType: 'Numerical', metric: 'jensenShannonDistance', threshold: { value: 0 } },
        { dataType: 'Categorical', metric: 'chi_squared_test', threshold: { value: 0.05 } },
      ],
      thresholdsFromReference: { chunks: 5 },
      correction: 'holm',
    })
    assert.deepEqual(said.thresholds, {
      constant: {
        numerical: { jensen_shannon_distance: 0 },
        categorical: { pearsons_chi_squared_test: 0.05 },
      },
      fromReference: { deviations: 3, chunks: 5 },
      correction: 'holm',
    })
    const free = one({
      signalType: 'TestCustom',
      componentId: 'azureml:c:1',
      metricThresholds: [{ metric: 'Age of rows', threshold: { value: 24 } }, { metric: 'seen' }],
      inputAssets: { rows: production },
    })
    assert.deepEqual(free.thresholds.constant, { '': { 'Age of rows': 24 } })
    assert.equal(free.inputs?.['rows']?.uri, 'azureml:rows:1')
    assert.deepEqual(free.parameters, { component_id: 'azureml:c:1' })
  })

  test('performance has its thresholds where azure-ai-ml writes them', () => {
    const written = JSON.stringify([
      { modelType: 'classification', metric: 'Accuracy', threshold: { value: 0.8 } },
      { modelType: 'classification', metric: 'Precision', threshold: { value: 0.7 } },
    ])
    const { constant } = one({
      signalType: 'ModelPerformance',
      productionData: [production],
      referenceData: reference,
      metricThreshold: { modelType: 'Classification', metric: 'Accuracy', threshold: { value: 0.9 } },
      properties: { 'azureml.modelmonitor.model_performance_thresholds': written },
    }).thresholds
    assert.deepEqual(constant, { '': { accuracy: 0.8, precision: 0.7 } })
  })

  test('features, types, segments and what a kind has of its own', () => {
    assert.deepEqual(one({ ...drift, features: { filterType: 'AllFeatures' } }).features, { all: true })
    assert.deepEqual(
      one({ ...drift, features: { filterType: 'FeatureSubset', features: ['a', 'b'] } }).features,
      { names: ['a', 'b'] },
    )
    assert.deepEqual(one({ ...drift, features: { filterType: 'TopNByAttribution' } }).features, { top: 10 })
    const whole = one({
      ...drift,
      featureDataTypeOverride: { hour: 'Categorical' },
      dataSegment: { feature: 'carrier', values: ['AA', 7] },
      segments: 'origin',
      featureImportanceSettings: { mode: 'Enabled', targetColumn: 'late' },
      labelColumn: 'late',
    })
    assert.deepEqual(whole.types, { hour: 'categorical' })
    assert.deepEqual(whole.segment, { feature: 'carrier', values: ['AA', '7'] })
    assert.deepEqual(whole.segments, ['origin'])
    assert.equal(whole.reference?.columns['target_column'], 'late')
    assert.deepEqual(whole.parameters, { label_column: 'late', most_categories: 50 })
  })

  test('windows lie between two times, or follow the run by the calendar', () => {
    const window = (source: object) =>
      one({ ...drift, referenceData: { uri: 'azureml:r:1', ...source } }).reference?.window
    assert.deepEqual(
      window({ inputDataType: 'Static', windowStart: '2013-01-01', windowEnd: '2013-04-01T00:00:00.000Z' }),
      {
        kind: 'static',
        from: new Date('2013-01-01'),
        to: new Date('2013-04-01'),
      },
    )
    assert.deepEqual(window({ windowSize: 'P1M', windowOffset: 'P1M' }), {
      kind: 'rolling',
      sizeMs: 31 * 86_400_000,
      offsetMs: 30 * 86_400_000,
    })
    assert.deepEqual(window({}), { kind: 'whole' })
  })

  test('every mistake is told, with its place and the nearest right thing', () => {
    assert.deepEqual(
      mistakes({
        monitoringTarget: { taskType: 'QuestionAnswering' },
        alertNotificationSetting: { emailNotificationSetting: { emails: ['ana'] } },
        signals: {
          a: { signalType: 'TestDrfit' },
          b: { ...drift, referenceData: undefined, correction: 'bonferroni' },
          c: {
            ...drift,
            productionData: { ...production, windowSize: '7 days', dataContext: 'model_input', lookback: 1 },
            features: { filterType: 'TopN' },
            mostCategorys: 3,
          },
          d: {
            ...drift,
            metricThresholds: [
              { dataType: 'Categorical', metric: 'NormalizedWassersteinDistance', threshold: { value: 'x' } },
            ],
          },
          e: {
            ...drift,
            referenceData: {
              inputDataType: 'Static',
              uri: 'x',
              windowStart: '2013-02-01',
              windowEnd: '2013-01-01',
            },
          },
          f: 3,
        },
      }),
      [
        'monitoringTarget.taskType: "QuestionAnswering" is not a task that is watched here; Classification or Regression',
        'signals.a.signalType: "TestDrfit" is not a kind of signal; did you mean test_drift?',
        'signals.b.referenceData is missing: test_drift needs data to hold against',
        'signals.b.correction: "bonferroni" is not one of none, benjamini_hochberg, holm',
        'signals.c.productionData.lookback is not a setting of a source of data; one of inputDataType, dataContext, columns, jobInputType, uri, preprocessingComponentId, windowSize, windowOffset, windowStart, windowEnd, collected',
        'signals.c.productionData.windowSize: "7 days" is not an ISO 8601 duration; such as P7D, P1M, PT1H',
        'signals.c.productionData.dataContext: "model_input" is none of model_inputs, model_outputs, model_inputs_outputs, ground_truth, training, test, validation; did you mean model_inputs?',
        'signals.c.features.filterType: "TopN" is not one of AllFeatures, FeatureSubset, TopNByAttribution',
        'signals.c.mostCategorys is not a parameter of test_drift; did you mean most_categories?',
        'signals.d.metricThresholds[0].metric: test_drift has no metric "NormalizedWassersteinDistance" for categorical columns; one of jensen_shannon_distance, pearsons_chi_squared_test',
        'signals.e.referenceData.windowEnd is not after windowStart',
        'signals.f: "3" is not a signal; { signalType: DataDrift, …}',
        'alertNotificationSetting.emailNotificationSetting.emails[0]: "ana" is not an address',
      ],
    )
  })
})
