import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { parseRule } from '../grammar/parse.ts'
import { askSignal, type SignalWindows } from './signals.ts'

/** A series of windows, newest first: a number is final, `~` before it says that it may change, null is no value. */
const windows = (values: readonly (number | string | null)[], labels = {}): SignalWindows => ({
  labels,
  windows: values.map((value, i) => ({
    at: new Date(1e12 - i * 86_400_000),
    value: value === null ? null : Number(String(value).replace('~', '')),
    ...(typeof value === 'string' ? { provisional: true } : {}),
  })),
})

describe('a condition on a signal, below 0.68 for 2 windows', () => {
  const { rule } = parseRule({
    when: { signal: 'model_performance', metric: 'roc_auc', below: 0.68, for: '2 windows' },
  })
  const condition = rule?.condition
  assert.ok(condition?.kind === 'signal')
  const cases: readonly (readonly [readonly (number | string | null)[], 'true' | 'false' | 'no data'])[] = [
    [[0.7, 0.6], 'false'],
    [[0.6, 0.7], 'false'],
    [[0.6], 'false'],
    [[0.6, 0.6], 'true'],
    [[0.68, 0.6], 'false'],
    [['~0.6', 0.6], 'true'],
    [['~0.6', '~0.6'], 'false'],
    [['~0.6', '~0.6', 0.6, 0.6], 'true'],
    [['~0.9', 0.6, 0.6], 'true'],
    [['~0.6', 0.9, 0.6], 'false'],
    [[0.6, null, 0.6], 'true'],
    [[null, 0.6, 0.6], 'no data'],
    [[null], 'no data'],
    [[], 'no data'],
  ]
  for (const [values, expected] of cases)
    test(`${JSON.stringify(values)} is ${expected}`, () => {
      const { found, quiet, noData } = askSignal(condition, [windows(values)])
      const said = noData ? 'no data' : found.length === 1 && quiet.length === 0 ? 'true' : 'false'
      assert.equal(said, expected)
    })

  test('every feature and segment is an alert of its own, and one without data says nothing of the others', () => {
    const { found, quiet, noData } = askSignal(condition, [
      windows([0.5, 0.5], { carrier: 'AA' }),
      windows([0.7, 0.5], { carrier: 'DL' }),
      windows([null, 0.5], { carrier: 'UA' }),
    ])
    assert.deepEqual(found, [{ labels: { carrier: 'AA' }, value: 0.5 }])
    assert.deepEqual(quiet, [{ labels: { carrier: 'DL' }, value: 0.7 }])
    assert.equal(noData, false)
  })
})
