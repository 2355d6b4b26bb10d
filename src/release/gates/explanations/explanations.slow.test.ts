import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { startTestApp, type TestApp } from '../../../testing/app.ts'
import { train } from '../../evaluation/testing/loans.ts'
import { runGate } from '../../testing/run-gate.ts'
import { openLaboratory, type Laboratory } from '../../testing/trained-models.ts'
import { explanationsGate } from './gate.ts'
import type { ExplanationsDetails } from './judge.ts'

/** scikit-learn's own permutation importance of a model, and what a linear model's SHAP values are by their formula. */
const oracle = `
import json, os, sys
import mlflow.sklearn
import numpy as np
import pandas as pd
from sklearn.inspection import permutation_importance

model = mlflow.sklearn.load_model(os.path.join(sys.argv[1], "better"))
rows = pd.read_csv(os.path.join(sys.argv[1], "loans.csv"))
X = rows[["income", "debt", "sex", "race", "age"]]
found = permutation_importance(model, X, rows.paid, scoring="neg_log_loss", n_repeats=20, random_state=0)
given = model[:-1].transform(X)
given = given.toarray() if hasattr(given, "toarray") else given
values = model[-1].coef_[0] * (given - given.mean(axis=0))
names = model[:-1].get_feature_names_out()
parent = lambda name: name.split("__")[1].split("_")[0]
shap = {c: float(np.abs(values[:, [i for i, n in enumerate(names) if parent(n) == c]].sum(axis=1)).mean()) for c in X}
print(json.dumps({"mean": dict(zip(X, found.importances_mean)), "std": dict(zip(X, found.importances_std)), "shap": shap}))
`

type Oracle = Readonly<Record<'mean' | 'std' | 'shap', Readonly<Record<string, number>>>>

describe('the gate explanations', () => {
  let twin: TestApp
  let laboratory: Laboratory
  let expected: Oracle
  const model = (name: string) => `${twin.workspace}/models/${name}/versions/1`

  before(async () => {
    twin = await startTestApp()
    laboratory = await openLaboratory(twin)
    await laboratory.train(train, ['better', 'worse'])
    await laboratory.data('loans', readFileSync(join(laboratory.folder, 'loans.csv'), 'utf8'))
    expected = (await laboratory.run(oracle, laboratory.folder)) as Oracle
  })
  after(() => twin.end())

  const held = { data: 'azureml:loans@latest', target: 'paid' }

  test('tells of both models what scikit-learn and shap say, and holds the candidate to its limits', async () => {
    const { result, files } = await runGate(
      twin,
      explanationsGate,
      { ...held, max_share: 0.9, must_not_matter: ['income'], like_champion: 0.99, repeats: 10 },
      { candidate: model('better'), champion: model('worse') },
    )
    assert.equal(result.verdict, 'fail')
    assert.match(result.summary, /^'income' matters and must not: shuffled, the log loss grows by 0\.\d+ /)
    const verdicts = new Map(result.measures.map(({ name, verdict }) => [name, verdict]))
    assert.equal(verdicts.get('largest_share_of_importance'), 'pass')
    assert.equal(verdicts.get('importance_ndcg'), 'fail')
    const { candidate, champion, labels } = result.details as unknown as ExplanationsDetails
    assert.deepEqual(labels, { candidate: 'better:1', champion: 'worse:1' })
    assert.equal(candidate.permutation.rows, 1500)
    for (const { column, mean } of candidate.permutation.columns) {
      const [by, about] = [expected.std[column] ?? 0, expected.mean[column] ?? 1]
      assert.ok(Math.abs(mean - about) <= 4 * by + 1e-6, `${column}: ${mean} is not ${about} ± ${by}`)
    }
    assert.deepEqual(champion?.permutation.columns.map(({ column }) => column).toSorted(), ['debt', 'sex'])
    assert.match(String(candidate.shap?.method), /^Linear explainer of shap 0\.\d+/)
    for (const { column, mean } of candidate.shap?.columns ?? []) {
      const formula = expected.shap[column] ?? 0
      assert.ok(Math.abs(mean - formula) < 0.15 * formula + 0.01, `${column}: ${mean} is not ${formula}`)
    }
    assert.equal(candidate.dependence.length, 5)
    assert.deepEqual([...files.keys()], ['candidate.json', 'champion.json'])
    assert.ok(explanationsGate.report?.(result).includes('class="swarm"'))
  })

  test('a target that the data have not is an error in words; without shap there are no SHAP values', async () => {
    const models = { candidate: model('worse') }
    await assert.rejects(
      runGate(twin, explanationsGate, { ...held, target: 'payed', shap: false }, models),
      /The data have no column 'payed'\./,
    )
    const { result } = await runGate(
      twin,
      explanationsGate,
      { ...held, rows: 300, repeats: 2, shap: false },
      models,
    )
    assert.equal(result.verdict, 'pass')
    assert.match(result.summary, /^It goes by debt \(\d/)
    assert.equal((result.details as unknown as ExplanationsDetails).candidate.shap, null)
  })

  test('a plan is told of columns that the data have not', async () => {
    const { platform } = twin.app
    const actor = platform.identity('release')
    const context = { platform, workspaceId: twin.workspace, model: 'loans', actor }
    const parameters = explanationsGate.parameters.parse({ ...held, must_not_matter: ['sexe'] })
    assert.deepEqual(await explanationsGate.check?.(parameters, context), [
      { path: ['must_not_matter', 0], message: "The data have no column 'sexe'. Did you mean 'sex'?" },
    ])
  })
})
