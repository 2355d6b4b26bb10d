import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import { startTestApp, type TestApp } from '../../testing/app.ts'
import { openLoop } from '../../testing/open-loop.ts'
import { uploadFolder } from '../../testing/serving.ts'
import { builderOf } from '../../training/environments/find.ts'
import { specificationOf } from '../../training/environments/specification.ts'
import type { ReleaseState } from '../releases/release.ts'
import type { Look } from './analysis/look.ts'
import { deliveredModels } from './testing/delivered-models.ts'

const requirements = ['mlflow-skinny==3.17.2', 'pandas==3.1.1', 'scikit-learn==1.9.1']

/** Two models of the same columns, and one that wants another, each with its example. */
const train = `
import sys
import mlflow.sklearn
import numpy as np
import pandas as pd
from mlflow.models import infer_signature
from sklearn.linear_model import LogisticRegression

rng = np.random.default_rng(0)
X = pd.DataFrame({"distance": rng.uniform(100, 2000, 400), "seats": rng.uniform(1, 9, 400)})
late = (X.distance + 100 * X.seats + rng.normal(0, 200, 400) > 1500).astype(int)
for name, frame, C in [("1", X, 1.0), ("2", X, 0.5), ("3", X.assign(wind=1.5), 1.0)]:
    model = LogisticRegression(max_iter=5000, C=C).fit(frame, late)
    mlflow.sklearn.save_model(model, sys.argv[1] + "/" + name, input_example=frame.head(2),
        signature=infer_signature(frame, model.predict_proba(frame)), pyfunc_predict_fn="predict_proba",
        pip_requirements=sys.argv[2:], serialization_format="cloudpickle")
`

let twin: TestApp
before(async () => {
  twin = await startTestApp()
})
after(() => twin.end())

test('MLflow models are tried with their example, compiled, compared in the shadow, and refused where they want other columns', async (context) => {
  const models = deliveredModels(twin)
  const specification = specificationOf({ requirements: requirements.join('\n') })
  const { python } = await builderOf(twin.app.platform).ensure(specification)
  const folder = join(twin.home, 'trained')
  mkdirSync(folder)
  writeFileSync(join(folder, 'train.py'), train)
  await promisify(execFile)(python, ['-W', 'ignore', join(folder, 'train.py'), folder, ...requirements])
  await models.plan({
    deployment: { request_settings: { max_concurrent_requests_per_instance: 100 } },
    steps: [
      { mirror: '50%', for: '2s' },
      { weight: '30%', for: '2s' },
    ],
  })
  const release = async (version: number): Promise<ReleaseState> => {
    const modelUri = await uploadFolder(twin, `LocalUpload/m${version}/model`, join(folder, String(version)))
    await models.ok('PUT', `${twin.workspace}/models/flights/versions/${version}`, {
      properties: { modelUri, modelType: 'mlflow_model' },
    })
    return models.until(version, ({ endedAt, state }) => endedAt !== undefined || state === 'waiting')
  }
  const told = (state: ReleaseState) => state.timeline.map(({ what }) => what).join('\n')

  const first = await release(1)
  assert.equal(first.state, 'succeeded', told(first))
  assert.match(told(first), /flights-1 answers its model's own example/)
  const { runtime } = (await models.ok('GET', `${models.endpoint}/deployments/flights-1`)).properties
  assert.match(String(runtime), /^onnx/)
  const { uri, headers } = await models.address()
  const body = JSON.stringify({ input_data: { columns: ['distance', 'seats'], data: [[700, 4.5]] } })
  const flow = openLoop(uri, {
    rate: 80,
    body,
    headers: (number) => ({ ...headers, 'x-forwarded-for': `10.0.0.${number % 200}` }),
  })

  context.after(() => flow.stop())

  const second = await release(2)
  assert.equal(second.state, 'succeeded', told(second))
  const looks = (second.stages[0]?.delivery?.looks ?? []) as unknown as readonly Look[]
  const shadow = looks.findLast(({ mirror }) => mirror !== undefined)
  const agreement = shadow?.findings.find(({ check }) => check === 'agreement')
  // Another regularisation: no chance is the same to nine digits.
  assert.equal(agreement?.canary, 0)

  const third = await release(3)
  await flow.stop()
  assert.equal(third.state, 'failed', told(third))
  assert.match(told(third), /flights-3 answers its model's own example/)
  assert.match(third.reason, /^refusal_rate: .* refused requests against the champion's 0 %/)
  // It was refused in the shadow: no caller has met it.
  assert.deepEqual(
    [...new Set(flow.shots.map(({ status, deployment }) => `${status} ${deployment}`))].toSorted(),
    ['200 flights-1', '200 flights-2'],
  )
})
