import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { UserError } from '../../kernel/errors.ts'
import type { Platform } from '../../kernel/platform.ts'
import type { Json } from '../../kernel/resources/resource.ts'
import { startTestApp, type TestApp } from '../../testing/app.ts'
import { upload } from '../../testing/serving.ts'
import { collectingDeployment } from '../testing/collected.ts'
import { checkMonitor } from './check.ts'

describe('monitors, when they are written', () => {
  let t: TestApp
  let platform: Platform
  let rows: string
  before(async () => {
    t = await startTestApp()
    platform = collectingDeployment(t.app.platform, t.workspace).platform
    rows = await upload(t, 'flights', {
      'flights.csv': 'time,carrier,delay,late\n2013-01-01T00:00:00Z,AA,1.5,0\n',
    })
  })
  after(() => t.end())

  const week = 7 * 86_400_000
  const check = async (definition: Json, periodMs = week) => {
    const resource = await platform.resources.get(t.workspace)
    const input = { monitor: 'm', definition, periodMs }
    const actor = platform.identity('monitoring')
    const answer = await checkMonitor.run?.({ platform, actor, id: resource.id, resource, input })
    // As it is kept.
    return (JSON.parse(JSON.stringify(answer?.body)) as { definition: Json }).definition as {
      monitoringTarget: Json
      signals: Record<string, Record<string, Record<string, unknown>>>
    }
  }
  const refused = async (definition: Json): Promise<readonly string[]> => {
    try {
      await check(definition)
    } catch (error) {
      assert.ok(error instanceof UserError)
      return error.details.map(
        ({ target = '', message }) => `${target.replace('properties.', '')}: ${message}`,
      )
    }
    throw new Error('It was not refused.')
  }
  const target = { taskType: 'Classification', deploymentId: 'azureml:flights:blue' }
  const asset = (collection: string) => `azureml:${t.workspace}/data/flights-blue-${collection}/versions/1`

  test('a deployment alone is watched by the out-of-box signals, with Azure’s windows and thresholds', async () => {
    const { monitoringTarget, signals } = await check({ monitoringTarget: target })
    assert.equal(monitoringTarget['deploymentId'], `${t.workspace}/onlineEndpoints/flights/deployments/blue`)
    assert.deepEqual(Object.keys(signals), [
      'data-drift-signal',
      'prediction-drift-signal',
      'data-quality-signal',
    ])
    assert.deepEqual(signals['data-drift-signal']?.['productionData'], {
      dataContext: 'model_inputs',
      uri: asset('model_inputs'),
      jobInputType: 'uri_folder',
      inputDataType: 'Trailing',
      windowSize: 'P7D',
      windowOffset: 'P0D',
      collected: 'model_inputs',
    })
    const reference = signals['prediction-drift-signal']?.['referenceData']
    assert.deepEqual([reference?.['windowSize'], reference?.['windowOffset']], ['P14D', 'P7D'])
    assert.equal(reference?.['uri'], asset('model_outputs'))
    assert.deepEqual(signals['data-drift-signal']?.['metricThresholds'], [
      { dataType: 'Numerical', metric: 'NormalizedWassersteinDistance', threshold: { value: 0.1 } },
      { dataType: 'Categorical', metric: 'JensenShannonDistance', threshold: { value: 0.1 } },
    ])
    assert.deepEqual(
      await check({ monitoringTarget, signals }),
      { monitoringTarget, signals },
      'and is whole then',
    )
  })

  test('a window is at least a day, and what has one keeps it', async () => {
    const drift = async (more: Json, periodMs: number) =>
      (
        await check(
          { monitoringTarget: target, signals: { a: { signalType: 'DataDrift', ...more } } },
          periodMs,
        )
      ).signals['a']
    const minutes = await drift({}, 5 * 60_000)
    assert.equal(minutes?.['productionData']?.['windowSize'], 'P1D')
    const own = {
      dataContext: 'model_inputs',
      inputDataType: 'Rolling',
      windowSize: 'PT1H',
      windowOffset: 'PT0S',
    }
    const hours = await drift(
      { productionData: own, referenceData: { uri: rows, dataContext: 'training' } },
      week,
    )
    assert.deepEqual(
      [hours?.['productionData']?.['inputDataType'], hours?.['productionData']?.['windowSize']],
      ['Rolling', 'PT1H'],
    )
    assert.deepEqual(hours?.['referenceData'], { uri: rows, dataContext: 'training' })
  })

  test('what it says itself of what is collected is known for it, by asset and by context', async () => {
    const { signals } = await check({
      monitoringTarget: target,
      signals: {
        a: {
          signalType: 'ModelPerformance',
          productionData: [
            { uri: asset('model_outputs'), jobInputType: 'uri_folder', dataContext: 'modelOutputs' },
            { dataContext: 'GroundTruth', columns: { target_column: 'late' } },
          ],
        },
      },
    })
    const sources = signals['a']?.['productionData'] as unknown as readonly Json[]
    assert.deepEqual(
      sources.map(({ collected, uri }) => [collected, uri]),
      [
        ['model_outputs', asset('model_outputs')],
        [
          'ground_truth',
          'azureml://datastores/workspaceblobstore/paths/modelDataCollector/flights/ground_truth',
        ],
      ],
    )
  })

  test('what does not exist is refused, all of it at once, each at its place', async () => {
    assert.deepEqual(await refused({ monitoringTarget: { ...target, modelId: 'azureml:nothing:1' } }), [
      "monitoringTarget.modelId: version '1' of model 'nothing' of workspace 'dev' does not exist.",
    ])
    assert.deepEqual(await refused({ signals: {} }), [
      'signals: are missing; name signals, or a deployment that collects model_inputs and model_outputs',
    ])
    assert.deepEqual(await refused({ monitoringTarget: { deploymentId: 'flights/blue' } }), [
      'monitoringTarget.deploymentId: "flights/blue" is not a deployment; azureml:ENDPOINT:DEPLOYMENT, or azureml:ENDPOINT for all of its deployments',
    ])
    assert.deepEqual(await refused({ monitoringTarget: { deploymentId: 'azureml:flights' } }), [
      "monitoringTarget.deploymentId: there is no online endpoint 'flights'",
    ])
    const own = { uri: rows, inputDataType: 'Fixed' }
    assert.deepEqual(
      await refused({
        monitoringTarget: target,
        signals: {
          a: { signalType: 'DataDrift', productionData: { dataContext: 'model_inputs_outputs' } },
          b: { signalType: 'DataDrift', productionData: own, referenceData: { uri: 'azureml:train:1' } },
          c: {
            signalType: 'DataQuality',
            productionData: own,
            referenceData: own,
            features: { filterType: 'FeatureSubset', features: ['carier'] },
          },
          d: { signalType: 'FeatureAttributionDrift', productionData: own },
        },
      }),
      [
        'signals.a.productionData: deployment blue does not collect model_inputs_outputs; it collects model_inputs, model_outputs',
        'signals.d.referenceData: is missing: feature_attribution_drift needs data to hold against',
      ],
      'first what the words say',
    )
    const found = await refused({
      signals: {
        b: { signalType: 'DataDrift', productionData: own, referenceData: { uri: 'azureml:train:1' } },
        c: {
          signalType: 'DataQuality',
          productionData: own,
          referenceData: own,
          features: { filterType: 'FeatureSubset', features: ['carier'] },
        },
      },
    })
    assert.match(found[0] ?? '', /^signals\.b\.referenceData.*: version '1' of data 'train'/)
    assert.match(
      found[1] ?? '',
      /^signals\.c\.features\.0: There is no column 'carier' .*Did you mean 'carrier'\?/,
    )
  })
})
