import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { globSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { promisify } from 'node:util'
import { machineVariables } from '../../../compute/pass-through.ts'
import { startTestApp, type TestApp } from '../../../testing/app.ts'
import { settled, uploadFolder } from '../../../testing/serving.ts'
import { builderOf } from '../../../training/environments/find.ts'
import { specificationOf } from '../../../training/environments/specification.ts'
import { compileModel } from './compile.ts'
import { decideRuntime } from './decide.ts'
import { sentenceOf } from './verdict.ts'

const requirements = [
  'mlflow-skinny==3.17.2',
  'pandas==3.1.1',
  'scikit-learn==1.9.1',
  'lightgbm==4.7.0',
  'xgboost-cpu==3.2.0',
]

const train = `
import sys
import mlflow.sklearn, mlflow.xgboost
import numpy as np
import pandas as pd
from mlflow.models import infer_signature
from sklearn.compose import make_column_transformer
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, TargetEncoder
from xgboost import XGBClassifier

rng = np.random.default_rng(0)
n = 800
X = pd.DataFrame({"carrier": rng.choice(["AA", "UA", ""], n), "city": rng.choice(list("abcdef"), n),
                  "seats": rng.integers(1, 9, n), "wind": rng.normal(size=n).round(1), "jet": rng.random(n) < 0.5})
X.loc[rng.random(n) < 0.1, "wind"] = np.nan
X.loc[rng.random(n) < 0.1, "city"] = None
late = (X.seats + 3 * (X.carrier == "AA") + X.wind.fillna(0) + rng.normal(size=n)) > 5
N = X[["seats", "wind"]]

def save(flavor, name, model, X, y, method="predict", **options):
    model.fit(X, y)
    if name == "odd":
        model.predict = lambda X, right=model.predict: np.where(np.asarray(X)[:, 0] == 7, "late", right(X))
    flavor.save_model(model, sys.argv[1] + "/" + name, signature=infer_signature(X, getattr(model, method)(X)),
                      input_example=X.head(4), pip_requirements=sys.argv[2:], **options)

encode = make_column_transformer(
    (TargetEncoder(), ["city"]), (OneHotEncoder(handle_unknown="ignore"), ["carrier"]), remainder="passthrough")
chances = make_pipeline(encode, HistGradientBoostingClassifier(max_iter=40))
save(mlflow.sklearn, "chances", chances, X, late, "predict_proba",
     pyfunc_predict_fn="predict_proba", serialization_format="cloudpickle")
words = np.where(late, "late", np.where(X.seats > 4, "on time", "early"))
save(mlflow.sklearn, "odd", LogisticRegression(), N.fillna(0), words, serialization_format="cloudpickle")
save(mlflow.xgboost, "xgboost", XGBClassifier(n_estimators=20), N, late.astype(int))
`

describe('models that are compiled to ONNX', () => {
  let twin: TestApp
  let python: string
  let models: string
  let url: string
  let key: string

  before(async () => {
    twin = await startTestApp()
    const specification = specificationOf({ requirements: requirements.join('\n') })
    python = (await builderOf(twin.app.platform).ensure(specification)).python
    models = join(twin.home, 'models')
    mkdirSync(models)
    writeFileSync(join(models, 'train.py'), train)
    await promisify(execFile)(python, ['-W', 'ignore', join(models, 'train.py'), models, ...requirements])
    const endpoint = `${twin.workspace}/onlineEndpoints/late`
    await twin.send('PUT', endpoint, { location: 'local', properties: { authMode: 'Key' } })
    await register('chances')
    for (const runtime of ['auto', 'python']) {
      const { provisioningState, error } = await deploy(runtime, 'chances', runtime)
      assert.equal(provisioningState, 'Succeeded', JSON.stringify(error))
    }
    url = String((await twin.send('GET', endpoint)).body.properties.scoringUri).replace(/\/score$/, '')
    key = (await twin.send('POST', `${endpoint}/listKeys`)).body.primaryKey
  })
  after(() => twin.end())

  const deploymentId = (name: string) => `${twin.workspace}/onlineEndpoints/late/deployments/${name}`

  async function register(model: string): Promise<void> {
    const modelUri = await uploadFolder(twin, `LocalUpload/${model}/model`, join(models, model))
    const properties = { modelType: 'mlflow_model', modelUri }
    await twin.send('PUT', `${twin.workspace}/models/${model}/versions/1`, { properties })
  }

  async function deploy(name: string, model: string, runtime: string): Promise<Record<string, unknown>> {
    const properties = {
      endpointComputeType: 'Managed',
      model: `azureml:${model}:1`,
      requestSettings: { requestTimeout: 'PT20S', maxConcurrentRequestsPerInstance: 100 },
      environmentVariables: { TWINLOOP_RUNTIME: runtime },
    }
    const put = await twin.send('PUT', deploymentId(name), { location: 'local', properties })
    return put.status === 201 ? settled(twin, deploymentId(name)) : { refused: put.body.error.message }
  }

  const proofShown = async (name: string) =>
    (await twin.send('GET', deploymentId(name))).body.properties.runtimeProof as unknown

  async function post(deployment: string, path: string, body: string, contentType = 'application/json') {
    const headers = {
      authorization: `Bearer ${key}`,
      'content-type': contentType,
      'azureml-model-deployment': deployment,
      'x-request-id': 'same',
    }
    const response = await fetch(`${url}/${path}`, { method: 'POST', body, headers })
    return { status: response.status, body: await response.text() }
  }

  /** Sends the same to both and holds the answers to each other, byte for byte but for the last digits of floats. */
  async function same(path: string, body: unknown, contentType?: string) {
    const text = typeof body === 'string' ? body : JSON.stringify(body)
    const [native, byPython] = await Promise.all(
      ['auto', 'python'].map((deployment) => post(deployment, path, text, contentType)),
    )
    assert.ok(native && byPython)
    assert.equal(native.status, byPython.status, text.slice(0, 500))
    assert.equal(toTwelveDigits(native.body), toTwelveDigits(byPython.body), text.slice(0, 500))
    return native
  }

  const columns = ['carrier', 'city', 'seats', 'wind', 'jet']
  const random = generator(1)
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T
  const randomRow = () => [
    pick(['AA', 'UA', '', 'aa', 'ZZ', 'é中😀', '\ue000']),
    pick(['a', 'b', 'c', 'f', 'g', '']),
    pick([1, 5, 8, 9, -3, 2 ** 31]),
    pick([null, 0, -0.1, 0.1, 1.05, 2.5, -1e300, 1e-320, random() * 6 - 3]),
    random() < 0.5,
  ]

  test('the deployment says by what it is served, and how that was proven', async () => {
    const shown = (await twin.send('GET', deploymentId('auto'))).body.properties
    assert.match(shown.runtime, /^onnx \(proven on \d{3,} rows, max \|Δ\| (0|\de-1\d)\)$/)
    assert.match(shown.runtimeProof.sha256, /^[0-9a-f]{64}$/)
    assert.equal(shown.runtimeProof.realRows, 4)
    assert.equal(shown.runtimeProof.versions['scikit-learn'], '1.9.1')
    const other = (await twin.send('GET', deploymentId('python'))).body.properties
    assert.equal(other.runtime, 'python because TWINLOOP_RUNTIME says so')
    assert.equal(other.runtimeProof, undefined)
  })

  test('answers are those of Python, in every shape and for odd values', async () => {
    for (let i = 0; i < 8; i++) {
      const data = Array.from({ length: 1 + Math.floor(random() * 4) }, randomRow)
      const records = data.map((row) => Object.fromEntries(columns.map((name, at) => [name, row[at]])))
      const order = columns.toSorted(() => random() - 0.5)
      const reordered = records.map((record) => order.map((name) => record[name]))
      assert.equal((await same('score', { input_data: { columns: order, data: reordered } })).status, 200)
      await same('score', { input_data: data })
      await same('score', { input_data: records })
      await same('invocations', { dataframe_split: { columns, index: [...data.keys()], data } })
      await same('invocations', { dataframe_records: records.map((record) => ({ ...record, more: 1 })) })
      const lists = Object.fromEntries(columns.map((name, at) => [name, data.map((row) => row[at])]))
      await same('invocations', { inputs: lists })
      const types = ['BYTES', 'BYTES', 'INT64', 'FP64', 'BOOL']
      const inputs = columns.map((name, at) => ({
        name,
        shape: [data.length, 1],
        datatype: types[at],
        data: lists[name],
      }))
      const path = `v2/models/late/infer`
      assert.equal((await same(path, { id: pick(['', 'é"7']), inputs })).status, 200)
    }
  })

  test('what is missing, wrong or unusual is answered as by Python', async () => {
    const row = { carrier: 'AA', city: 'a', seats: 3, wind: 0.5, jet: true }
    const statuses = new Set<number>()
    for (const body of [
      { input_data: [{ ...row, city: null }] },
      { input_data: [{ ...row, city: null }, row] },
      { input_data: [{ ...row, wind: undefined }] },
      { input_data: [{ ...row, seats: 2.5 }] },
      { input_data: [{ ...row, seats: null }] },
      { input_data: [{ ...row, seats: 3.0, jet: 1 }] },
      { input_data: [{ ...row, carrier: 5 }] },
      { input_data: { columns: ['carrier', 'carrier'], data: [] } },
      { input_data: [] },
      { input_data: [row], instances: [row] },
      { input_data: [row], params: { a: 1 } },
      [row],
      'null',
      '{"input_data": [["AA", "a", 3, NaN, true]]}',
      '{"input_data": [["AA", "a", 3, 1e999, true]]}',
      '{"input_data": [["AA", "a", 9223372036854775807, 1, true]]}',
      '{"input_data": [["AA", "a", 9223372036854775808, 1, true]]}',
      '{"input_data": [["AA", "a", 3,',
    ])
      statuses.add((await same('score', body)).status)
    assert.ok(statuses.has(200) && statuses.has(400))
    await same('invocations', 'carrier,city,seats,wind,jet\nAA,a,3,,True\n', 'text/csv')
    await same('score', 'a=b', 'application/x-www-form-urlencoded')
  })

  test('requests that come at once are answered each with its own', async () => {
    const bodies = Array.from({ length: 60 }, () =>
      JSON.stringify({ input_data: Array.from({ length: 1 + Math.floor(random() * 3) }, randomRow) }),
    )
    const together = await Promise.all(bodies.map((body) => post('auto', 'score', body)))
    for (const [index, body] of bodies.entries()) {
      const alone = await post('auto', 'score', body)
      assert.equal(alone.status, 200)
      assert.equal(toTwelveDigits(together[index]?.body ?? ''), toTwelveDigits(alone.body))
    }
  })

  test('the same model is compiled once', async () => {
    const said: string[] = []
    const { platform } = twin.app
    const built = await builderOf(platform).ensure(specificationOf({ requirements: requirements.join('\n') }))
    const verdict = await decideRuntime(
      {
        platform,
        workspace: twin.workspace,
        folder: join(twin.home, 'again'),
        modelFolder: join(
          twin.home,
          'serving',
          globSync('*/*/model', { cwd: join(twin.home, 'serving') })[0] ?? '',
        ),
        mlmodel: { flavors: { sklearn: {} } },
        variables: { TWINLOOP_RUNTIME: 'onnx' },
        environment: built,
      },
      (line) => Promise.resolve(void said.push(line)),
      new AbortController().signal,
    )
    assert.equal(said[0], 'The model was compiled and proven before.')
    assert.deepEqual(verdict.kind === 'onnx' && verdict.proof, await proofShown('auto'))
  })

  const verdictOn = (model: string) =>
    compileModel({
      model: join(models, model),
      python,
      variables: machineVariables(process.env),
      folder: join(twin.home, 'compiled', model),
      rows: [],
      say: () => Promise.resolve(),
      signal: new AbortController().signal,
    })

  test('a model of a flavor of its own is proven', async () => {
    assert.match(sentenceOf(await verdictOn('xgboost')), /^onnx \(proven on/)
  })

  test('a model that is not what it seems differs; who insists on ONNX is told so', async () => {
    await register('odd')
    const { provisioningState, error } = await deploy('insists', 'odd', 'onnx')
    assert.equal(provisioningState, 'Failed')
    assert.match(
      (error as { message: string }).message,
      /TWINLOOP_RUNTIME is onnx.*differs: for the row \[7,.*Python answers "late" and it "(early|on time)"/,
    )
  })

  test('a wish that is none is refused', async () => {
    const { refused } = await deploy('wrong', 'odd', 'fast')
    assert.match(String(refused), /TWINLOOP_RUNTIME is 'fast'; it can be auto, python, onnx/)
  })
})

/** ONNX Runtime's exponential function and NumPy's may differ by the last bit. */
const toTwelveDigits = (json: string): string =>
  json.replaceAll(/-?\d+(?:\.\d+(?:e-?\d+)?|e-?\d+)/g, (text) => `float ${Number(text).toFixed(12)}`)

/** Numbers from 0 to 1 that are the same in every run (Lehmer's generator). */
function generator(seed: number): () => number {
  let state = seed
  return () => (state = (state * 48271) % 2147483647) / 2147483647
}
