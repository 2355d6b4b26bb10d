import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Finding, Look, Measure, Release } from '../../api/releases.ts'
import { scaleOf } from '../../parts/chart/interval-scale.ts'
import type { Colours } from '../../parts/chart/time-option.ts'
import { differenceOption, reach } from './canary/difference-option.ts'
import { differencesOf, points, sentenceOf, verdictOf } from './canary/differences.ts'
import { needsAttention } from './attention.ts'
import { changesOf } from './compare/changes.ts'
import { limitsOf, plotsOf, rowName } from './gates/gate-plots.ts'
import { planSteps } from './steps/plan-steps.ts'

const finding = (more: Partial<Finding> = {}): Finding => ({
  check: 'error_rate',
  state: 'safe',
  canary: 0.0042,
  champion: 0.004,
  difference: {
    estimate: 0.0002,
    lower: -0.0005,
    upper: 0.0009,
    margin: 0.002,
    n: { canary: 500, champion: 4500 },
  },
  ...more,
})
const look = (at: number, step: number, findings: readonly Finding[]): Look => ({
  at: new Date(at).toISOString(),
  step,
  weight: 10,
  verdict: 'go on',
  why: '',
  requests: { canary: 1, champion: 9 },
  findings,
})
const colours: Colours = { series: ['a', 'b'], text: '', muted: '', line: '', page: '', bad: '' }

describe('a canary beside its champion', () => {
  test('is told as a sentence in numbers', () => {
    assert.equal(
      sentenceOf(finding()),
      'error rate +0.02 pp, interval −0.05 pp to +0.09 pp, margin +0.20 pp, of 500 and 4,500 requests: passes',
    )
    assert.match(sentenceOf(finding({ state: 'harmful' })), /does harm$/)
    const open = finding({ difference: { ...finding().difference!, upper: null } })
    assert.match(sentenceOf(open), /to not known/)
    assert.equal(points(-0.0000001), '±0.00 pp')
    assert.equal(verdictOf(finding({ state: 'undecided' })), 'inconclusive')
  })
  test('is drawn with its interval within the room there is, whatever the first looks had', () => {
    const wide = { estimate: 0, lower: null, upper: null, margin: 0.01, n: { canary: 1, champion: 9 } }
    const looks = [
      look(0, 1, [finding({ difference: wide })]),
      look(1000, 1, [finding()]),
      look(2000, 2, [finding()]),
    ]
    const all = differencesOf(looks, 'error_rate')
    const { top, bottom } = reach(all)
    assert.ok(top >= 0.002 && top < 0.007 && bottom < 0)
    const { series } = differenceOption(all, colours)
    const [margin, lower, band] = series
    assert.deepEqual(
      margin?.data.map(([, value]) => value),
      [0.01, 0.002, 0.002],
    )
    for (const [i, [, low = 0]] of (lower?.data ?? []).entries())
      assert.ok(low >= bottom && low + (band?.data[i]?.[1] ?? 0) <= top + 1e-12)
    // A look of an earlier version has no difference, and leaves no point.
    assert.equal(
      differencesOf(
        [look(0, 1, [{ check: 'error_rate', state: 'safe', canary: 0, champion: 0 }])],
        'error_rate',
      ).length,
      0,
    )
  })
})

describe('the steps of a release', () => {
  const release = (delivery: object | undefined, more: object = {}) =>
    ({
      properties: {
        phase: 'open',
        state: 'delivering',
        stage: 'production',
        stages: [
          {
            name: 'production',
            state: 'delivery',
            gates: [{ name: 'load', gate: 'load', attempt: 1, state: 'passed' }],
            approval: { state: 'approved', decisions: [{ by: { name: 'Ana' } }] },
            ...(delivery === undefined ? {} : { delivery }),
          },
        ],
        plan: {
          stages: [
            {
              name: 'production',
              approval: {},
              deliver: {
                online: 'flights',
                steps: [
                  { mirror: 50, forMs: 10_000 },
                  { weight: 10, forMs: 600_000 },
                ],
              },
            },
          ],
        },
        ...more,
      },
    }) as unknown as Release
  const states = (of: Release) => planSteps(of)[0]?.steps.map(({ name, state }) => `${name}: ${state}`)
  test('say what is through, where it is, and what is still to come', () => {
    assert.deepEqual(states(release({ state: 'running', step: 1 })), [
      'load: done',
      'Approval: done',
      'Mirror 50 %: done',
      '10 % of callers: now',
      'All traffic of flights: next',
    ])
    assert.equal(states(release({ state: 'paused', step: 0 }))?.[2], 'Mirror 50 %: held')
    assert.deepEqual(states(release({ state: 'rolled_back', step: 1 }))?.slice(3), [
      '10 % of callers: bad',
      'All traffic of flights: skipped',
    ])
    assert.equal(states(release({ state: 'succeeded', step: 2 }))?.at(-1), 'All traffic of flights: done')
    assert.equal(states(release(undefined, { phase: 'ended' }))?.at(-1), 'All traffic of flights: skipped')
  })
})

