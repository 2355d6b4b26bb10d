import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { near } from '../../../statistics/metrics/testing/rows.ts'
import { learning, oracleIn } from '../../outcomes/testing/rows.ts'
import type { SignalResult } from '../../results/result.ts'
import { openSignalLab, type Asked } from '../../testing/signal-lab.ts'
import { conceptDrift } from './concept-drift.ts'

/* The definitions written out with pandas and SciPy, on rows whose scores and truths both move. */
const program = `
import json
import numpy as np, pandas as pd
from scipy import stats
rng = np.random.default_rng(9)
n, m = 4000, 6000
def two(k, a, off, start):
    p = rng.beta(a, 3, k)
    return pd.DataFrame({"p": p, "said": (p >= 0.5).astype(int), "y": (rng.uniform(size=k) < np.clip(p + off, 0, 1)).astype(int), "t": start + np.arange(k)})
def line(k, off, start):
    f = rng.normal(10, 3, k)
    return pd.DataFrame({"said": f, "y": f + rng.normal(off, 2, k), "t": start + np.arange(k)})
def strata(ref, prod, score, loss):
    edges = np.unique(np.quantile(ref[score], np.arange(1, 10) / 10))
    g = lambda d: d.assign(b=np.searchsorted(edges, d[score], side="right"), l=loss(d)).groupby("b")
    return g(ref), g(prod)
def decomposed(ref, prod, score, loss):
    a, b = strata(ref, prod, score, loss)
    w, v = b.size() / len(prod), a.size() / len(ref)
    c = (w * (b.l.mean() - a.l.mean())).sum()
    se = np.sqrt((w ** 2 * (b.l.var() / b.size() + a.l.var() / a.size())).sum())
    return dict(concept_effect=c, lower=c - 1.959963984540054 * se, covariate_effect=((w - v) * a.l.mean()).sum(), loss_change=loss(prod).mean() - loss(ref).mean())
def cusum(ref, prod, loss):
    l, r, size = loss(prod).to_numpy(), loss(ref), len(prod) // 20
    means = l.reshape(20, size).mean(1)
    before = r.to_numpy()[: len(r) // size * size].reshape(-1, size).mean(1)
    sd, s, most = max(r.std() / np.sqrt(size), before.std(ddof=1)), 0.0, 0.0
    for x in means:
        s = max(0, s + (x - r.mean()) / sd - 0.5)
        most = max(most, s)
    total, mean, low, high = 0.0, 0.0, 0.0, 0.0
    for i, x in enumerate(means, 1):
        mean += (x - mean) / i
        total += x - mean - 0.005
        low = min(low, total); high = max(high, total - low)
    return dict(loss_cusum=most, loss_cusum_carried=min(s, 5), page_hinkley=high)
ref, prod = two(m, 2, 0, 0), two(n, 4, 0.06, m)
brier = lambda d: (d.p - d.y) ** 2
a, b = strata(ref, prod, "p", brier)
x, y, nx, ny = a.y.mean(), b.y.mean(), a.size(), b.size()
pool = (nx * x + ny * y) / (nx + ny)
chi = ((y - x) ** 2 / (pool * (1 - pool) * (1 / nx + 1 / ny))).sum()
bins = prod.assign(b=np.minimum(9, np.floor(prod.p * 10))).groupby("b")
share, w = prod.y.mean(), bins.size() / n
classes = dict(decomposed(ref, prod, "p", brier), **cusum(ref, prod, brier), concept_p_value=stats.chi2.sf(chi, 10), calibration_shift=(ny / n * (y - x).abs()).sum(),
    reliability=(w * (bins.p.mean() - bins.y.mean()) ** 2).sum(), resolution=(w * (bins.y.mean() - share) ** 2).sum(), uncertainty=share * (1 - share))
lref, lprod = line(m, 0, 0), line(n, 0.4, m)
absolute = lambda d: (d.said - d.y).abs()
a, b = strata(lref, lprod, "said", absolute)
chi = ((b.l.mean() - a.l.mean()) ** 2 / (a.l.var() / a.size() + b.l.var() / b.size())).sum()
numbers = dict(decomposed(lref, lprod, "said", absolute), **cusum(lref, lprod, absolute), concept_p_value=stats.chi2.sf(chi, 10))
for name, d in dict(ref=ref, prod=prod, lref=lref, lprod=lprod).items():
    d.assign(t=pd.Timestamp("2026-01-01") + pd.to_timedelta(d.t, unit="min")).to_csv(name + ".csv", index=False)
print(json.dumps(dict(classes=classes, numbers=numbers)))
`

