import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { openLaboratory, type Laboratory } from '../../../release/testing/trained-models.ts'
import { startTestApp, type TestApp } from '../../../testing/app.ts'
import { realJobs } from '../../testing/signal-jobs.ts'
import { openSignalLab } from '../../testing/signal-lab.ts'
import { featureAttributionDrift } from './signal.ts'

/** A linear model and one of neighbours, the rows of January and of July, and what the linear one's SHAP values are by their formula. */
const program = `
import json, os, sys
import mlflow.sklearn
import numpy as np
import pandas as pd
from mlflow.models import infer_signature
from sklearn.compose import make_column_transformer
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder

folder, reqs = sys.argv[1], sys.argv[2:]
rng = np.random.default_rng(0)

def flights(n, spread):
    X = pd.DataFrame({"dep_delay": rng.normal(0, 1, n), "distance": rng.normal(0, spread, n), "carrier": rng.choice(["AA", "UA"], n)})
    X["late"] = (rng.uniform(size=n) < 1 / (1 + np.exp(-2 * X.dep_delay - X.distance))).astype(int)
    return X

january, july = flights(1500, 0.5), flights(800, 6)
X, y = january[["dep_delay", "distance", "carrier"]], january.late
for name, model in {"linear": LogisticRegression(), "neighbours": KNeighborsClassifier()}.items():
    encode = make_column_transformer((OneHotEncoder(), ["carrier"]), remainder="passthrough")
    fitted = make_pipeline(encode, model).fit(X, y)
    mlflow.sklearn.save_model(fitted, os.path.join(folder, name), signature=infer_signature(X, fitted.predict(X)), pip_requirements=reqs)
    if name == "linear":
        oracle = {}
        for side, rows in {"reference": january, "production": july}.items():
            given = np.asarray(fitted[:-1].transform(rows[X.columns]), dtype=float)
            values = fitted[-1].coef_[0] * (given - given.mean(axis=0))
            parts = {"carrier": values[:, :2], "dep_delay": values[:, 2:3], "distance": values[:, 3:]}
            oracle[side] = {column: float(np.abs(of.sum(axis=1)).mean()) for column, of in parts.items()}
january.to_parquet(os.path.join(folder, "january.parquet"))
july.drop(columns=["late"]).to_parquet(os.path.join(folder, "july.parquet"))
json.dump(oracle, open(os.path.join(folder, "oracle.json"), "w"))
`

const read = `import sys; print(open(sys.argv[1]).read())`

describe('feature attribution drift of the served model', () => {
  const lab = openSignalLab()
  let t: TestApp
  let laboratory: Laboratory
  before(async () => {
    t = await startTestApp()
    laboratory = await openLaboratory(t)
    await laboratory.train(program, ['linear', 'neighbours'])
  })
  after(() => Promise.all([t.end(), lab.end()]))

  const compute = async (model: string) =>
    lab.compute(featureAttributionDrift, {
      reference: {
        file: join(laboratory.folder, 'january.parquet'),
        roles: { target: 'late', features: ['dep_delay', 'distance', 'carrier'] },
      },
      production: { file: join(laboratory.folder, 'july.parquet') },
      planned: {
        parameters: { attributions: 'model' },
        thresholds: { constant: { '': { normalized_discounted_cumulative_gain: 0.9 } }, correction: 'none' },
      },
      model: await t.app.platform.resources.get(`${t.workspace}/models/${model}/versions/1`),
      platform: t.app.platform,
      workspaceId: t.workspace,
      job: realJobs(t),
    })

  test('SHAP values of a linear model are what its formula says, and a ranking that has turned is a breach', async () => {
    const { values, details } = await compute('linear')
    assert.equal(values[0]?.breached, true)
    assert.match(String(values[0]?.method), /^mean \|SHAP\|, Linear explainer of shap 0\.\d+/)
    assert.deepEqual([values[0]?.n, values[0]?.referenceN], [800, 1500])
    const oracle = (await laboratory.run(read, join(laboratory.folder, 'oracle.json'))) as Readonly<
      Record<'reference' | 'production', Readonly<Record<string, number>>>
    >
    const { attributions } = details as unknown as {
      readonly attributions: readonly {
        readonly column: string
        readonly reference: number
        readonly production: number
      }[]
    }
    assert.deepEqual(
      attributions.map(({ column }) => column),
      ['dep_delay', 'distance', 'carrier'],
    )
    for (const side of ['reference', 'production'] as const) {
      const total = Object.values(oracle[side]).reduce((sum, value) => sum + value, 0)
      for (const one of attributions) {
        const share = (oracle[side][one.column] ?? 0) / total
        // The explainer's background is a sample of the rows.
        assert.ok(Math.abs(one[side] - share) < 0.02, `${side} ${one.column}: ${one[side]} is not ${share}`)
      }
    }
  })

  test('of a model that has no exact explainer it is how far answers move, and a note says so', async () => {
    const { values, notes } = await compute('neighbours')
    assert.match(String(values[0]?.method), /^mean move of the answer, 3 shuffles, seed 7$/)
    assert.match(
      notes.join(' '),
      /No SHAP values of this model: shap has no exact explainer for a KNeighborsClassifier/,
    )
    assert.deepEqual(
      values.slice(1).map(({ feature }) => feature),
      ['dep_delay', 'distance', 'carrier'],
    )
  })
})
