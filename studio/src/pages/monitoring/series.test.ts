import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { MonitorSeries, MonitorWindow } from '../../api/monitors.ts'
import { rankFeatures } from './overview/rank.ts'
import {
  isBeyondBelow,
  limitInWords,
  nameOf,
  passedIn,
  readSlice,
  slicesOf,
  standing,
  worstFirst,
  writeSlice,
} from './series.ts'

const window = (value: number | null, more: Partial<MonitorWindow> = {}): MonitorWindow => ({
  at: '2026-01-01T00:00:00Z',
  value,
  n: 100,
  ...more,
})
const series = (
  feature: string,
  latest: MonitorWindow,
  more: Partial<MonitorSeries> = {},
): MonitorSeries => ({
  labels: {},
  signal: 'inputs',
  kind: 'data_drift',
  metric: 'jensen_shannon_distance',
  feature,
  windows: [latest],
  ...more,
})
const upper = (limit: number) => ({ threshold: { upper: limit, from: 'constant' } })

test('a threshold that is tried is counted over windows with a value that stays', () => {
  const windows = [0.3, 0.05, null, 0.2].map((value) => window(value))
  assert.deepEqual(passedIn([...windows, window(9, { provisional: true })], 0.1, false), {
    passed: 2,
    of: 3,
    latest: true,
  })
  assert.deepEqual(passedIn(windows, 0.1, true), { passed: 1, of: 3, latest: false })
  assert.deepEqual(passedIn([], 0.1, false), { passed: 0, of: 0, latest: false })
})

test('which side of a limit is worse is told by the limit, else by the metric', () => {
  const of = (metric: string, threshold?: { lower?: number; upper?: number }) =>
    isBeyondBelow({
      metric,
      windows: [window(1, threshold === undefined ? {} : { threshold: { ...threshold, from: 'constant' } })],
    })
  assert.deepEqual(
    [
      of('accuracy'),
      of('jensen_shannon_distance'),
      of('two_sample_kolmogorov_smirnov_test'),
      of('roc_auc_degradation'),
      of('anything', { lower: 1 }),
      of('accuracy', { upper: 1 }),
    ],
    [true, false, true, false, true, false],
  )
})

test('segments stand in the address and are read again', () => {
  const segment = { carrier: 'A;A', 'a=b': 'x y' }
  assert.deepEqual(readSlice(writeSlice(segment)), segment)
  assert.deepEqual(
    [readSlice(''), readSlice('nonsense'), readSlice('a=%')],
    [undefined, undefined, { a: '%' }],
  )
  const parts = [series('x', window(1)), series('x', window(1), { segment: { carrier: 'AA' } })]
  assert.deepEqual(slicesOf(parts), ['carrier=AA'])
  assert.equal(nameOf(parts[1] as MonitorSeries), 'x · jensen_shannon_distance (carrier AA)')
})

test('features are ordered by distance over threshold, weighed by what matters to the model', () => {
  const all = [
    series('near', window(0.05, { ...upper(0.1), breached: false })),
    series('far', window(0.4, { ...upper(0.1), breached: true })),
    series('farther', window(0.5, { ...upper(0.1), breached: true })),
    series('unjudged', window(9)),
    series('gone', window(null, upper(0.1))),
  ]
  const names = (importances: Readonly<Record<string, number>>) =>
    rankFeatures(all, new Map(Object.entries(importances))).map(({ feature }) => feature)
  assert.deepEqual(names({}), ['farther', 'far', 'near', 'gone'])
  assert.deepEqual(names({ far: 0.9, farther: 0.1 }), ['far', 'farther', 'near', 'gone'])
  assert.equal(worstFirst(all)[0]?.feature, 'farther')
  const [low] = rankFeatures(
    [series('score', window(0.5, { threshold: { lower: 0.8, from: 'reference' }, breached: true }))],
    new Map(),
  )
  assert.equal(low?.ratio, 1.6)
})

test('a value says how it stands, and what it was held against', () => {
  assert.deepEqual(
    [
      undefined,
      window(null),
      window(1, { breached: true }),
      window(1, { breached: false }),
      window(1, { provisional: true }),
      window(1),
    ].map(standing),
    ['none', 'no_data', 'breached', 'ok', 'provisional', 'unjudged'],
  )
  assert.equal(limitInWords(window(1, upper(0.1))), '≤ 0.1')
  assert.equal(
    limitInWords(window(1, { threshold: { lower: 0.25, upper: 0.5, from: 'reference' } })),
    '0.25 to 0.5, from the reference',
  )
  assert.equal(limitInWords(window(1)), 'not judged')
})
