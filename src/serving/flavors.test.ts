import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { promisify } from 'node:util'
import { startTestApp, type TestApp } from '../testing/app.ts'
import { useOwnPython } from '../testing/own-python.ts'
import { settled, uploadFolder } from '../testing/serving.ts'
import { pythonWith } from '../testing/test-cache.ts'
import { specificationOf } from '../training/environments/specification.ts'

const requirements = ['mlflow-skinny==3.17.2', 'pandas==3.1.1', 'statsmodels==0.15.0', 'catboost==1.2.10']

/** Saves a model of each flavor, and beside it what MLflow itself answers for its example. */
const train = `
import json, sys, warnings
warnings.simplefilter("ignore")
import mlflow.catboost, mlflow.pyfunc, mlflow.statsmodels
import numpy as np
import pandas as pd
import statsmodels.formula.api as smf
from catboost import CatBoostClassifier, CatBoostRegressor
from mlflow.models import infer_signature
from statsmodels.tsa.arima.model import ARIMA

rng = np.random.default_rng(0)
n = 300
X = pd.DataFrame({"distance": rng.uniform(100, 2000, n), "carrier": rng.choice(["AA", "UA"], n), "seats": rng.integers(1, 9, n)})
late = np.where(X.distance + 300 * (X.carrier == "AA") > 1100, "late", "on time")
minutes = X.distance / 60 + 5 * (X.carrier == "AA") + rng.normal(size=n)
options = dict(iterations=10, depth=3, cat_features=["carrier"], verbose=0, allow_writing_files=False)

class Own(mlflow.pyfunc.PythonModel):
    def predict(self, context, model_input, params=None):
        return (model_input["distance"] * (params or {}).get("factor", 2)).tolist()

def save(name, save_model, example, output, **more):
    folder = sys.argv[1] + "/" + name
    params = more.pop("params", None)
    save_model(path=folder, signature=infer_signature(example, output, params), pip_requirements=sys.argv[2:], **more)
    answer = mlflow.pyfunc.load_model(folder).predict(example)
    with open(folder + ".json", "w") as file:
        rows = {"columns": list(example), "data": example.to_numpy(dtype=object).tolist()}
        json.dump({"rows": rows, "answer": np.asarray(answer).tolist()}, file)

few = X.head(3)
save("catboost", mlflow.catboost.save_model, few, np.array(["late"]), cb_model=CatBoostClassifier(**options).fit(X, late))
save("catboost-minutes", mlflow.catboost.save_model, few, np.array([0.0]), cb_model=CatBoostRegressor(**options).fit(X, minutes))
save("statsmodels", mlflow.statsmodels.save_model, few[["distance", "carrier"]], np.array([0.0]),
     statsmodels_model=smf.ols("minutes ~ distance + C(carrier)", X.assign(minutes=minutes)).fit())
save("arima", mlflow.statsmodels.save_model, pd.DataFrame({"start": [300], "end": [304]}), np.array([0.0]),
     statsmodels_model=ARIMA(minutes.to_numpy(), order=(1, 0, 0)).fit())
save("own", mlflow.pyfunc.save_model, few[["distance"]], np.array([0.0]), params={"factor": 2.0}, python_model=Own())
`

interface Example {
  readonly rows: { readonly columns: string[]; readonly data: unknown[][] }
  readonly answer: unknown[]
}

describe('MLflow models of CatBoost, statsmodels and one’s own code, served without code', () => {
  let twin: TestApp
  let models: string
  let base = ''
  let key = ''
  const endpoint = () => `${twin.workspace}/onlineEndpoints/flavors`

  before(async () => {
    twin = await startTestApp()
    const python = await pythonWith('flavors-1', requirements)
    models = join(twin.home, 'models')
    mkdirSync(models)
    writeFileSync(join(models, 'train.py'), train)
    await promisify(execFile)(python, [join(models, 'train.py'), models, ...requirements])
    const condaFile = readFileSync(join(models, 'own', 'conda.yaml'), 'utf8')
    useOwnPython(twin.home, specificationOf({ condaFile }), python)
    await twin.send('PUT', endpoint(), { location: 'local', properties: { authMode: 'Key' } })
    const all = ['catboost', 'catboost-minutes', 'statsmodels', 'arima', 'own']
    await Promise.all(all.map(deploy))
    base = String((await twin.send('GET', endpoint())).body.properties.scoringUri).replace(/\/score$/, '')
    key = (await twin.send('POST', `${endpoint()}/listKeys`)).body.primaryKey
  })
  after(() => twin.end())

  async function deploy(name: string) {
    const model = await uploadFolder(twin, `LocalUpload/${name}/model`, join(models, name))
    const requestSettings = { requestTimeout: 'PT20S' }
    const properties = { endpointComputeType: 'Managed', model, requestSettings }
    const id = `${endpoint()}/deployments/${name}`
    await twin.send('PUT', id, { location: 'local', properties })
    const state = await settled(twin, id)
    assert.equal(state['provisioningState'], 'Succeeded', JSON.stringify(state['error']))
  }

  const post = async (deployment: string, path: string, body: object) => {
    const headers = {
      authorization: `Bearer ${key}`,
      'content-type': 'application/json',
      'azureml-model-deployment': deployment,
    }
    const response = await fetch(`${base}/${path}`, { method: 'POST', body: JSON.stringify(body), headers })
    return { status: response.status, body: await response.json() }
  }
  const example = (name: string) => JSON.parse(readFileSync(join(models, `${name}.json`), 'utf8')) as Example

  for (const name of ['catboost', 'catboost-minutes', 'statsmodels', 'arima', 'own'])
    test(`${name} answers as MLflow does, and the deployment says why it is Python that answers`, async () => {
      const { rows, answer } = example(name)
      const scored = await post(name, 'score', { input_data: rows })
      assert.deepEqual([scored.status, toTwelveDigits(scored.body)], [200, toTwelveDigits(answer)])
      const invoked = await post(name, 'invocations', { dataframe_split: rows })
      assert.deepEqual(toTwelveDigits(invoked.body), toTwelveDigits({ predictions: answer }))
      const { body } = await twin.send('GET', `${endpoint()}/deployments/${name}`)
      assert.match(body.properties.runtime, /^python because .* are compiled$/)
    })

  test('parameters reach one’s own code; a wrong column is 400 in all of them', async () => {
    const { rows } = example('own')
    const { body } = await post('own', 'score', { input_data: rows, params: { factor: 3 } })
    assert.deepEqual(
      body,
      rows.data.map(([distance]) => Number(distance) * 3),
    )
    for (const name of ['catboost', 'statsmodels', 'own']) {
      const wrong = await post(name, 'score', { input_data: [{ distance: 'far', carrier: 'AA', seats: 1 }] })
      assert.equal(wrong.status, 400)
      assert.match(JSON.stringify(wrong.body), /distance.*should be double; row 0 has 'far'/)
    }
  })
})

/** Sums of the linear algebra beneath differ in the last digit, by where the memory happened to lie. */
const toTwelveDigits = (value: unknown) =>
  JSON.stringify(value, (_, each: unknown) =>
    typeof each === 'number' ? Number(each.toPrecision(12)) : each,
  )
