import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { SignalResult, SignalValue } from '../../results/result.ts'
import { openSignalLab, type Asked } from '../../testing/signal-lab.ts'
import { dataQuality } from './data-quality.ts'

const lab = openSignalLab()
after(() => lab.end())

type Computed = Extract<SignalResult, { outcome: 'computed' }>
const quality = (asked: Asked) => lab.compute(dataQuality, asked)
const find = ({ values }: Computed, metric: string, feature?: string, segment?: string): SignalValue => {
  const found = values.find(
    (value) =>
      value.metric === metric &&
      value.feature === feature &&
      Object.values(value.segment ?? {}).join() === (segment ?? ''),
  )
  assert.ok(found !== undefined, `${metric} of ${feature ?? 'the rows'}`)
  return found
}
const rates = ['null_value_rate', 'data_type_error_rate', 'out_of_bounds_rate']
const each = (limit: number) => Object.fromEntries(rates.map((name) => [name, limit]))
const thresholds = (limit: number) =>
  ({ constant: { numerical: each(limit), categorical: each(limit) }, correction: 'none' }) as const

test('the reference itself is in order', async () => {
  const sql = `select case when i % 10 > 0 then i end as x, case when i % 4 > 0 then 'c' || i % 3 end as c, i % 2 = 0 as b,
    date '2013-01-01' + i::integer as d from range(100) t(i)`
  const found = await quality({
    reference: { sql },
    production: { sql },
    planned: { thresholds: thresholds(0) },
  })
  for (const { metric, feature, value, breached, threshold } of found.values) {
    if (!rates.includes(metric)) continue
    assert.equal(breached, false, `${metric} of ${feature}`)
    if (metric !== 'null_value_rate') assert.deepEqual([value, threshold?.upper], [0, 0])
  }
  assert.deepEqual(find(found, 'null_value_rate', 'x').threshold, { upper: 0.1, from: 'constant' })
  // Booleans and dates have no bounds.
  const bounded = found.values
    .filter(({ metric }) => metric === 'out_of_bounds_rate')
    .map(({ feature }) => feature)
  assert.deepEqual(bounded, ['x', 'c'])
})

test('missing values, types and bounds, a threshold above what the reference has', async () => {
  const found = await quality({
    reference: {
      sql: `select i::double as x, i as n, 'c' || i % 3 as c, case when i < 10 then null else 'k' end as gaps from range(100) t(i)`,
    },
    production: {
      // x: 3 missing, 2 above, 1 below. n: text, of which 4 are none; c: 5 new ones; gaps: 30 missing.
      sql: `select case when i < 3 then null when i < 5 then 1000 + i when i = 5 then -1 else i end::double as x,
          case when i < 4 then 'many' else i::varchar end as n, case when i < 5 then 'new' else 'c1' end as c,
          case when i < 30 then null else 'k' end as gaps from range(100) t(i)`,
    },
    planned: { thresholds: thresholds(0.05) },
  })
  const of = (metric: string, feature: string) => {
    const { value, threshold, breached } = find(found, metric, feature)
    return [value, threshold?.upper, breached]
  }
  assert.deepEqual(of('null_value_rate', 'x'), [0.03, 0.05, false])
  assert.deepEqual(of('out_of_bounds_rate', 'x'), [0.03, 0.05, false])
  assert.deepEqual(of('data_type_error_rate', 'n'), [0.04, 0.05, false])
  assert.deepEqual(of('out_of_bounds_rate', 'n'), [0, 0.05, false])
  assert.deepEqual(of('out_of_bounds_rate', 'c'), [0.05, 0.05, false])
  assert.deepEqual(of('null_value_rate', 'gaps'), [0.3, 0.15, true])
  assert.match(find(found, 'out_of_bounds_rate', 'c').note ?? '', /does not have new/)
  assert.match(
    find(found, 'out_of_bounds_rate', 'x').note ?? '',
    /From -1 to 1004; the reference is from 0 to 99/,
  )
  assert.equal(find(found, 'null_value_rate', 'gaps').note, 'The reference has 0.1.')
})

