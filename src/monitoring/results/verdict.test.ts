import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { SignalValue } from './result.ts'
import { inWords, short, worstOf } from './verdict.ts'

describe('values in words', () => {
  const value = (found: number | null, more: Partial<SignalValue> = {}): SignalValue => ({
    metric: 'accuracy',
    value: found,
    n: 10,
    ...more,
  })
  const upper = { threshold: { upper: 0.1, from: 'constant' } } as const
  const lower = { threshold: { lower: 0.8, from: 'constant' } } as const

  test('what is beyond is told with the limit that it is beyond', () => {
    const segment = { carrier: 'AA', origin: 'JFK' }
    assert.equal(
      inWords(value(0.31234, { ...upper, feature: 'distance', segment })),
      'distance accuracy 0.3123 > 0.1 (carrier AA, origin JFK)',
    )
    assert.equal(inWords(value(0.5, lower)), 'accuracy 0.5 < 0.8')
    assert.equal(inWords(value(0.05, upper)), 'accuracy 0.05 ≤ 0.1')
    assert.equal(
      inWords(value(3, { threshold: { lower: 2, upper: 4, from: 'reference' } })),
      'accuracy 3 within 2 to 4',
    )
    assert.equal(inWords(value(null)), 'accuracy no data')
  })

  test('the worst is the one farthest beyond its limit, for the limit’s size', () => {
    const beyond = { breached: true } as const
    const values = [
      value(0.4, { ...lower, ...beyond, metric: 'halved' }),
      value(0.9, { ...upper, ...beyond, metric: 'ninefold' }),
      value(99, { metric: 'not judged' }),
      value(0.05, { ...upper, breached: false }),
    ]
    assert.match(worstOf(values) ?? '', /^ninefold/)
    assert.equal(worstOf(values.slice(2)), undefined)
    assert.match(
      worstOf([value(0.2, { threshold: { upper: 0, from: 'constant' }, ...beyond })]) ?? '',
      /0\.2 > 0$/,
    )
  })

  test('numbers have four digits that mean something', () => {
    assert.deepEqual([0.1, 1234.567, 1e-9, 0, -0.00012345].map(short), [
      '0.1',
      '1235',
      '1e-9',
      '0',
      '-0.0001234',
    ])
  })
})
