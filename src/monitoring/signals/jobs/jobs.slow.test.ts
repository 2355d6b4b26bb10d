import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { z } from 'zod'
import { startTestApp, type TestApp } from '../../../testing/app.ts'
import { nannyml, oracle, realJobs } from '../../testing/signal-jobs.ts'
import { openSignalLab, type Asked } from '../../testing/signal-lab.ts'
import { advanceDle } from '../estimated-performance/dle/advance.ts'
import { featureAttributionDrift } from '../feature-attribution-drift/signal.ts'
import { multivariateDrift } from '../multivariate-drift/signal.ts'
import type { Signal } from '../signal.ts'

/** LightGBM as Azure ML has it, explained by the shap package instead of by itself. */
const explained = `
import json, sys
import numpy as np, pandas as pd, shap
from lightgbm import LGBMClassifier
from sklearn.model_selection import train_test_split
frame = pd.read_parquet(sys.argv[1])
target = frame.pop("late").astype(str)
for name in ["carrier"]:
    frame[name] = frame[name].astype("category")
model = LGBMClassifier(boosting_type="gbdt", learning_rate=0.1, max_depth=5, n_estimators=200, n_jobs=1, random_state=777, verbose=-1)
model.fit(frame, target)
_, chosen = train_test_split(frame, test_size=0.5, random_state=0)
values = shap.TreeExplainer(model).shap_values(chosen)
values = values[1] if isinstance(values, list) else values
print(json.dumps(dict(zip(frame.columns, np.abs(values).mean(axis=0).tolist()))))
`

/** Delay and carrier make a flight late; in the second half of the year it is the distance. */
const flights = (from: number, to: number, later = false) => `
  select (i % 97)::double as dep_delay, abs(hash(i)) % 1000 / 1.0 as distance,
    case when i % 11 = 0 then null else ['AA', 'UA', 'B6'][1 + i % 3] end as carrier, 1.0::double as same,
    case when ${later ? 'abs(hash(i)) % 1000 > 600' : 'i % 97 > 60 or (i % 3 = 0 and i % 97 > 40)'} then 1 else 0 end as late
  from range(${from}, ${to}) t(i)`

const dle: Signal<{ readonly min_rows: number }> = {
  kind: 'estimated_performance',
  signalType: 'EstimatedPerformance',
  summary: 'DLE alone, for its test.',
  parameters: z.object({ min_rows: z.number().default(30) }),
  reference: 'required',
  metrics: [],
  advance: advanceDle,
}

describe('signals whose jobs run for real', () => {
  const lab = openSignalLab()
  let t: TestApp
  before(async () => {
    t = await startTestApp()
  })
  after(() => Promise.all([t.end(), lab.end()]))

  const asked = (more: Partial<Asked>): Asked => ({
    reference: { sql: flights(0, 4000), roles: { target: 'late' } },
    production: {
      sql: `select * exclude (late), late as said from (${flights(4000, 6000)})`,
      roles: { prediction: 'said' },
    },
    planned: {
      thresholds: {
        constant: { '': { normalized_discounted_cumulative_gain: 0.9, domain_classifier_roc_auc: 0.55 } },
        correction: 'none',
      },
    },
    platform: t.app.platform,
    workspaceId: t.workspace,
    job: realJobs(t),
    ...more,
  })

  test('surrogates find what makes flights late, and that it is something else now', async () => {
    const { values, details } = await lab.compute(featureAttributionDrift, asked({}))
    const [ndcg] = values
    assert.ok((ndcg?.value ?? 0) > 0.99)
    assert.deepEqual([ndcg?.breached, ndcg?.n, ndcg?.referenceN], [false, 2000, 4000])
    const ranked = (found: unknown) =>
      (found as { readonly attributions: readonly { column: string; reference: number }[] }).attributions
    assert.deepEqual(
      ranked(details).map(({ column }) => column),
      ['dep_delay', 'carrier', 'distance', 'same'],
    )
    const apart = await lab.compute(
      featureAttributionDrift,
      asked({
        production: {
          sql: `select * exclude (late), late as said from (${flights(4000, 6000, true)})`,
          roles: { prediction: 'said' },
        },
      }),
    )
    assert.equal(apart.values[0]?.breached, true)
    assert.match(apart.notes.join(), /has gone from rank|from rank \d/)

    const file = `${lab.folder}/oracle.parquet`
    await lab.analytics.session({ writes: [lab.folder] }, (session) =>
      session.run(`copy (${flights(0, 4000)}) to '${file}' (format parquet)`),
    )
    const shap = (await oracle(await nannyml(), explained, file)) as Readonly<Record<string, number>>
    const total = Object.values(shap).reduce((sum, value) => sum + value, 0)
    // Another version of LightGBM made these trees.
    for (const { column, reference } of ranked(details))
      assert.ok(Math.abs(reference - (shap[column] ?? 0) / total) < 0.01, `${column}: ${reference}`)
  })

  test('a classifier tells what has changed, and nothing where nothing has', async () => {
    const planned = { ...asked({}).planned, parameters: { methods: ['domain_classifier'] } }
    const [same] = (await lab.compute(multivariateDrift, asked({ planned }))).values
    assert.equal(same?.breached, false)
    const production = {
      sql: `select * replace (distance + dep_delay * 5 as distance) from (${flights(4000, 6000)})`,
    }
    const { values, details } = await lab.compute(multivariateDrift, asked({ planned, production }))
    assert.equal(values[0]?.breached, true)
    assert.ok((values[0]?.interval?.lower ?? 0) > 0.55)
    const [gain] = z
      .object({ gains: z.array(z.object({ column: z.string() })) })
      .parse(details?.['domain_classifier_roc_auc']).gains
    assert.equal(gain?.column, 'distance')
  })

  test('losses are estimated where the truth is not known', async () => {
    const rows = (from: number, to: number) => `
      select dep_delay, carrier, dep_delay * 2 as said, dep_delay * 2 + (i % 7 - 3) * dep_delay / 20 as delay
      from (select *, row_number() over () as i from (${flights(from, to)}))`
    const { values } = await lab.compute(
      dle,
      asked({
        planned: {},
        reference: {
          sql: rows(0, 4000),
          roles: { prediction: 'said', target: 'delay', features: ['dep_delay', 'carrier'] },
        },
        production: {
          sql: `select * exclude (delay) replace (dep_delay + 30 as dep_delay, 'ZZ' as carrier) from (${rows(4000, 5000)})`,
          roles: { prediction: 'said', features: ['dep_delay', 'carrier'] },
        },
      }),
    )
    assert.deepEqual(
      values.map(({ metric, n }) => [metric, n]),
      ['mae', 'mape', 'mse', 'rmse', 'msle', 'rmsle'].map((name) => [`estimated_${name}`, 1000]),
    )
    for (const { value, threshold } of values)
      assert.ok((value ?? -1) >= 0 && threshold?.from === 'reference' && (threshold.upper ?? 0) > 0)
  })

  test('a program that finds nothing to learn from says so', async () => {
    const production = {
      sql: `select * exclude (late), 0 as said from (${flights(0, 500)})`,
      roles: { prediction: 'said' },
    }
    assert.deepEqual(await lab.run(featureAttributionDrift, asked({ production })), {
      outcome: 'no_data',
      reason: "The column 'said' has one value only (0): nothing can be learned from it.",
    })
  })
})