type Computed = Extract<SignalResult, { outcome: 'computed' }>
const valueOf = (result: Computed, metric: string) => {
  const found = result.values.find((one) => one.metric === metric)
  assert.ok(found, metric)
  return found
}

const roles = { prediction: 'said', target: 'y', probabilities: { '1': 'p' }, time: 't' }

/** Rows whose class is true as often as their score and `off` say; `spread` makes high scores rarer. */
const scored = (rows: number, off = 0, spread = 1, from = 0) => ({
  sql: `with s as (select i, ((i * 7919 % 1000 + 0.5) / 1000) ** ${spread} as p from range(${from}, ${from + rows}) r(i))
    select p, (p >= 0.5)::int as said, ((i * 104729 % 997) / 997.0 < p + ${off})::int as y, timestamp '2026-01-01' + to_minutes(i) as t from s`,
  roles,
})

describe('concept drift', () => {
  const lab = openSignalLab()
  let folder = ''
  let expected: Readonly<Record<string, Readonly<Record<string, number>>>> = {}
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'twinloop-'))
    expected = await oracleIn(folder, learning, program)
  })
  after(async () => {
    await lab.end()
    await rm(folder, { recursive: true, force: true })
  })

  const same = (result: Computed, name: string) => {
    for (const [metric, value] of Object.entries(expected[name] ?? {}))
      near(
        (metric === 'lower'
          ? valueOf(result, 'concept_effect').interval?.lower
          : valueOf(result, metric).value) ?? Number.NaN,
        value,
        1e-9,
      )
  }

  test('of classes is as its definitions say, to the last digits', async () => {
    const result = await lab.compute(conceptDrift, {
      production: { file: join(folder, 'prod.csv'), roles },
      reference: { file: join(folder, 'ref.csv'), roles },
    })
    same(result, 'classes')
    assert.equal(valueOf(result, 'loss_cusum').breached, (expected['classes']?.['loss_cusum'] ?? 0) > 5)
  })

  test('of numbers is as its definitions say', async () => {
    const numbers = { prediction: 'said', target: 'y', time: 't' }
    const result = await lab.compute(conceptDrift, {
      production: { file: join(folder, 'lprod.csv'), roles: numbers },
      reference: { file: join(folder, 'lref.csv'), roles: numbers },
      monitor: { task: 'regression' },
    })
    same(result, 'numbers')
  })

  const limits = (constant: Readonly<Record<string, number>>) => ({
    thresholds: { constant: { '': constant }, correction: 'none' as const },
  })

  test('other traffic alone is none, and another truth at the same scores is', async () => {
    const planned = limits({ concept_effect: 0.01, concept_p_value: 0.001 })
    const asked = { reference: scored(20_000), planned }
    const moved = await lab.compute(conceptDrift, { ...asked, production: scored(5000, 0, 0.15, 20_000) })
    assert.ok(Math.abs(valueOf(moved, 'covariate_effect').value ?? 0) > 0.02)
    assert.equal(valueOf(moved, 'concept_effect').breached, false)
    assert.equal(valueOf(moved, 'concept_p_value').breached, false)
    const changed = await lab.compute(conceptDrift, { ...asked, production: scored(5000, 0.3, 1, 20_000) })
    assert.equal(valueOf(changed, 'concept_effect').breached, true)
    assert.equal(valueOf(changed, 'concept_p_value').breached, true)
    const few = await lab.compute(conceptDrift, { ...asked, production: scored(60, 0.2, 1, 20_000) })
    assert.equal(valueOf(few, 'concept_effect').breached, undefined)
    assert.match(valueOf(few, 'concept_effect').note ?? '', /Inconclusive/)
  })

  test('CUSUM goes on from the window before, and finds what no window shows by itself', async () => {
    const reference = scored(20_000)
    const history: { at: Date; values: Computed['values'] }[] = []
    const alarms: boolean[] = []
    for (let window = 0; window < 6; window++) {
      const result = await lab.compute(conceptDrift, {
        reference,
        production: scored(600, 0.2, 1, 20_000 + 600 * window),
        planned: { parameters: { batches: 3 } },
        history,
      })
      alarms.push(valueOf(result, 'loss_cusum').breached === true)
      history.unshift({ at: new Date(window), values: result.values })
    }
    assert.deepEqual([alarms[0], alarms.at(-1)], [false, true])
    const alone = await lab.compute(conceptDrift, {
      reference,
      production: scored(600, 0.2, 1, 23_000),
      planned: { parameters: { batches: 3 } },
    })
    assert.equal(valueOf(alone, 'loss_cusum').breached, false)
  })

  test('segments are compared with themselves, each with a sum of its own', async () => {
    const halves = (given: { readonly sql: string }, off: number) => ({
      sql: `select * replace (case when carrier = 'UA' and p < ${off} then 1 else y end as y)
        from (select *, case when floor(p * 1000) % 2 = 0 then 'AA' else 'UA' end as carrier from (${given.sql}))`,
      roles,
    })
    const asked = {
      reference: halves(scored(20_000), 0),
      production: halves(scored(4000, 0, 1, 20_000), 0.6),
      planned: { ...limits({ concept_effect: 0.05, loss_cusum: 5 }), segments: ['carrier'] },
    }
    const result = await lab.compute(conceptDrift, asked)
    const of = (metric: string, carrier: string) =>
      result.values.find((one) => one.metric === metric && one.segment?.['carrier'] === carrier)
    assert.deepEqual(
      ['AA', 'UA'].map((carrier) => of('concept_effect', carrier)?.breached),
      [false, true],
    )
    const again = await lab.compute(conceptDrift, {
      ...asked,
      history: [{ at: new Date(0), values: result.values }],
    })
    const cusums = again.values.filter(({ metric }) => metric === 'loss_cusum')
    assert.deepEqual(
      cusums.map(({ segment, breached }) => [segment?.['carrier'], breached]),
      [
        [undefined, true],
        ['AA', false],
        ['UA', true],
      ],
    )
  })

  test('labels that are to come make it provisional, and without them there is no data', async () => {
    const late = {
      ...scored(1000, 0.3),
      sql: `select * replace (case when p < 0.5 then y end as y) from (${scored(1000, 0.3).sql})`,
    }
    const result = await lab.compute(conceptDrift, {
      production: late,
      reference: scored(2000),
      planned: limits({ concept_effect: 0 }),
    })
    assert.equal(valueOf(result, 'concept_effect').provisional, true)
    assert.equal(valueOf(result, 'concept_effect').breached, undefined)
    const reason = async (asked: Asked) => {
      const found = await lab.run(conceptDrift, { reference: scored(500), ...asked })
      return 'reason' in found ? found.reason : ''
    }
    const none = { ...scored(100), sql: `select * replace (null::int as y) from (${scored(100).sql})` }
    assert.equal(
      await reason({ production: none }),
      'None of the 100 predictions of the window has a label yet.',
    )
    assert.match(
      await reason({ production: scored(100), planned: { parameters: { loss: 'squared' } } }),
      /squared is a loss of numbers/,
    )
    const bare = { prediction: 'said', target: 'y' }
    assert.match(
      await reason({
        production: { ...scored(100), roles: bare },
        reference: { ...scored(100), roles: bare },
        planned: { parameters: { loss: 'brier' } },
      }),
      /Brier score is of probabilities/,
    )
  })

  test('constant scores, one class and no reference are told, never guessed', async () => {
    const constant = (rows: number) => ({
      sql: `select * replace (0.4 as p, 0 as said) from (${scored(rows).sql})`,
      roles,
    })
    const level = await lab.compute(conceptDrift, { production: constant(400), reference: constant(900) })
    assert.ok(Number.isFinite(valueOf(level, 'concept_effect').value))
    const one = (rows: number) => ({ sql: `select * replace (0 as y) from (${scored(rows).sql})`, roles })
    const same = await lab.compute(conceptDrift, { production: one(400), reference: one(900) })
    assert.equal(valueOf(same, 'concept_p_value').value, null)
    const alone = await lab.compute(conceptDrift, {
      production: scored(500),
      planned: { reference: undefined as never },
    })
    assert.deepEqual(
      alone.values.map(({ metric }) => metric),
      ['page_hinkley', 'reliability', 'resolution', 'uncertainty', 'labelled'],
    )
    assert.match(alone.notes.join(' '), /Without a labelled reference/)
    const classes = { prediction: 'said', target: 'y' }
    const predicted = await lab.compute(conceptDrift, {
      production: { ...scored(3000, 0.3), roles: classes },
      reference: { ...scored(3000), roles: classes },
      planned: limits({ concept_p_value: 0.001 }),
    })
    assert.equal(valueOf(predicted, 'concept_p_value').breached, true)
  })
})
