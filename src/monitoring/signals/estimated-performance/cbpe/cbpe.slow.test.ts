import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { near } from '../../../../statistics/metrics/testing/rows.ts'
import { nannyml, oracleIn } from '../../../outcomes/testing/rows.ts'
import { openSignalLab } from '../../../testing/signal-lab.ts'
import { estimatedPerformance } from '../estimated-performance.ts'

/*
 * NannyML estimates the tenths of a table from a labelled reference. Scores are all different: NannyML deals with ties by
 * the order in which its sort leaves them.
 */
const program = `
import json, os, warnings
os.environ["NML_DISABLE_USAGE_LOGGING"] = "1"
warnings.simplefilter("ignore")
import numpy as np, pandas as pd, nannyml as nml
from nannyml.thresholds import StandardDeviationThreshold
rng = np.random.default_rng(11)
n = 3000

def two(shift):
    p = rng.beta(2 + shift, 3, n)
    y = (rng.uniform(size=n) < p ** 2).astype(int)
    return pd.DataFrame({"p": p, "said": (p >= 0.6).astype(int), "y": y})

def sure(shift):
    y = (rng.uniform(size=n) < 0.3).astype(int)
    p = np.where(y == 1, rng.uniform(0.6, 1, n), rng.uniform(0, 0.4, n))
    return pd.DataFrame({"p": p, "said": (p >= 0.5).astype(int), "y": y})

def three(shift):
    q = rng.dirichlet([1 + shift, 2, 1.5], n)
    names = np.array(["iris", "lily", "rose"])
    sharp = q ** 2 / (q ** 2).sum(1, keepdims=True)
    y = np.array([rng.choice(3, p=r) for r in sharp])
    return pd.DataFrame({"iris": q[:, 0], "lily": q[:, 1], "rose": q[:, 2], "said": names[q.argmax(1)], "y": names[y]})

def ask(name, make, kind, proba, **more):
    reference, analysis = make(0), make(0.7)
    if kind == "classification_binary":
        reference.loc[reference.p.idxmin(), "y"] = 0
    reference.to_csv(name + "-reference.csv", index=False)
    metrics = ["roc_auc", "f1", "precision", "recall", "specificity", "accuracy", "confusion_matrix", "average_precision", "business_value"]
    size = 2 if kind == "classification_binary" else 3
    value = (np.arange(size * size).reshape(size, size) ** 2 - 3.0).tolist()
    e = nml.CBPE(problem_type=kind, y_pred_proba=proba, y_pred="said", y_true="y", metrics=metrics, chunk_number=10, business_value_matrix=value, **more)
    e.fit(reference)
    r = e.estimate(analysis).filter(period="analysis").to_df()
    tenths = []
    for i in (0, 6):
        analysis.iloc[300 * i:300 * (i + 1)].drop(columns="y").to_csv(f"{name}-{i}.csv", index=False)
        row = r.iloc[i]
        own = {}
        for m in [c for c in r.columns.get_level_values(0).unique() if c != "chunk"]:
            own[m] = {k: (None if pd.isna(row[(m, k)]) else float(row[(m, k)])) for k in ["value", "sampling_error", "lower_threshold", "upper_threshold"]}
        tenths.append(own)
    calibrated = [e.needs_calibration] if kind == "classification_binary" else [type(c).__name__ == "IsotonicCalibrator" for c in e._calibrators.values()]
    return dict(tenths=tenths, calibrated=[bool(c) for c in calibrated])

print(json.dumps(dict(
    two=ask("two", two, "classification_binary", "p"),
    sure=ask("sure", sure, "classification_binary", "p", normalize_confusion_matrix="true", normalize_business_value="per_prediction"),
    three=ask("three", three, "classification_multiclass", {k: k for k in ["iris", "lily", "rose"]}))))
`

interface Estimate {
  readonly value: number
  readonly sampling_error: number
  readonly lower_threshold: number
  readonly upper_threshold: number
}
interface Expected {
  readonly tenths: readonly Readonly<Record<string, Estimate>>[]
  readonly calibrated: readonly boolean[]
}

const matrix = (size: number) =>
  Array.from({ length: size }, (_, i) => Array.from({ length: size }, (_none, j) => (size * i + j) ** 2 - 3))

describe('CBPE', () => {
  const lab = openSignalLab()
  let folder = ''
  let expected: Readonly<Record<string, Expected>> = {}
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'twinloop-'))
    expected = await oracleIn(folder, nannyml, program)
  })
  after(async () => {
    await lab.end()
    await rm(folder, { recursive: true, force: true })
  })

  const probabilities = { iris: 'iris', lily: 'lily', rose: 'rose' }
  const estimate = (
    name: string,
    tenth: number,
    size: number,
    parameters: object = {},
    more: object = {},
  ) => {
    const roles = { prediction: 'said', probabilities: size === 2 ? { '1': 'p' } : probabilities }
    return lab.compute(estimatedPerformance, {
      production: { file: join(folder, `${name}-${tenth}.csv`), roles },
      reference: { file: join(folder, `${name}-reference.csv`), roles: { ...roles, target: 'y' } },
      planned: {
        thresholds: { constant: {}, fromReference: { deviations: 3, chunks: 10 }, correction: 'none' },
        parameters: { business_value_matrix: matrix(size), ...parameters },
        ...more,
      },
    })
  }

  /** NannyML draws the band of the average precision at random, and calls the business value's by the reference's size. */
  const same = async (name: string, size: number, parameters: object = {}) => {
    for (const [i, tenth] of [0, 6].entries()) {
      const result = await estimate(name, tenth, size, parameters)
      const own = expected[name]?.tenths[i]
      assert.ok(own !== undefined)
      assert.deepEqual((result.details as { calibrated: boolean[] }).calibrated, expected[name]?.calibrated)
      let compared = 0
      for (const [metric, { value, sampling_error: error, lower_threshold: lower }] of Object.entries(own)) {
        const found = result.values.find((one) => one.metric === `estimated_${metric}`)
        if (found === undefined) continue
        compared += 1
        near(found.value ?? Number.NaN, value, 1e-9)
        if (metric !== 'average_precision') {
          const clipped = Math.max(value - 3 * error, metric === 'business_value' ? -Infinity : 0)
          near(found.interval?.lower ?? Number.NaN, clipped, 1e-9)
        }
        if (found.threshold?.lower !== undefined && lower !== null) near(found.threshold.lower, lower, 1e-9)
      }
      assert.equal(compared, size === 2 ? 12 : 8)
    }
  }

  test('of two classes estimates what NannyML does, calibrated as it is', () => same('two', 2))
  test('leaves scores that separate the classes as they are, and tells cells as shares', () =>
    same('sure', 2, { normalize_confusion_matrix: 'true', normalize_business_value: 'per_prediction' }))
  test('of three classes estimates what NannyML does, and their whole matrix', async () => {
    await same('three', 3)
    const result = await estimate('three', 6, 3)
    const { confusion, classes } = result.details as { confusion: number[]; classes: string[] }
    for (const [i, truth] of classes.entries())
      for (const [j, said] of classes.entries())
        near(
          confusion[3 * i + j] ?? 0,
          expected['three']?.tenths[1]?.[`true_${truth}_pred_${said}`]?.value ?? 0,
          1e-9,
        )
  })
})
