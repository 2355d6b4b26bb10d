import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Platform } from '../../kernel/platform.ts'
import { startTestApp, type TestApp } from '../../testing/app.ts'
import { upload } from '../../testing/serving.ts'
import type { DataSource, PlannedSignal } from '../monitors/monitor.ts'
import { collectingDeployment } from '../testing/collected.ts'
import { plainSignal } from '../testing/signal-lab.ts'
import { checkSources } from './check-sources.ts'

let twin: TestApp
let platform: Platform
let deployment: string
let csv: string
before(async () => {
  twin = await startTestApp()
  const collecting = collectingDeployment(twin.app.platform, twin.workspace)
  platform = collecting.platform
  deployment = collecting.deployment.id
  csv = await upload(twin, 'flights', { 'flights.csv': 'carrier,delay,late\nAA,1.5,0\nUA,2.5,1\n' })
})
after(() => twin.end())

const source = (given: Partial<DataSource> = {}): DataSource => ({
  context: undefined,
  window: { kind: 'whole' },
  columns: {},
  ...given,
})
const check = async (planned: Partial<PlannedSignal>, watched: string = deployment) =>
  (
    await checkSources({
      platform,
      workspaceId: twin.workspace,
      actor: platform.identity('monitoring'),
      monitor: {
        name: 'm',
        signals: [],
        emails: [],
        periodMs: 1,
        deployment: watched,
      },
      planned: {
        ...plainSignal,
        production: [source({ uri: csv })],
        reference: source({ uri: csv }),
        ...planned,
      },
      model: undefined,
    })
  ).map(({ path, message }) => `${path.join('.')}: ${message}`)

test('what is there is right', async () => {
  assert.deepEqual(await check({}), [])
  assert.deepEqual(await check({ production: [source()], features: { names: ['carrier'] } }), [])
})

test('data, columns and times that are not there are named, with the nearest', async () => {
  const [missing] = await check({ reference: source({ uri: 'azureml:flights:7' }) })
  assert.match(missing ?? '', /^reference_data\.input_data: .*flights/)
  const columns = await check({
    features: { names: ['carrier', 'delays'] },
    segments: ['airport'],
    segment: { feature: 'carier', values: ['AA'] },
    types: { lat: 'numerical' },
  })
  const places = ['features.1', 'feature_type_override.lat', 'data_segment.feature_name', 'segments.0']
  assert.deepEqual(
    columns.map((line) => line.split(':')[0]),
    [...places, ...places],
  )
  assert.match(
    columns[0] ?? '',
    /There is no column 'delays' in .*; it has carrier, delay, late\. Did you mean 'delay'/,
  )
  const [target] = await check({ reference: source({ uri: csv, columns: { target_column: 'lates' } }) })
  assert.match(target ?? '', /^reference_data\.data_column_names\.target_column: .*Did you mean 'late'/)
  const [time] = await check({
    production: [source({ uri: csv, window: { kind: 'rolling', sizeMs: 1, offsetMs: 0 } })],
  })
  assert.match(time ?? '', /^production_data\.data_column_names: .*it has no column of times.*time_column/)
})

test('a deployment that is not there, or that collects nothing', async () => {
  const [gone] = await check({ production: [source()] }, `${deployment}x`)
  assert.match(gone ?? '', /^production_data: There is no deployment bluex of endpoint flights\./)
  const silent = collectingDeployment(twin.app.platform, twin.workspace, { dataCollector: {} })
  const before = platform
  platform = silent.platform
  const [nothing] = await check({ production: [source()] })
  platform = before
  assert.match(nothing ?? '', /does not collect its inputs and outputs: enable model_inputs/)
})

test('a preprocessing component has to be there', async () => {
  const [refused] = await check({ production: [source({ uri: csv, preprocessing: 'azureml:prepare:1' })] })
  assert.match(refused ?? '', /^production_data\.pre_processing_component: .*component.*prepare/)
})