test('missing values stand for the median or the mode, which may be out of bounds', async () => {
  const found = await quality({
    reference: { sql: `select i::double as x, 'a' as c from range(10) t(i)` },
    production: {
      sql: `select case when i < 2 then null when i < 8 then 100 else i end::double as x, case when i < 2 then null else 'z' end as c
        from range(10) t(i)`,
    },
    planned: { thresholds: thresholds(0) },
  })
  assert.deepEqual(find(found, 'out_of_bounds_rate', 'x').value, 0.8)
  assert.deepEqual(find(found, 'out_of_bounds_rate', 'c').value, 1)
})

test('rates are rounded to five decimals', async () => {
  const found = await quality({
    reference: { sql: 'select i::double as x from range(3) t(i)' },
    production: { sql: 'select case when i = 0 then null else 1.0 end::double as x from range(3) t(i)' },
  })
  assert.equal(find(found, 'null_value_rate', 'x').value, 0.33333)
})

test('columns that have gone, have come, are empty or never vary; rows that are twice', async () => {
  const found = await quality({
    reference: {
      sql: `select i as departure_delay, i % 10 as a, 'c' || i % 5 as b, i / 2 as e from range(100) t(i)`,
    },
    production: {
      sql: `select i as dep_delay, 7 as a, 'c1' as b, null::double as e, 1 as fresh from range(50) t(i)`,
    },
    planned: {
      thresholds: {
        constant: { '': { missing_column_count: 0, row_count: 100, duplicated_row_rate: 0.5 } },
        correction: 'none',
      },
    },
  })
  const of = (metric: string) => {
    const { value, breached, note } = find(found, metric)
    return [value, breached, note]
  }
  assert.deepEqual(of('row_count'), [50, true, undefined])
  assert.deepEqual(of('missing_column_count'), [1, true, 'departure_delay.'])
  assert.deepEqual(of('new_column_count'), [2, undefined, 'dep_delay, fresh.'])
  assert.deepEqual(of('empty_column_count'), [1, undefined, 'e.'])
  assert.deepEqual(of('constant_column_count'), [2, undefined, 'a, b.'])
  assert.deepEqual(of('duplicated_row_rate'), [0.98, true, undefined])
  assert.deepEqual(found.notes, [
    'departure_delay has gone; dep_delay is new: perhaps it was renamed.',
    'New in production: dep_delay, fresh.',
    'Every value of e is missing.',
  ])
})

test('segments, and features that are named and have gone', async () => {
  const found = await quality({
    reference: { sql: `select 'c' || i % 2 as carrier, i::double as x, 1 as y from range(100) t(i)` },
    production: {
      sql: `select 'c' || i % 2 as carrier, case when i % 2 = 0 then null else i end::double as x from range(100) t(i)`,
    },
    planned: { thresholds: thresholds(0), segments: ['carrier'], features: { names: ['x', 'y'] } },
  })
  assert.deepEqual(
    ['c0', 'c1'].map((carrier) => find(found, 'null_value_rate', 'x', carrier).value),
    [1, 0],
  )
  const gone = find(found, 'null_value_rate', 'y')
  assert.deepEqual(
    [gone.value, gone.breached, gone.note],
    [null, undefined, 'Production has no such column any more.'],
  )
})

test('nothing in common, and nothing at all, are no data', async () => {
  const none = await lab.run(dataQuality, {
    reference: { rows: [{ a: 1 }] },
    production: { rows: [{ b: 1 }] },
  })
  assert.match(none.outcome === 'no_data' ? none.reason : '', /none of the features of the reference \(a\)/)
  const empty = await lab.run(dataQuality, {
    reference: { rows: [{ a: 1 }] },
    production: { sql: 'select 1 as a where false' },
  })
  assert.equal(empty.outcome, 'no_data')
})

test('odd names and values: quotes, emoji, NaN, infinities', async () => {
  const sql = (value: string) =>
    `select ${value}::double as "it's ""x"" 🛫", 'ü''' as "select" from range(10) t(i)`
  const found = await quality({
    reference: { sql: sql('i') },
    production: { sql: sql("case when i = 0 then 'nan'::double when i = 1 then 'inf'::double else i end") },
  })
  assert.equal(find(found, 'null_value_rate', `it's "x" 🛫`).value, 0.1)
  assert.equal(find(found, 'out_of_bounds_rate', `it's "x" 🛫`).value, 0.1)
  assert.equal(find(found, 'out_of_bounds_rate', 'select').value, 0)
})
