import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Past } from '../../../api/alerts/rules.ts'
import { inUnit } from '../words.ts'
import { conclusionOf, firingIn, linesOf, pastOption, united } from './past-option.ts'
import { verdictOf } from './verdict.ts'

const at = (hour: number) => new Date(Date.UTC(2026, 10, 1, hour)).toISOString()
const past: Past = {
  subject: 'p99 of latency_seconds',
  limit: '> 500 ms',
  from: at(0),
  to: at(240),
  looks: 10,
  withoutData: 2,
  warnings: [],
  notes: [],
  firings: [{ labels: {}, from: at(1), to: at(3), summary: '' }],
  now: { state: 'false', values: [] },
  measure: 'p99 of latency_seconds',
  unit: 'seconds',
  threshold: { upper: 0.5 },
  series: [
    {
      labels: { endpoint: 'flights', alertname: 'slow' },
      points: [
        { at: at(0), value: 0.1 },
        { at: at(1), value: null },
        { at: at(2), value: 0.9 },
      ],
    },
  ],
  states: [
    { labels: {}, state: 'pending', from: at(1), to: at(2) },
    { labels: {}, state: 'firing', from: at(2), to: null },
  ],
}
const colours = { series: ['#111'], text: '#222', muted: '#333', line: '#444', page: '#555', bad: '#666' }

describe('what a rule would have done', () => {
  test('is a sentence: how often, and for how long in all', () => {
    assert.equal(verdictOf(past), 'Would have fired once in 10 days, for 2 h 00 m in all.')
    const still = { labels: {}, from: at(239), to: null, summary: '' }
    assert.equal(
      verdictOf({ ...past, firings: [...past.firings, still] }),
      'Would have fired 2 times in 10 days, for 3 h 00 m in all, and would still.',
    )
    assert.equal(verdictOf({ ...past, firings: [] }), 'Would not have fired in 10 days.')
    assert.match(verdictOf({ ...past, firings: [], withoutData: 10 }), /^Nothing was measured in 10 days/)
    assert.equal(verdictOf({ ...past, error: 'too many alerts' }), 'It cannot be looked at: too many alerts')
  })

  test('is drawn with its holes, its limit within the axis, and the times in which it fired', () => {
    const shades = firingIn(past)
    assert.deepEqual(shades, [{ from: Date.parse(at(2)), to: Date.parse(at(240)) }])
    const [line] = linesOf(past)
    assert.equal(line?.name, 'endpoint flights')
    assert.deepEqual(
      line?.points.map(({ value }) => value),
      [0.1, null, 0.9],
    )
    const { series, yAxis } = pastOption(past, shades, inUnit('seconds'), colours)
    assert.equal(yAxis.scale, true)
    const limit = series.at(-1) as unknown as {
      readonly name: string
      readonly data: readonly (readonly [number, number])[]
      readonly markArea: { readonly data: readonly unknown[] }
    }
    assert.equal(limit.name, 'limit > 500 ms')
    assert.deepEqual(
      limit.data.map(([, value]) => value),
      [0.5, 0.5],
    )
    assert.equal(limit.markArea.data.length, 1)
  })

  test('has a limit on each side where both are one, with a hole between them', () => {
    const both = { ...past, threshold: { lower: -4, upper: 4 } }
    const { series } = pastOption(both, [], inUnit(null), colours)
    const { data } = series.at(-1) as unknown as {
      readonly data: readonly (readonly [number, number | null])[]
    }
    assert.deepEqual(
      data.map(([, value]) => value),
      [-4, -4, null, 4, 4],
    )
  })

  test('is shaded once where several alerts fire at the same time', () => {
    const shades = [
      { from: 5, to: 9 },
      { from: 1, to: 3 },
      { from: 2, to: 4 },
      { from: 2, to: 3 },
    ]
    assert.deepEqual(united(shades), [
      { from: 1, to: 4 },
      { from: 5, to: 9 },
    ])
    assert.deepEqual(united([]), [])
  })

  test('is concluded in its own unit', () => {
    assert.equal(
      conclusionOf(past, firingIn(past), inUnit(past.unit)),
      'Between 100 ms and 900 ms; the limit is > 500 ms; it fired once.',
    )
    assert.equal(conclusionOf({ ...past, series: [] }, [], inUnit(null)), 'Nothing was measured.')
  })

  test('does not draw more series than colours can tell apart', () => {
    const series = Array.from({ length: 9 }, (_, i) => ({ labels: { queue: `q${i}` }, points: [] }))
    assert.equal(linesOf({ ...past, series }).length, 6)
  })
})