test('a release requires attention while it waits, and for a day after it ended badly', () => {
  const now = new Date('2026-11-23T12:00:00Z')
  const release = (name: string, properties: object) =>
    ({
      id: `/x/workspaces/dev/providers/Twinloop/releasePlans/p/releases/${name}`,
      name,
      properties: { stages: [], stage: '', ...properties },
      systemData: { createdAt: `2026-11-23T0${name}:00:00Z` },
    }) as unknown as Release
  const bad = release('1', { phase: 'ended', state: 'rolled_back', endedAt: '2026-11-23T09:00:00Z' })
  const good = release('2', { phase: 'ended', state: 'succeeded', endedAt: '2026-11-23T10:00:00Z' })
  assert.equal(needsAttention(bad, [bad], now), true)
  assert.equal(needsAttention(bad, [bad, good], now), false)
  assert.equal(needsAttention(good, [good], now), false)
  assert.equal(needsAttention(release('3', { phase: 'open', state: 'waiting' }), [], now), true)
  assert.equal(needsAttention(release('3', { phase: 'open', state: 'running' }), [], now), false)
})

describe('what gates measured', () => {
  const interval = { lower: 0.01, upper: 0.03, confidence: 0.95 }
  const measures: readonly Measure[] = [
    { name: 'roc_auc', estimate: 0.7, interval, n: 900 },
    { name: 'roc_auc', of: 'champion', estimate: 0.68, interval, n: 900 },
    {
      name: 'roc_auc',
      of: 'difference',
      estimate: 0.02,
      interval,
      n: 900,
      bound: { min: -0.005 },
      verdict: 'pass',
    },
    { name: 'selection_rate', slice: { carrier: 'AA' }, estimate: 0.3, interval, n: 40 },
    { name: 'selection_rate', slice: { carrier: 'B6' }, estimate: 0.2, interval, n: 400 },
    { name: 'latency_p99_ms', estimate: 8, interval, n: 400, bound: { max: 250 } },
    { name: 'tests_passed', estimate: 4, n: 4 },
  ]
  test('is drawn where it has intervals, differences first, parts last and the lowest of them first', () => {
    const plots = plotsOf(measures)
    assert.deepEqual(
      plots.map(({ title }) => title),
      ['roc auc: candidate − champion', 'roc auc', 'Latency by quantile', 'selection rate by carrier'],
    )
    assert.deepEqual(limitsOf(plots[0]!), [
      { value: 0, name: 'equal' },
      { value: -0.005, name: 'margin', bad: 'below' },
    ])
    assert.deepEqual(limitsOf(plots[2]!), [{ value: 250, name: 'at most', bad: 'above' }])
    assert.deepEqual(
      plots[3]!.measures.map((one) => rowName(one, plots[3]!)),
      ['B6', 'AA'],
    )
  })
  test('stands on an axis with round ticks, logarithmic where it is asked for', () => {
    const linear = scaleOf({ values: [0.013, 0.037, 0] })
    assert.deepEqual(linear.ticks, [0, 0.01, 0.02, 0.03])
    assert.ok(linear.place(0) > 0 && linear.place(0.037) < 1 && linear.place(99) === 1)
    assert.deepEqual(scaleOf({ values: [1, 900], logarithmic: true }).ticks, [1, 10, 100, 1000])
    assert.equal(scaleOf({ values: [] }).place(0.5) > 0, true)
  })
})

test('versions differ in what they were made of, not in numbers of other rows', () => {
  const version = (data: string, rate: string) => ({
    version: {
      modelType: 'mlflow_model',
      tags: { roc_auc: rate },
      lineage: { data: [{ name: 'flights', id: `/x/workspaces/dev/data/flights/versions/${data}` }] },
    },
    run: { info: {} as never, data: { params: [{ key: 'depth', value: '3' }] } },
  })
  assert.deepEqual(changesOf(version('3', '0.7'), version('10', '0.6')), {
    different: [{ kind: 'data', name: 'flights', champion: 'flights:3', candidate: 'flights:10' }],
    same: 2,
  })
})
