import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { promisify } from 'node:util'
import { startTestApp, type TestApp } from '../testing/app.ts'
import { specificationOf } from '../training/environments/specification.ts'
import { builderOf } from '../training/environments/find.ts'
import { settled, uploadFolder } from '../testing/serving.ts'

const requirements = ['mlflow-skinny==2.22.2', 'numpy<3', 'pandas<3', 'pyarrow<23', 'scikit-learn<1.8']

const train = `
import sys
import mlflow.sklearn
import numpy as np
import pandas as pd
from mlflow.models import infer_signature
from sklearn.compose import make_column_transformer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder

rng = np.random.default_rng(0)
X = pd.DataFrame({"distance": rng.uniform(100, 2000, 400), "carrier": rng.choice(["AA", "UA"], 400), "seats": rng.integers(1, 9, 400)})
y = (X.distance > 1000).astype(int)
encode = make_column_transformer((OneHotEncoder(handle_unknown="ignore"), ["carrier"]), remainder="passthrough")
model = make_pipeline(encode, LogisticRegression(max_iter=1000)).fit(X, y)
reqs = sys.argv[2:]
mlflow.sklearn.save_model(model, sys.argv[1], signature=infer_signature(X, model.predict(X)), pip_requirements=reqs)
mlflow.sklearn.save_model(model, sys.argv[1] + "-proba", signature=infer_signature(X, model.predict_proba(X)), pip_requirements=reqs, pyfunc_predict_fn="predict_proba")
`

