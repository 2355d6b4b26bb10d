import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { dataDrift } from '../data-drift/data-drift.ts'
import { predictionDrift } from '../prediction-drift/prediction-drift.ts'
import type { SignalResult, SignalValue } from '../../results/result.ts'
import { openSignalLab, type Asked } from '../../testing/signal-lab.ts'

const lab = openSignalLab()
after(() => lab.end())

type Computed = Extract<SignalResult, { outcome: 'computed' }>

const drift = (asked: Asked) => lab.compute(dataDrift, asked)
const find = ({ values }: Computed, metric: string, feature: string, segment?: string): SignalValue => {
  const found = values.find(
    (value) =>
      value.metric === metric &&
      value.feature === feature &&
      Object.values(value.segment ?? {}).join() === (segment ?? ''),
  )
  assert.ok(found !== undefined, `${metric} of ${feature}`)
  return found
}
const near = (actual: number | null, expected: number) =>
  assert.ok(actual !== null && Math.abs(actual - expected) < 1e-9, `${actual} is not ${expected}`)
const azures = {
  numerical: { normalized_wasserstein_distance: 0.1 },
  categorical: { jensen_shannon_distance: 0.1 },
}
const thresholds = { constant: azures, correction: 'none' } as const

describe('data drift', () => {
  test('of the same rows is none, whatever their order', async () => {
    const sql = `select i % 7 / 3 as x, i * 1.5 as y, 'c' || i % 3 as c, i % 2 = 0 as b, date '2013-01-01' + (i % 9)::integer as d
      from range(500) t(i)`
    const found = await drift({
      reference: { sql },
      production: { sql: `${sql} order by hash(i)` },
      planned: { thresholds },
    })
    assert.equal(found.values.length, 2 * 4 + 3 * 3)
    for (const { metric, feature, value, breached, n, referenceN } of found.values) {
      const expected = metric.endsWith('_test') ? 1 : 0
      assert.ok(value !== null && Math.abs(value - expected) < 1e-7, `${metric} of ${feature}: ${value}`)
      assert.notEqual(breached, true)
      assert.deepEqual([n, referenceN], [500, 500])
    }
    assert.deepEqual(found.notes, [])
  })

  test('is judged by thresholds as Azure ML does: distances above, chances below', async () => {
    const found = await drift({
      reference: { sql: `select i::double as x, 'c' || i % 2 as c from range(100) t(i)` },
      production: { sql: `select i + 50.0 as x, 'c' || least(i % 4, 1) as c from range(100) t(i)` },
      planned: {
        thresholds: {
          constant: {
            numerical: {
              normalized_wasserstein_distance: 0.1,
              two_sample_kolmogorov_smirnov_test: 0.05,
              population_stability_index: 100,
            },
            categorical: { pearsons_chi_squared_test: 0.05 },
          },
          correction: 'none',
        },
      },
    })
    const wasserstein = find(found, 'normalized_wasserstein_distance', 'x')
    near(wasserstein.value, 50 / Math.sqrt((100 * 101) / 12))
    assert.deepEqual([wasserstein.breached, wasserstein.threshold], [true, { upper: 0.1, from: 'constant' }])
    const test = find(found, 'two_sample_kolmogorov_smirnov_test', 'x')
    assert.deepEqual([test.breached, test.threshold], [true, { lower: 0.05, from: 'constant' }])
    assert.equal(find(found, 'population_stability_index', 'x').breached, false)
    const chi = find(found, 'pearsons_chi_squared_test', 'c')
    near(chi.value, 5.733031437583866e-7)
    assert.equal(chi.breached, true)
    assert.equal(find(found, 'jensen_shannon_distance', 'c').breached, undefined, 'not judged')
  })

  test('rows with a missing value are left out, or kept for the other features', async () => {
    const asked = (missing_values: string): Asked => ({
      reference: { sql: `select i::double as x, case when i % 2 = 0 then 'a' end as c from range(100) t(i)` },
      production: {
        sql: `select case when i % 4 = 0 then 'nan'::double else i end as x, 'a' as c from range(100) t(i)`,
      },
      planned: { thresholds, parameters: { missing_values } },
    })
    const dropped = await drift(asked('drop_rows'))
    const value = find(dropped, 'jensen_shannon_distance', 'x')
    assert.deepEqual([value.n, value.referenceN], [75, 50])
    assert.match(dropped.notes.join(' '), /50 % of the rows of the reference miss a value/)
    const kept = find(await drift(asked('drop_values')), 'jensen_shannon_distance', 'x')
    assert.deepEqual([kept.n, kept.referenceN], [75, 100])
  })

  test('empty, constant, all-missing, renamed, retyped and new columns', async () => {
    const found = await drift({
      reference: {
        sql: `select 5.0::double as constant, 1.5::double as moved, null::double as empty, i::double as gone, i::double as retyped, i::double as infinite, 'x' as c
          from range(50) t(i)`,
      },
      production: {
        sql: `select 5.0::double as constant, 2.5::double as moved, i::double as empty, i::double as gonee, i::varchar as retyped, 'inf'::double as infinite, 'y' as c, 1 as fresh
          from range(40) t(i)`,
      },
      planned: { thresholds, parameters: { missing_values: 'drop_values' } },
    })
    near(find(found, 'normalized_wasserstein_distance', 'constant').value, 0)
    // The deviation of what never varied is taken as 0.001.
    near(find(found, 'normalized_wasserstein_distance', 'moved').value, 1000)
    near(find(found, 'jensen_shannon_distance', 'moved').value, 1)
    near(find(found, 'jensen_shannon_distance', 'c').value, 1)
    assert.equal(find(found, 'pearsons_chi_squared_test', 'c').value, 0)
    const empty = find(found, 'normalized_wasserstein_distance', 'empty')
    assert.deepEqual(
      [empty.value, empty.breached, empty.note],
      [null, undefined, 'All values of the reference are missing.'],
    )
    assert.match(find(found, 'normalized_wasserstein_distance', 'infinite').note ?? '', /finite/)
    assert.deepEqual(found.notes, [
      "gone is not compared: Production has no such column any more. It has 'gonee'.",
      'retyped is not compared: It was DOUBLE in the reference and is VARCHAR now.',
      'New in production, and not compared: gonee, fresh.',
    ])
  })

  test('features that are named and have gone have no value, and if none is left there are no data', async () => {
    const asked = (names: readonly string[]): Asked => ({
      reference: { rows: [{ a: 1.5, b: 2.5 }] },
      production: { rows: [{ a: 1.5 }] },
      planned: { thresholds, features: { names } },
    })
    const found = await drift(asked(['a', 'b']))
    const gone = found.values.filter(({ feature }) => feature === 'b')
    assert.ok(gone.length > 0)
    assert.ok(gone.every(({ value, breached }) => value === null && breached === undefined))
    const none = await lab.run(dataDrift, asked(['b']))
    assert.equal(none.outcome, 'no_data')
    assert.match(none.outcome === 'no_data' ? none.reason : '', /b: Production has no such column any more/)
    const nothing = await lab.run(dataDrift, {
      ...asked(['a']),
      production: { sql: 'select 1 as a where false' },
    })
    assert.equal(nothing.outcome, 'no_data')
  })

  test('one row, hundreds of columns, and names of every kind', async () => {
    const one = await drift({
      reference: { rows: [{ x: 1.5, c: 'a' }] },
      production: { rows: [{ x: 2.5, c: 'a' }] },
      planned: { thresholds },
    })
    near(find(one, 'normalized_wasserstein_distance', 'x').value, 1000)
    near(find(one, 'jensen_shannon_distance', 'c').value, 0)
    const names = [`it's "quoted"`, '🛫 delay', 'sélect', 'a.b', '$1', 'select']
    const columns = names.map((name, i) => `i * ${i + 1}.5 as "${name.replaceAll('"', '""')}"`)
    const sql = `select ${columns.join(', ')} from range(100) t(i)`
    const odd = await drift({ reference: { sql }, production: { sql }, planned: { thresholds } })
    for (const name of names) near(find(odd, 'normalized_wasserstein_distance', name).value, 0)
    const many = Array.from({ length: 300 }, (_, i) => `(i * ${i + 1} % 17) / 3 as f${i}`)
    const wide = `select ${many.join(', ')} from range(60) t(i)`
    const found = await drift({
      reference: { sql: wide },
      production: { sql: wide },
      planned: { thresholds },
    })
    assert.equal(found.values.length, 1200)
    const { features } = found.details as { features: readonly unknown[] }
    assert.equal(features.length, 200)
    assert.ok(JSON.stringify(found.details).length < 1e6)
  })

  test('decimals, large whole numbers, booleans, dates and times', async () => {
    const sql = (shift: number) =>
      `select (i + ${shift})::decimal(20, 4) as decimal, 1000000000000 + i + ${shift} as big, i + ${shift} > 50 as flag,
         date '2013-01-01' + (i % 5 + ${shift})::integer as day, timestamp '2013-01-01' + interval (i + ${shift}) hour as at
       from range(100) t(i)`
    const found = await drift({
      reference: { sql: sql(0) },
      production: { sql: sql(10) },
      planned: { thresholds },
    })
    const sd = Math.sqrt((100 * 101) / 12)
    near(find(found, 'normalized_wasserstein_distance', 'decimal').value, 10 / sd)
    near(find(found, 'normalized_wasserstein_distance', 'big').value, 10 / sd)
    near(find(found, 'jensen_shannon_distance', 'day').value, 1)
    near((find(found, 'jensen_shannon_distance', 'at').value ?? 0) ** 2, 0.1)
    assert.ok((find(found, 'jensen_shannon_distance', 'flag').value ?? 0) > 0)
  })

  test('categories that are whole numbers are the same ones in whatever type they come', async () => {
    const codes = Array.from({ length: 200 }, (_, i) => ({ pay: (i % 5) - 2, decimal: i % 3 }))
    const found = await drift({
      reference: {
        sql: `select (i % 5 - 2)::double as pay, (i % 3)::decimal(9, 2) as decimal from range(200) t(i)`,
      },
      production: { rows: codes },
      planned: { thresholds, types: { pay: 'categorical', decimal: 'categorical' } },
    })
    for (const feature of ['pay', 'decimal']) {
      near(find(found, 'jensen_shannon_distance', feature).value, 0)
      near(find(found, 'pearsons_chi_squared_test', feature).value, 1)
    }
    const { features } = found.details as {
      features: readonly { type: string; distribution: { categories: string[] } }[]
    }
    assert.deepEqual(features[0]?.distribution.categories.toSorted(), ['-1', '-2', '0', '1', '2'])
    assert.equal(features[0]?.type, 'BIGINT', 'JSON with negative whole numbers')
  })

  test('segments: each value, and each pair of values of two columns', async () => {
    const sql = (shift: string) =>
      `select case when i % 2 = 0 then 'AA' else 'UA' end as carrier, case when i % 4 < 2 then 'JFK' else 'LGA' end as origin,
         i % 50 + case when i % 2 = 0 then ${shift} else 0 end as delay from range(400) t(i)`
    const found = await drift({
      reference: { sql: sql('0') },
      production: { sql: sql('40') },
      planned: { thresholds, types: { delay: 'numerical' }, segments: ['carrier', 'origin'] },
    })
    const of = (segment?: string) => find(found, 'normalized_wasserstein_distance', 'delay', segment)
    assert.deepEqual(
      [of().breached, of('AA').breached, of('UA').breached, of('UA,JFK').breached],
      [true, true, false, false],
    )
    assert.deepEqual(
      found.values.filter(
        ({ feature, segment }) => feature === 'carrier' && segment?.['carrier'] !== undefined,
      ),
      [],
    )
    assert.deepEqual([of('AA').n, of('AA,LGA').n, of('AA').segment], [200, 100, { carrier: 'AA' }])
    const missing = await lab.run(dataDrift, {
      reference: { sql: sql('0') },
      production: { sql: sql('0') },
      planned: { thresholds, segments: ['carier'] },
    })
    assert.match(missing.outcome === 'no_data' ? missing.reason : '', /no column 'carier' in production/)
  })

  test('limits from chunks of the reference; corrections; chance', async () => {
    const sql = (seed: number, rows: number) =>
      `select (hash(i + ${seed}) % 1000) / 10 as x, 'c' || hash(i + ${seed + 1}) % 5 as c from range(${rows}) t(i)`
    const asked: Asked = {
      reference: { sql: sql(0, 5000) },
      production: { sql: sql(1_000_000, 500) },
      planned: {
        thresholds: { constant: {}, fromReference: { deviations: 3, chunks: 10 }, correction: 'none' },
      },
    }
    const found = await drift(asked)
    const value = find(found, 'normalized_wasserstein_distance', 'x')
    assert.equal(value.threshold?.from, 'reference')
    assert.ok((value.threshold?.upper ?? 0) > 0.02 && (value.threshold?.upper ?? 1) < 0.3)
    assert.equal(value.breached, false)
    assert.equal(find(found, 'two_sample_kolmogorov_smirnov_test', 'x').breached, undefined)
    assert.match(found.notes.join(' '), /10 chunks of the reference/)
    const timed = await drift({
      ...asked,
      reference: {
        sql: `select *, timestamp '2013-01-01' + to_hours(row_number() over ()) as at from (${sql(0, 5000)})`,
        roles: { time: 'at' },
      },
      production: {
        ...asked.production,
        window: { from: new Date('2014-01-01T00:00:00Z'), to: new Date('2014-01-11T00:00:00Z') },
      },
    })
    // 5,000 hours are 21 times 10 days.
    assert.match(timed.notes.join(' '), /Limits come of 21 chunks/)
    const chances = await drift({
      ...asked,
      planned: {
        thresholds: {
          constant: {
            numerical: { two_sample_kolmogorov_smirnov_test: 0.99, jensen_shannon_distance: 0.01 },
          },
          correction: 'holm',
        },
        parameters: { within_chance: 'ignore' },
      },
    })
    const distance = find(chances, 'jensen_shannon_distance', 'x')
    assert.equal(distance.breached, false)
    assert.match(distance.note ?? '', /once in a thousand windows of this size: it is not counted as beyond/)
  })

  test('metrics beyond Azure ML’s are told where they are asked for', async () => {
    const metrics = ['hellinger_distance', 'unseen_category_rate', 'kolmogorov_smirnov_statistic']
    const found = await drift({
      reference: {
        rows: [
          { x: 1.5, c: 'a' },
          { x: 2.5, c: 'b' },
        ],
      },
      production: {
        rows: [
          { x: 1.5, c: 'a' },
          { x: 3.5, c: 'z' },
        ],
      },
      planned: { thresholds: { constant: {}, correction: 'none' }, parameters: { metrics } },
    })
    assert.deepEqual([...new Set(found.values.map(({ metric }) => metric))].toSorted(), metrics.toSorted())
    near(find(found, 'unseen_category_rate', 'c').value, 0.5)
    near(find(found, 'kolmogorov_smirnov_statistic', 'x').value, 0.5)
  })

  test('details: both distributions over the same bins, and what chance alone would show', async () => {
    const found = await drift({
      reference: { sql: `select i::double as x, 'c' || i % 40 as c from range(1000) t(i)` },
      production: { sql: `select i::double as x, 'c' || i % 50 as c from range(100) t(i)` },
      planned: { thresholds },
    })
    const { features } = found.details as {
      features: readonly {
        feature: string
        metrics: Record<string, { value: number; chance?: { q999: number } }>
        distribution: {
          edges?: number[]
          reference: number[]
          production: number[]
          categories?: string[]
          others?: object
        }
      }[]
    }
    const [x, c] = features
    assert.equal(x?.distribution.edges?.length, x!.distribution.reference.length + 1)
    assert.equal(x?.distribution.reference.length, 8, 'ceil(log2(100) + 1)')
    assert.equal(
      x?.distribution.production.reduce((a, b) => a + b, 0),
      100,
    )
    assert.ok((x?.metrics['jensen_shannon_distance']?.chance?.q999 ?? 0) > 0.1)
    assert.equal(c?.distribution.categories?.length, 30)
    assert.deepEqual(Object.keys(c?.distribution.others ?? {}), ['categories', 'reference', 'production'])
  })
})

describe('prediction drift', () => {
  test('looks at the prediction and its probabilities, under whatever name the reference has them', async () => {
    const found = await lab.compute(predictionDrift, {
      reference: {
        sql: `select i::double as x, i % 4 = 0 as late from range(100) t(i)`,
        roles: { target: 'late' },
      },
      production: {
        sql: `select i::double as x, i % 2 = 0 as prediction, 0.5::double as p from range(100) t(i)`,
        roles: { prediction: 'prediction', probabilities: { '1': 'p' } },
      },
      planned: { thresholds },
    })
    const value = find(found, 'jensen_shannon_distance', 'prediction')
    near(value.value, 0.22089576884901735)
    assert.equal(value.breached, true)
    assert.deepEqual(
      found.values.filter(({ feature }) => feature === 'x'),
      [],
    )
  })

  test('without a prediction there are no data', async () => {
    const found = await lab.run(predictionDrift, {
      reference: { rows: [{ a: 1 }] },
      production: { rows: [{ a: 1 }] },
      planned: { thresholds },
    })
    assert.match(found.outcome === 'no_data' ? found.reason : '', /prediction_column/)
  })
})
