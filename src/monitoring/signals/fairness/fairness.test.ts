import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { near } from '../../../statistics/metrics/testing/rows.ts'
import { learning, oracleIn } from '../../outcomes/testing/rows.ts'
import type { SignalValue } from '../../results/result.ts'
import { openSignalLab, type Asked } from '../../testing/signal-lab.ts'
import { fairness } from './fairness.ts'

const program = `
import json
import numpy as np, pandas as pd
from fairlearn import metrics as f
rng = np.random.default_rng(5)
n = 3000
rows = pd.DataFrame({"sex": rng.choice(["f", "m"], n), "race": rng.choice(["a", "b", "c"], n, p=[0.6, 0.3, 0.1]), "y": rng.integers(0, 2, n)})
rows["said"] = (rng.uniform(size=n) < 0.3 + 0.2 * (rows.sex == "m") + 0.3 * rows.y).astype(int)
rows.loc[::50, "race"] = None
rows.to_csv("rows.csv", index=False)
rows["race"] = rows.race.fillna("(missing)")
names = ["demographic_parity_difference", "demographic_parity_ratio", "equalized_odds_difference", "equalized_odds_ratio", "equal_opportunity_difference", "equal_opportunity_ratio"]
of = lambda s: {k: getattr(f, k)(rows.y, rows.said, sensitive_features=s) for k in names}
frame = f.MetricFrame(metrics={"selection_rate": f.selection_rate, "true_positive_rate": f.true_positive_rate, "false_positive_rate": f.false_positive_rate}, y_true=rows.y, y_pred=rows.said, sensitive_features=rows[["sex", "race"]])
print(json.dumps({"sex": of(rows.sex), "race": of(rows.race), "sex × race": of(rows[["sex", "race"]]),
    "groups": {"|".join(k): v.to_dict() for k, v in frame.by_group.iterrows()}}))
`

const features = { parameters: { sensitive_features: ['sex', 'race'] } }
const roles = { prediction: 'said', target: 'y' }

/** Loans of two groups of `rows`; of the second `less` in a hundred fewer are accepted. */
const loans = (rows: number, less: number, label = 'null::int') => ({
  sql: `select case when i % 2 = 0 then 'f' else 'm' end as sex, (i // 2 * 37 % 100 < 50 - ${less} * (i % 2))::int as said, ${label} as y from range(${2 * rows}) t(i)`,
  roles,
})

