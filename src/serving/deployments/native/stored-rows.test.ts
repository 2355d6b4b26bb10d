import assert from 'node:assert/strict'
import { readFileSync, writeFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { childId, keyOf } from '../../../kernel/resources/arm-id.ts'
import { startTestApp, type TestApp } from '../../../testing/app.ts'
import { uploadFolder } from '../../../testing/serving.ts'
import { storedRows } from './stored-rows.ts'

let twin: TestApp
let model: string

before(async () => {
  twin = await startTestApp()
  const mlflow = async (path: string, body: object) =>
    (await twin.send('POST', `/api/2.0/mlflow/${path}`, body)).body
  const folder = join(twin.home, 'rows')
  mkdirSync(folder)
  for (const [name, text] of [
    ['a.csv', 'x\n1\n'],
    ['b.CSV', 'x\n2\n'],
    ['c.csv', 'x\n3\n'],
    ['notes.txt', 'no rows'],
  ] as const)
    writeFileSync(join(folder, name), text)
  const uri = await uploadFolder(twin, 'rows', folder)
  const { experiment_id } = await mlflow('experiments/create', { name: 'rows' })
  const { run } = await mlflow('runs/create', { experiment_id })
  const source = (of: string, digest: string) => ({
    dataset: { name: 'rows', digest, source_type: 'local', source: JSON.stringify({ uri: of }) },
  })
  const datasets = [
    source(`${uri}/`, 'a'),
    source('azureml:gone:7', 'b'),
    source('https://data.invalid/rows.csv', 'c'),
  ]
  await mlflow('runs/log-inputs', { run_id: run.info.run_id, datasets })
  const artifact = `/api/2.0/mlflow-artifacts/artifacts/ExperimentRun/dcid.${run.info.run_id}/model/MLmodel`
  await twin.send('PUT', artifact, 'flavors: {sklearn: {}}', { 'content-type': 'text/plain' })
  await mlflow('registered-models/create', { name: 'learnt' })
  await mlflow('model-versions/create', { name: 'learnt', source: `runs:/${run.info.run_id}/model` })
  model = childId(twin.workspace, 'models', 'learnt', 'versions', '1')
})
after(() => twin.end())

test('rows are those of the data that the model was made from, as far as they are here', async () => {
  const { platform } = twin.app
  const workspace = keyOf(twin.workspace)
  const files = await storedRows(platform, workspace, model, join(twin.home, 'found'))
  assert.deepEqual(
    files.map((file) => readFileSync(file, 'utf8')),
    ['{"x":1}\n', '{"x":2}\n'],
  )
  assert.deepEqual(await storedRows(platform, workspace, undefined, join(twin.home, 'none')), [])
  const unknown = childId(twin.workspace, 'models', 'other', 'versions', '1')
  assert.deepEqual(await storedRows(platform, workspace, unknown, join(twin.home, 'none')), [])
})
