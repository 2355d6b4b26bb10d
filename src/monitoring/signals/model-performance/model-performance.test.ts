import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import type { SignalResult, SignalValue } from '../../results/result.ts'
import { openSignalLab, type Asked } from '../../testing/signal-lab.ts'
import { modelPerformance } from './model-performance.ts'

type Computed = Extract<SignalResult, { outcome: 'computed' }>

const value = (result: Computed, metric: string, segment?: object): SignalValue => {
  const found = result.values.find(
    (one) => one.metric === metric && JSON.stringify(one.segment) === JSON.stringify(segment),
  )
  assert.ok(found, metric)
  return found
}

/** 400 rows, of which `wrong` in a hundred are predicted wrong; half of the labels are late. */
const flights = (wrong: number, labelled = 'true') => ({
  sql: `select i % 3 = 0 as late, case when i * 37 % 100 < ${wrong} then 1 - (i % 3 = 0)::int else (i % 3 = 0)::int end as said,
      case when ${labelled} then i % 3 = 0 end as truth, (i * 7919 % 1000) / 1000.0 as chance,
      timestamptz '2026-10-01 00:00:00Z' + to_minutes(i) as seen, timestamptz '2026-10-01 00:00:00Z' + to_minutes(i) + interval 3 day as told,
      case when i % 2 = 0 then 'AA' else 'UA' end as carrier from range(400) t(i)`,
  roles: {
    target: 'truth',
    prediction: 'said',
    probabilities: { '1': 'chance' },
    time: 'seen',
    labelTime: 'told',
  },
  window: { from: new Date('2026-10-01T00:00:00Z'), to: new Date('2026-10-02T00:00:00Z') },
})

const judged = (constant: Readonly<Record<string, number>>, more: Asked['planned'] = {}) => ({
  thresholds: { constant: { classification: constant }, correction: 'none' as const },
  ...more,
})
/** A signal that is held against nothing. */
const alone = { reference: undefined as never }
const classification = { task: 'classification' as const }

