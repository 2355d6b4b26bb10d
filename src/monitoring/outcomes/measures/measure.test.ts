import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { near } from '../../../statistics/metrics/testing/rows.ts'
import type { Roles } from '../../populations/population.ts'
import { openOutcomes, type OutcomesAsked } from '../outcomes.ts'
import { segmentSets } from '../segments.ts'
import { learning, oracleOf, type Oracle } from '../testing/rows.ts'
import { measure } from './measure.ts'
import type { Averaged } from './measured.ts'

/* scikit-learn makes the rows, and says what every metric of them is. */
const program = `
import json, warnings
import numpy as np, pandas as pd
from sklearn import metrics as m
warnings.simplefilter("ignore")
rng = np.random.default_rng(3)
n = 4000
p = np.round(rng.beta(2, 3, n), 3)
y = (rng.uniform(size=n) < p * 0.9 + 0.05).astype(int)
carrier = rng.choice(["AA", "B6", "UA"], n, p=[0.5, 0.3, 0.2])
origin = rng.choice(["EWR", "JFK"], n)
binary = pd.DataFrame({"late": y == 1, "said": (p >= 0.4).astype(int), "chance": p, "carrier": carrier, "origin": origin})
binary.to_csv("binary.csv", index=False)

def of_two(rows, average):
    y, said, p = rows.late.astype(int), rows.said, rows.chance
    k = dict(average=average, zero_division=0)
    return dict(accuracy=m.accuracy_score(y, said), precision=m.precision_score(y, said, **k), recall=m.recall_score(y, said, **k),
        f1=m.f1_score(y, said, **k), balanced_accuracy=m.balanced_accuracy_score(y, said), matthews_correlation=m.matthews_corrcoef(y, said),
        roc_auc=m.roc_auc_score(y, p), pr_auc=m.average_precision_score(y, p), log_loss=m.log_loss(y, p, labels=[0, 1]), brier=m.brier_score_loss(y, p))

q = rng.dirichlet([1, 2, 1.5], n).round(6)
q[:, 2] = 1 - q[:, 0] - q[:, 1]
z = np.array([rng.choice(3, p=r / r.sum()) for r in q])
names = np.array(["iris", "lily", "rose"])
three = pd.DataFrame({"species": names[z], "said": names[q.argmax(1)], "iris": q[:, 0], "lily": q[:, 1], "rose": q[:, 2]})
three.to_csv("three.csv", index=False)
k = dict(average="macro", zero_division=0)
of_three = dict(accuracy=m.accuracy_score(z, q.argmax(1)), precision=m.precision_score(z, q.argmax(1), **k), recall=m.recall_score(z, q.argmax(1), **k), f1=m.f1_score(z, q.argmax(1), **k),
    matthews_correlation=m.matthews_corrcoef(z, q.argmax(1)), roc_auc=m.roc_auc_score(z, q, multi_class="ovr"),
    pr_auc=m.average_precision_score(np.eye(3)[z], q), log_loss=m.log_loss(z, q), brier=((q - np.eye(3)[z]) ** 2).sum(1).mean())

t = rng.normal(20, 9, n).round(3)
f = (t * 0.9 + rng.normal(1, 4, n)).round(4)
numbers = pd.DataFrame({"delay": t, "said": f, "carrier": carrier})
numbers.to_csv("numbers.csv", index=False)
def of_numbers(r):
    return dict(mae=m.mean_absolute_error(r.delay, r.said), mse=m.mean_squared_error(r.delay, r.said), rmse=m.root_mean_squared_error(r.delay, r.said),
        r2=m.r2_score(r.delay, r.said), mape=m.mean_absolute_percentage_error(r.delay, r.said), wape=(r.delay - r.said).abs().sum() / r.delay.abs().sum(), bias=(r.said - r.delay).mean())
rmses = [np.sqrt(((t - f)[i] ** 2).mean()) for i in (rng.integers(0, n, n) for _ in range(2000))]
print(json.dumps(dict(
    macro=of_two(binary, "macro"), binary=of_two(binary, "binary"), weighted=of_two(binary, "weighted"),
    AA=of_two(binary[binary.carrier == "AA"], "macro"), UAJFK=of_two(binary[(binary.carrier == "UA") & (binary.origin == "JFK")], "macro"),
    three=of_three, numbers=of_numbers(numbers), B6=of_numbers(numbers[numbers.carrier == "B6"]), spread=[np.quantile(rmses, 0.025), np.quantile(rmses, 0.975)])))
`

type Metrics = Readonly<Record<string, number>>

const two: Partial<Roles> = { target: 'late', prediction: 'said', probabilities: { '1': 'chance' } }
const three: Partial<Roles> = {
  target: 'species',
  prediction: 'said',
  probabilities: { iris: 'iris', lily: 'lily', rose: 'rose' },
}

describe('metrics of labelled rows', () => {
  let oracle: Oracle<Readonly<Record<string, Metrics>>>
  before(async () => {
    oracle = await oracleOf(learning, program)
  })
  after(() => oracle.stop())

  const measured = (
    file: string,
    roles: Partial<Roles>,
    average: Averaged,
    segments: readonly string[] = [],
  ) =>
    oracle.session(async (session, population) => {
      const asked: OutcomesAsked = { segments }
      const outcomes = await openOutcomes(session, { production: await population(file, roles) }, asked)
      const all = []
      for (const set of segmentSets(segments))
        all.push(
          ...(await measure(session, outcomes, outcomes.production, set, {
            average,
            confidence: 0.95,
            seed: 7,
          })),
        )
      return all
    })

  const same = (
    found: Awaited<ReturnType<typeof measured>>[number] | undefined,
    expected: Metrics | undefined,
  ) => {
    assert.ok(found !== undefined && expected !== undefined)
    for (const [metric, value] of Object.entries(expected)) {
      const own = found.metrics.get(metric)
      assert.ok(own, metric)
      near(own.value, value, 1e-9)
      if (metric !== 'matthews_correlation') assert.ok(own.lower < value && value < own.upper, metric)
    }
  }

  test('of two classes are those of scikit-learn, however they are averaged', async () => {
    for (const average of ['macro', 'binary', 'weighted'] as const) {
      const [all] = await measured('binary.csv', two, average)
      same(all, oracle.expected[average])
    }
  })

  test('of segments are those of their rows', async () => {
    const all = await measured('binary.csv', two, 'macro', ['carrier', 'origin'])
    assert.equal(all.length, 1 + 3 + 2 + 6)
    const of = (wanted: object) =>
      all.find(({ segment }) => JSON.stringify(segment) === JSON.stringify(wanted))
    same(of({ carrier: 'AA' }), oracle.expected['AA'])
    same(of({ carrier: 'UA', origin: 'JFK' }), oracle.expected['UAJFK'])
  })

  test('of three classes are those of scikit-learn', async () => {
    const [all] = await measured('three.csv', three, 'macro')
    same(all, oracle.expected['three'])
  })

  test('of numbers are those of scikit-learn, with the interval of a bootstrap', async () => {
    const roles = { target: 'delay', prediction: 'said' }
    const all = await measured('numbers.csv', roles, 'macro', ['carrier'])
    same(all[0], oracle.expected['numbers'])
    same(
      all.find(({ segment }) => segment?.['carrier'] === 'B6'),
      oracle.expected['B6'],
    )
    const rmse = all[0]?.metrics.get('rmse')
    const [lower, upper] = oracle.expected['spread'] as unknown as [number, number]
    near(rmse?.lower ?? 0, lower, 0.005)
    near(rmse?.upper ?? 0, upper, 0.005)
  })
})