describe('a scikit-learn model of MLflow, served without code in the environment that it asks for', () => {
  let twin: TestApp
  let base: string
  let key: string

  before(async () => {
    twin = await startTestApp()
    const { platform } = twin.app
    const { python } = await builderOf(platform).ensure(
      specificationOf({ requirements: requirements.join('\n') }),
    )
    const folder = join(twin.home, 'trained')
    mkdirSync(folder)
    writeFileSync(join(folder, 'train.py'), train)
    await promisify(execFile)(python, [join(folder, 'train.py'), join(folder, 'model'), ...requirements])
    const endpoint = `${twin.workspace}/onlineEndpoints/late`
    await twin.send('PUT', endpoint, { location: 'local', properties: { authMode: 'Key' } })
    for (const [deployment, model] of [
      ['labels', 'model'],
      ['proba', 'model-proba'],
    ] as const) {
      const modelUri = await uploadFolder(twin, `LocalUpload/${model}/model`, join(folder, model))
      const properties = {
        endpointComputeType: 'Managed',
        model: `azureml:${model}@latest`,
        requestSettings: { requestTimeout: 'PT20S' },
        environmentVariables: { TWINLOOP_RUNTIME: 'python' },
      }
      const version = { properties: { modelType: 'mlflow_model', modelUri } }
      assert.equal(
        (await twin.send('PUT', `${twin.workspace}/models/${model}/versions/1`, version)).status,
        201,
      )
      const id = `${endpoint}/deployments/${deployment}`
      assert.equal((await twin.send('PUT', id, { location: 'local', properties })).status, 201)
      const state = await settled(twin, id)
      assert.equal(state['provisioningState'], 'Succeeded', JSON.stringify(state['error']))
    }
    await twin.send('PATCH', endpoint, { properties: { traffic: { labels: 100 } } })
    await settled(twin, endpoint)
    base = String((await twin.send('GET', endpoint)).body.properties.scoringUri).replace(/\/score$/, '')
    key = (await twin.send('POST', `${endpoint}/listKeys`)).body.primaryKey
  })
  after(async () => {
    await twin.end()
  })

  async function post(body: unknown, path = 'score', headers: Record<string, string> = {}) {
    const response = await fetch(`${base}/${path}`, {
      method: 'POST',
      body: typeof body === 'string' ? body : JSON.stringify(body),
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
    })
    return { status: response.status, body: await response.json(), headers: response.headers }
  }

  const columns = ['carrier', 'seats', 'distance']
  const data = [
    ['AA', 3, 1900.5],
    ['UA', 1, 120],
  ]

  test('every shape of a request gives the same predictions', async () => {
    const split = { columns, index: [7, 8], data }
    const records = data.map(([carrier, seats, distance]) => ({ carrier, seats, distance }))
    const positional = data.map(([carrier, seats, distance]) => [distance, carrier, seats])
    for (const body of [
      { input_data: split },
      { input_data: positional },
      { input_data: records },
      { dataframe_split: { columns, data } },
      { dataframe_records: records },
      { instances: records },
      { inputs: { carrier: ['AA', 'UA'], seats: [3, 1], distance: [1900.5, 120] } },
    ]) {
      const answer = await post(body)
      assert.deepEqual([answer.status, answer.body], [200, [1, 0]], JSON.stringify(body))
    }
    assert.deepEqual((await post({ dataframe_split: split }, 'invocations')).body, { predictions: [1, 0] })
    const csv = await post('distance,carrier,seats\n1900.5,AA,3\n120,UA,1\n', 'invocations', {
      'content-type': 'text/csv',
    })
    assert.deepEqual(csv.body, { predictions: [1, 0] })
  })

  test('probabilities come where predict gives them', async () => {
    const { body } = await post({ input_data: { columns, data } }, 'score', {
      'azureml-model-deployment': 'proba',
    })
    const [first, second] = body as [number[], number[]]
    assert.ok((first[1] ?? 0) > 0.9 && (second[0] ?? 0) > 0.9)
    assert.ok(Math.abs((first[0] ?? 0) + (first[1] ?? 0) - 1) < 1e-12)
  })

  test('what does not fit the signature is 400 and says which column, row and type', async () => {
    const row = { carrier: 'AA', seats: 3, distance: 500 }
    const wrong: [unknown, RegExp][] = [
      ['{', /not JSON: .*line 1 column 2 .*, at its end/],
      ['{"input_data": [[1,]]}', /line 1 column \d+ .*, at ']]}'/],
      [{ input_data: [] }, /no rows/],
      [[1], /should be a JSON object/],
      [{ data: [] }, /exactly one of "input_data"/],
      [{ input_data: 5 }, /list of rows/],
      [{ input_data: [[1, 'AA']] }, /Row 0 of input_data has 2 values where there should be 3/],
      [
        { input_data: [{ ...row, distance: undefined, distanec: 1 }] },
        /"distance".*"distanec" should be "distance"/,
      ],
      [{ input_data: [row, { ...row, distance: 'far' }] }, /"distance" should be double; row 1 has 'far'/],
      [{ input_data: [{ ...row, seats: 2.5 }] }, /"seats" should be long; row 0 has 2.5/],
      [{ input_data: [{ ...row, seats: null }] }, /"seats".*a missing value/],
      [{ input_data: [{ ...row, carrier: 5 }] }, /"carrier" should be string; row 0 has 5/],
      [{ input_data: { columns: ['carrier', 'carrier', 'seats'], data } }, /more than once/],
    ]
    for (const [body, message] of wrong) {
      const answer = await post(body)
      assert.equal(answer.status, 400, JSON.stringify(body))
      assert.match((answer.body as { message: string }).message, message)
      assert.equal(answer.headers.get('ms-azureml-model-error-statuscode'), '400')
    }
    assert.equal(
      (await post('a=b', 'score', { 'content-type': 'application/x-www-form-urlencoded' })).status,
      415,
    )
  })

  test('the Open Inference Protocol: metadata, tensors by column or as one, chosen outputs', async () => {
    const get = async (path: string) => {
      const answer = await fetch(`${base}/${path}`, { headers: { authorization: `Bearer ${key}` } })
      return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }
    }
    const model = await get('v2/models/model')
    assert.deepEqual(model.body, {
      name: 'model',
      versions: ['1'],
      platform: 'mlflow_pyfunc',
      inputs: [
        { name: 'distance', datatype: 'FP64', shape: [-1] },
        { name: 'carrier', datatype: 'BYTES', shape: [-1] },
        { name: 'seats', datatype: 'INT64', shape: [-1] },
      ],
      outputs: [{ name: 'output-0', datatype: 'INT64', shape: [-1] }],
    })
    assert.deepEqual((await get('v2/models/model/versions/1/ready')).body, { name: 'model', ready: true })
    assert.deepEqual((await get('v2/health/ready')).body, { ready: true, live: true })
    const missing = await get('v2/models/modle')
    assert.deepEqual(
      [missing.status, missing.body],
      [404, { error: 'The endpoint has no model modle; it has late, labels, model, proba, model-proba.' }],
    )
    const inputs = [
      { name: 'carrier', datatype: 'BYTES', shape: [2], data: ['AA', 'UA'] },
      { name: 'seats', datatype: 'INT64', shape: [2, 1], data: [[3], [1]] },
      { name: 'distance', datatype: 'FP64', shape: [2], data: [1900.5, 120] },
    ]
    const infer = await post({ id: 'a', inputs }, 'v2/models/late/infer')
    assert.deepEqual(infer.body, {
      model_name: 'model',
      model_version: '1',
      id: 'a',
      outputs: [{ name: 'output-0', datatype: 'INT64', shape: [2], data: [1, 0] }],
    })
    const proba = await post({ inputs, outputs: [{ name: 'output-0' }] }, 'v2/models/model-proba/infer')
    assert.equal(proba.headers.get('azureml-model-deployment'), 'proba')
    const [output] = (proba.body as { outputs: { shape: number[]; data: number[] }[] }).outputs
    assert.deepEqual([output?.shape, output?.data.length], [[2, 2], 4])
    const [carrier, seats, distance] = inputs
    const wrong: [object, RegExp][] = [
      [{ inputs: [] }, /at least one tensor/],
      [{ inputs: [carrier, seats] }, /The model needs "distance"/],
      [
        { inputs: [carrier, distance, { ...seats, data: [1] }] },
        /"seats": a shape of .2, 1. holds 2 values, and data has 1/,
      ],
      [
        { inputs: [carrier, distance, { ...seats, data: [1, 2.5] }] },
        /"seats" should be INT64; value 1 is 2.5/,
      ],
      [{ inputs: [carrier, distance, { ...seats, datatype: 'INT65' }] }, /none of INT8/],
      [{ inputs: [{ ...distance, shape: [0], data: [] }] }, /"distance" has no rows/],
      [{ inputs, outputs: [{ name: 'y' }] }, /no output "y"; it has "output-0"/],
    ]
    for (const [body, message] of wrong) {
      const answer = await post(body, 'v2/models/late/infer')
      assert.equal(answer.status, 400, JSON.stringify(body))
      assert.match((answer.body as { error: string }).error, message)
    }
  })

  test('MLflow’s health and version; errors have its shape', async () => {
    assert.equal(await (await fetch(`${base}/ping`)).text(), '\n')
    const version = await fetch(`${base}/version`, { headers: { authorization: `Bearer ${key}` } })
    assert.equal(await version.text(), '2.22.2')
    const { status, body } = await post({ instances: [] }, 'invocations')
    assert.deepEqual(
      [status, body],
      [400, { error_code: 'BAD_REQUEST', message: 'The input has no rows: at least one is needed.' }],
    )
  })

  test('swagger.json describes the columns', async () => {
    const swagger = await (
      await fetch(`${base}/swagger.json`, { headers: { authorization: `Bearer ${key}` } })
    ).text()
    assert.match(swagger, /"distance":\{"type":"number","format":"double","nullable":true\}/)
  })

  test('it scores files of every kind in bulk, row by row, and says which row of which file', async () => {
    const batch = `${twin.workspace}/batchEndpoints/bulk`
    const folder = join(twin.home, 'rows')
    mkdirSync(folder)
    const rows = Array.from({ length: 5 }, (_, i) => ({
      carrier: 'AA',
      seats: i + 1,
      distance: 500 * i,
      id: `r${i}`,
    }))
    writeFileSync(
      join(folder, 'a.csv'),
      `id,carrier,seats,distance\n${rows.map((r) => [r.id, r.carrier, r.seats, r.distance].join(',')).join('\n')}\n`,
    )
    writeFileSync(join(folder, 'b.jsonl'), rows.map((row) => `${JSON.stringify(row)}\n`).join(''))
    writeFileSync(join(folder, 'c.json'), JSON.stringify({ dataframe_records: rows }))
    writeFileSync(join(folder, 'd.csv'), 'carrier,seats\nAA,1\n')
    const data = await uploadFolder(twin, 'LocalUpload/rows/rows', folder)
    await twin.send('PUT', batch, { location: 'local', properties: {} })
    const deployment = {
      location: 'local',
      properties: {
        model: { assetId: 'azureml:model:1' },
        retrySettings: { maxRetries: 0 },
        miniBatchSize: 1,
        maxConcurrencyPerInstance: 2,
        outputFileName: 'scores.parquet',
        properties: { keep_columns: 'seats, distance' },
      },
    }
    assert.equal((await twin.send('PUT', `${batch}/deployments/plain`, deployment)).status, 201)
    const state = await settled(twin, `${batch}/deployments/plain`)
    assert.equal(state['provisioningState'], 'Succeeded', JSON.stringify(state['error']))
    const job = await twin.send('POST', `${batch}/invoke`, {
      properties: { inputData: { rows: { jobInputType: 'uri_folder', uri: data } }, deployment: 'plain' },
    })
    assert.equal(job.status, 200, JSON.stringify(job.body))
    const ended = await twin.until(job.body.id, ({ status }) =>
      ['Completed', 'Failed'].includes(String(status)),
    )
    assert.equal(ended['status'], 'Completed', JSON.stringify(ended['error']))
    const [step] = (await twin.send('GET', `${twin.workspace}/jobs?parentJobName=${job.body.name}`)).body
      .value
    const { artifacts, resources, analytics } = twin.app.platform
    const { workspaceId } = (await resources.get(twin.workspace)).status
    const here = join(twin.home, 'scored')
    await artifacts.checkout(
      { container: `${String(workspaceId)}-blobstore`, path: `azureml/${step.name}/score` },
      here,
    )
    const table = await analytics.session({ reads: [here] }, (session) =>
      session.all(`from '${here}/scores.parquet' order by file, "row"`),
    )
    assert.deepEqual(
      table.columns.map(({ name }) => name),
      ['row', 'seats', 'distance', 'prediction', 'file'],
    )
    assert.deepEqual(
      table.rows.map(([row, seats, , prediction, file]) => [row, seats, prediction, file]),
      ['a.csv', 'b.jsonl', 'c.json'].flatMap((file) => rows.map((_, i) => [i, i + 1, i > 2 ? 1 : 0, file])),
    )
  })
})