describe('model performance', () => {
  const lab = openSignalLab()
  after(() => lab.end())

  test('scores below their threshold and errors above it are beyond it, and others are not', async () => {
    const result = await lab.compute(modelPerformance, {
      production: flights(20),
      planned: {
        ...alone,
        ...judged({ accuracy: 0.9, precision: 0.5, recall: 0.9, log_loss: 0.1, brier: 0.9 }),
      },
      monitor: classification,
    })
    const breached = (metric: string) => value(result, metric).breached
    assert.deepEqual(['accuracy', 'precision', 'recall', 'log_loss', 'brier', 'f1'].map(breached), [
      true,
      false,
      true,
      true,
      false,
      undefined,
    ])
    assert.deepEqual(value(result, 'accuracy').threshold, { lower: 0.9, from: 'constant' })
    assert.deepEqual(value(result, 'log_loss').threshold, { upper: 0.1, from: 'constant' })
    assert.equal(value(result, 'accuracy').value, 0.8)
    assert.equal(value(result, 'accuracy').n, 400)
    assert.equal(value(result, 'labelled').value, 1)
    assert.equal(value(result, 'label_lag_p95').value, 3 * 86_400)
    const { confusion, scores } = result.details as {
      confusion: { classes: string[]; cells: number[] }
      scores: Record<string, { least: number; positives: number; negatives: number }[]>
    }
    assert.deepEqual(confusion.classes, ['false', 'true'])
    assert.equal(
      confusion.cells.reduce((a, b) => a + b, 0),
      400,
    )
    const curve = scores['true'] ?? []
    assert.equal(curve.length, 100)
    assert.ok(curve.every(({ least }, i) => i === 0 || least < (curve[i - 1]?.least ?? 0)))
    assert.deepEqual(
      (['positives', 'negatives'] as const).map((side) => curve.reduce((sum, point) => sum + point[side], 0)),
      [134, 266],
    )
  })

  test('labels that are still to come make values provisional, and those are not judged', async () => {
    const few = {
      production: flights(50, 'i < 200'),
      planned: judged({ accuracy: 0.9 }, alone),
      monitor: classification,
    }
    const early = await lab.compute(modelPerformance, few)
    assert.equal(value(early, 'accuracy').provisional, true)
    assert.equal(value(early, 'accuracy').breached, undefined)
    assert.equal(value(early, 'labelled').value, 0.5)
    assert.match(
      early.notes[0] ?? '',
      /200 rows of 400 have a label \(50%\): values are provisional until 90% have/,
    )
    const most = { ...few, production: flights(50, 'i < 380') }
    const young = await lab.compute(modelPerformance, { ...most, at: new Date('2026-10-03T00:00:00Z') })
    assert.match(young.notes[0] ?? '', /labels take up to 3 days: values are provisional/)
    const old = await lab.compute(modelPerformance, { ...most, at: new Date('2026-10-06T00:00:00Z') })
    assert.equal(value(old, 'accuracy').breached, true)
    // In a young window only quick labels are in: the windows before tell how long the others take.
    const history = [
      { at: new Date('2026-09-01'), values: [{ metric: 'label_lag_p95', value: 30 * 86_400, n: 9 }] },
    ]
    const slow = await lab.compute(modelPerformance, {
      ...most,
      at: new Date('2026-10-06T00:00:00Z'),
      history,
    })
    assert.equal(value(slow, 'accuracy').provisional, true)
  })

  test('without labels, rows or columns there is no data, and it says why', async () => {
    const reason = async (asked: Asked) => {
      const result = await lab.run(modelPerformance, { monitor: classification, ...asked, planned: alone })
      assert.equal(result.outcome, 'no_data')
      return 'reason' in result ? result.reason : ''
    }
    assert.equal(
      await reason({ production: flights(20, 'false') }),
      'None of the 400 predictions of the window has a label yet.',
    )
    const { sql, roles } = flights(20)
    const gone = { sql, roles: { ...roles, prediction: 'saids' } }
    assert.match(
      await reason({ production: gone }),
      /'saids' \(prediction\) is not in the data\. There is 'said'/,
    )
    assert.match(
      await reason({ production: { sql, roles: { target: 'truth' } } }),
      /Nothing tells what the model predicted/,
    )
    assert.match(
      await reason({ production: { sql, roles: { prediction: 'said' } } }),
      /Nothing tells what came true/,
    )
    assert.match(await reason({ production: { sql: `from (${sql}) limit 0`, roles } }), /There are no rows/)
    const apart = {
      sql: `select *, case when late then 'ja' else 'nein' end as wort from (${sql})`,
      roles: { ...roles, target: 'wort', probabilities: {} },
    }
    assert.match(
      await reason({ production: apart }),
      /labels are ja, nein, and what the model says is 0, 1: they have no class in common/,
    )
    const numbers = { ...gone, roles: { target: 'truth', prediction: 'seen' } }
    const regression = await lab.run(modelPerformance, {
      production: numbers,
      monitor: { task: 'regression' },
      planned: alone,
    })
    assert.match(
      'reason' in regression ? regression.reason : '',
      /'truth' is BOOLEAN: a regression has numbers/,
    )
  })

  test('is held against the reference with confidence', async () => {
    const planned = judged({ accuracy_degradation: 0.05, f1_degradation: 0.2, roc_auc_degradation: 0.001 })
    const result = await lab.compute(modelPerformance, {
      production: flights(30),
      reference: flights(10),
      planned,
      monitor: classification,
    })
    const worse = value(result, 'accuracy_degradation')
    assert.ok(Math.abs((worse.value ?? 0) - 0.2) < 1e-12)
    assert.equal(worse.breached, true)
    assert.ok((worse.interval?.lower ?? 0) > 0.05)
    assert.match(value(result, 'f1_degradation').note ?? '', /Inconclusive/)
    assert.equal(value(result, 'f1_degradation').breached, undefined)
    assert.equal(value(result, 'roc_auc_degradation').breached, false)
    assert.equal(value(result, 'accuracy').referenceN, 400)
  })

  test('limits come of chunks of the reference where the monitor asks for them', async () => {
    const planned = (chunks: number) => ({
      thresholds: { constant: {}, fromReference: { deviations: 3, chunks }, correction: 'none' as const },
    })
    const asked = { production: flights(50), reference: flights(10), monitor: classification }
    const result = await lab.compute(modelPerformance, { ...asked, planned: planned(8) })
    const { threshold, breached } = value(result, 'accuracy')
    assert.equal(threshold?.from, 'reference')
    // By hand: accuracies of eight chunks of 50 rows.
    const chunk = (c: number) =>
      Array.from({ length: 50 }, (_, i) => Number(((50 * c + i) * 37) % 100 >= 10)).reduce(
        (a, b) => a + b,
        0,
      ) / 50
    const values = Array.from({ length: 8 }, (_, c) => chunk(c))
    const mean = values.reduce((a, b) => a + b, 0) / 8
    const sd = Math.sqrt(values.reduce((a, b) => a + (b - mean) ** 2, 0) / 8)
    assert.ok(Math.abs((threshold.lower ?? 0) - (mean - 3 * sd)) < 1e-12)
    assert.equal(breached, true)
    const few = await lab.compute(modelPerformance, { ...asked, planned: planned(4) })
    assert.equal(value(few, 'accuracy').threshold, undefined)
    assert.ok(few.notes.some((note) => /at least 6 chunks/.test(note)))
  })

  test('segments are judged by themselves', async () => {
    const result = await lab.compute(modelPerformance, {
      production: {
        ...flights(0),
        sql: `select * replace (case when carrier = 'UA' then 1 - said else said end as said) from (${flights(0).sql})`,
      },
      planned: { ...judged({ accuracy: 0.6 }), segments: ['carrier'], ...alone },
      monitor: classification,
    })
    assert.equal(value(result, 'accuracy').value, 0.5)
    assert.equal(value(result, 'accuracy', { carrier: 'AA' }).breached, false)
    assert.equal(value(result, 'accuracy', { carrier: 'UA' }).breached, true)
  })

  test('one class, constant scores, nulls, new classes and few rows are told, never guessed', async () => {
    const { sql, roles } = flights(20)
    const of = (select: string, more: object = {}) =>
      lab.compute(modelPerformance, {
        production: { sql: `select * replace (${select}) from (${sql})`, roles: { ...roles, ...more } },
        planned: { ...judged({ roc_auc: 0.6, accuracy: 0.5 }), ...alone },
        monitor: classification,
      })
    const one = await of('false as truth')
    assert.equal(value(one, 'roc_auc').value, null)
    assert.equal(value(one, 'roc_auc').breached, undefined)
    assert.match(value(one, 'roc_auc').note ?? '', /All labels are of one class/)
    const constant = await of('0.3 as chance')
    assert.equal(value(constant, 'roc_auc').value, 0.5)
    assert.equal(value(constant, 'roc_auc').breached, true)
    const nulls = await of('case when said = 1 and carrier = $$AA$$ then null else said end as said')
    assert.ok(nulls.notes.some((note) => /labelled rows have no prediction/.test(note)))
    const scores = await of('chance * 10 - 5 as chance')
    assert.equal(value(scores, 'log_loss').value, null)
    assert.match(value(scores, 'log_loss').note ?? '', /no probabilities/)
    assert.ok((value(scores, 'roc_auc').value ?? 0) > 0.4)
    const fresh = await of(
      "case when chance > 0.9 then 'diverted' when truth then '1' else '0' end as truth",
      {},
    )
    // A class that the model does not know: its rows are wrong, and of the score's class they are not.
    assert.ok((value(fresh, 'roc_auc').value ?? 0) > 0.3)
    assert.ok((value(fresh, 'accuracy').value ?? 1) < 0.8)
    const few = await lab.compute(modelPerformance, {
      production: { sql: `from (${sql}) limit 20`, roles },
      planned: { ...judged({ accuracy: 0.99 }), ...alone },
      monitor: classification,
    })
    assert.equal(value(few, 'accuracy').breached, undefined)
    assert.match(value(few, 'accuracy').note ?? '', /Fewer than 30 rows are not judged/)
  })

  test('predictions that are probabilities are read as such', async () => {
    const { sql, roles } = flights(20)
    const result = await lab.compute(modelPerformance, {
      production: { sql, roles: { ...roles, prediction: 'chance', probabilities: {} } },
      planned: { ...judged({}), ...alone, parameters: { decision_threshold: 0.4 } },
    })
    assert.match(
      result.notes.join(' '),
      /'chance' has probabilities and no classes: it is read as the probability of 'true'/,
    )
    assert.ok(value(result, 'roc_auc').value !== null)
    const both = await lab.compute(modelPerformance, {
      production: {
        sql: `select *, 1 - chance as other from (${sql})`,
        roles: { ...roles, prediction: 'other', probabilities: { '1': 'chance' } },
      },
      planned: { ...judged({}), ...alone },
    })
    assert.match(
      both.notes.join(' '),
      /'other' has probabilities and no classes: rows are of the most likely/,
    )
    assert.ok(both.values.some(({ metric, value: found }) => metric === 'accuracy' && found !== null))
  })

  test('a regression has its errors, and a percentage of nothing is none', async () => {
    const result = await lab.compute(modelPerformance, {
      production: {
        sql: 'select i * 1.0 as truth, i + 2.0 * (i % 2) as said from range(100) t(i)',
        roles: { target: 'truth', prediction: 'said' },
      },
      planned: {
        ...judged({}),
        thresholds: { constant: { regression: { mae: 0.5, mse: 3 } }, correction: 'none' },
        ...alone,
      },
    })
    assert.equal(value(result, 'mae').value, 1)
    assert.equal(value(result, 'mae').breached, true)
    assert.equal(value(result, 'mse').value, 2)
    assert.equal(value(result, 'mse').breached, false)
    assert.equal(value(result, 'mape').value, null)
    assert.match(value(result, 'mape').note ?? '', /true value is 0/)
    assert.equal((result.details as { errors: Record<string, number> }).errors['p50'], 1)
  })
})