describe('fairness in production', () => {
  const lab = openSignalLab()
  let folder = ''
  let expected: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {}
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'twinloop-'))
    expected = await oracleIn(folder, learning, program)
  })
  after(async () => {
    await lab.end()
    await rm(folder, { recursive: true, force: true })
  })

  const plan = (parameters: object, constant: Readonly<Record<string, number>> = {}) => ({
    parameters: { sensitive_features: 'sex', ...parameters },
    thresholds: {
      constant: Object.keys(constant).length > 0 ? { '': constant } : {},
      correction: 'none' as const,
    },
  })
  const valueOf = async (asked: Asked, metric: string): Promise<SignalValue> => {
    const found = (await lab.compute(fairness, asked)).values.find((one) => one.metric === metric)
    assert.ok(found, metric)
    return found
  }

  test('its figures are fairlearn’s, of features and of their intersections', async () => {
    const result = await lab.compute(fairness, {
      production: { file: join(folder, 'rows.csv'), roles },
      planned: features,
    })
    for (const feature of ['sex', 'race', 'sex × race'])
      for (const [metric, value] of Object.entries(expected[feature] ?? {})) {
        const own = result.values.find((one) => one.metric === metric && one.feature === feature)
        near(own?.value ?? Number.NaN, value as number, 1e-9)
        assert.ok(own?.interval !== undefined)
      }
    for (const [group, rates] of Object.entries(expected['groups'] ?? {})) {
      const [sex, race] = group.split('|')
      for (const [metric, rate] of Object.entries(rates as Record<string, number>)) {
        const own = result.values.find(
          (one) => one.metric === metric && one.segment?.['sex'] === sex && one.segment?.['race'] === race,
        )
        near(own?.value ?? Number.NaN, rate, 1e-9)
      }
    }
  })

  test('is beyond its limit with confidence, within it, or inconclusive; never by chance', async () => {
    const planned = plan({}, { demographic_parity_difference: 0.1 })
    const of = (rows: number, less: number) =>
      valueOf({ production: loans(rows, less), planned }, 'demographic_parity_difference')
    const far = await of(2000, 20)
    assert.equal(far.breached, true)
    assert.match(far.note ?? '', /The selection rate of f and m is surely beyond/)
    assert.equal((await of(2000, 2)).breached, false)
    const few = await of(60, 20)
    assert.ok((few.value ?? 0) > 0.1)
    assert.equal(few.breached, undefined)
    assert.match(
      few.note ?? '',
      /Inconclusive: the interval of the selection rate of f and m has the limit within it/,
    )
    const tiny = await of(20, 40)
    assert.match(tiny.note ?? '', /fewer than two groups have rows enough/)
  })

  test('without labels tells what needs none, held to four fifths where the monitor says nothing', async () => {
    const asked = { production: loans(2000, 20), planned: plan({}) }
    const result = await lab.compute(fairness, asked)
    assert.deepEqual(
      [...new Set(result.values.map(({ metric }) => metric))],
      ['demographic_parity_difference', 'demographic_parity_ratio', 'selection_rate'],
    )
    const ratio = await valueOf(asked, 'demographic_parity_ratio')
    assert.deepEqual([ratio.threshold, ratio.breached], [{ lower: 0.8, from: 'constant' }, true])
    assert.match(result.notes.join(' '), /No row has a label: only what needs none/)
  })

  test('what is made of labels waits until these are in', async () => {
    const label = 'case when i < 2000 then (i * 7 % 3 = 0)::int end'
    const asked = { production: loans(2000, 20, label), planned: plan({}) }
    const odds = await valueOf(asked, 'equalized_odds_difference')
    assert.deepEqual([odds.provisional, odds.breached], [true, undefined])
    const parity = await valueOf(asked, 'demographic_parity_ratio')
    assert.deepEqual([parity.provisional, parity.breached], [undefined, true])
    const whole = { ...asked, production: loans(2000, 20, '(i * 7 % 3 = 0)::int') }
    assert.equal((await valueOf(whole, 'equalized_odds_difference')).breached, true)
  })

  test('small groups are told by their size only, and columns that have gone are no data', async () => {
    const sql = `select * replace (case when said = 1 and sex = 'm' and random() < 0 then 'x' else sex end as sex) from (${loans(500, 0).sql}) union all select 'x', 1, null`
    const result = await lab.compute(fairness, { production: { sql, roles }, planned: plan({}) })
    const small = result.values.find(({ segment }) => segment?.['sex'] === 'x')
    assert.deepEqual([small?.value, small?.n], [null, 1])
    const gone = await lab.run(fairness, {
      production: loans(50, 0),
      planned: plan({ sensitive_features: ['sexe'] }),
    })
    assert.match(
      'reason' in gone ? gone.reason : '',
      /'sexe' \(segment\) is not in the data\. There is 'sex'/,
    )
    const many = await lab.run(fairness, {
      production: {
        sql: `select *, i as id from (${loans(200, 0).sql}), range(1) r(i)`.replace(
          'i as id',
          'row_number() over () as id',
        ),
        roles,
      },
      planned: plan({ sensitive_features: ['id'] }),
    })
    assert.match('reason' in many ? many.reason : '', /id divide the rows into 400 groups/)
    const classes = await lab.run(fairness, {
      production: {
        sql: `select *, ['a', 'b', 'c'][1 + y] as word from (${loans(200, 0, 'i % 3').sql})`,
        roles: { prediction: 'word', target: 'word' },
      },
      planned: plan({}),
    })
    assert.match(
      'reason' in classes ? classes.reason : '',
      /There are 3 classes \(a, b and c\): say which one is favourable/,
    )
  })
})
