import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { parse } from 'yaml'
import type { Json } from '../../../kernel/resources/resource.ts'
import { parseRule } from './parse.ts'

const ruleOf = (text: string) => {
  const { rule, mistakes } = parseRule(parse(text) as Json)
  assert.deepEqual(mistakes, [])
  assert.ok(rule !== undefined)
  return rule
}
const mistakesOf = (text: string) =>
  parseRule(parse(text) as Json).mistakes.map(({ path, message, hint }) =>
    [path.join('.'), message, hint].filter((part) => part !== undefined && part !== '').join(' | '),
  )

describe('alert rules', () => {
  test('say little where the usual is meant', () => {
    assert.deepEqual(ruleOf('when: { metric: cpu_ratio, above: 80% }'), {
      condition: {
        kind: 'threshold',
        of: { metric: 'cpu_ratio', where: {}, aggregate: 'avg', overMs: 300_000 },
        by: [],
        comparison: 'above',
        limit: 0.8,
      },
      holding: { forMs: 0, keepFiringForMs: 0, limit: 0 },
      everyMs: 60_000,
      severity: 'warning',
      labels: {},
      annotations: {},
      noData: 'keep',
      actions: [],
      coolDownMs: 0,
      enabled: true,
    })
  })

  test('watch a signal, act, and cool down', () => {
    const rule = ruleOf(`
      when: { signal: model_performance, metric: roc_auc, below: 0.68, for: 2 windows }
      severity: page
      actions:
        - retrain: { job: pipeline.yml, inputs: { window: 90d } }
          then: release
        - notify: { email: [team@example.org] }
        - roll_back
      cool_down: 1d`)
    assert.deepEqual(rule.condition, {
      kind: 'signal',
      signal: 'model_performance',
      metric: 'roc_auc',
      where: {},
      comparison: 'below',
      limit: 0.68,
      windows: 2,
    })
    assert.equal(rule.holding.forMs, 0)
    assert.deepEqual(
      rule.actions.map(({ kind, parameters, afterwards }) => [kind, parameters, afterwards]),
      [
        ['retrain', { job: 'pipeline.yml', inputs: { window: '90d' } }, 'release'],
        ['notify', { email: ['team@example.org'] }, undefined],
        ['roll_back', {}, undefined],
      ],
    )
    assert.equal(rule.coolDownMs, 86_400_000)
  })

  test('limits are told as people say them: times in the unit of the metric, shares in percent', () => {
    const limit = (said: string) => {
      const { condition } = ruleOf(`when: { metric: m, aggregate: p99, over: 10m, at_least: ${said} }`)
      return condition.kind === 'threshold' ? condition.limit : undefined
    }
    assert.deepEqual(['250ms', '2s', '1m', '5%', '-3', '0.7'].map(limit), [0.25, 2, 60, 0.05, -3, 0.7])
  })

  test('a share of requests, a budget, an anomaly, something absent', () => {
    const share = ruleOf(
      'when: { metric: errors_total, per: { metric: requests_total, where: { endpoint: a } }, by: endpoint, above: 1% }',
    ).condition
    assert.ok(share.kind === 'threshold')
    assert.deepEqual(
      [share.of.aggregate, share.per?.where, share.by],
      ['events', { endpoint: 'a' }, ['endpoint']],
    )
    const budget = ruleOf(
      'when: { burn_rate: { bad: errors_total, all: requests_total, objective: 99.9% }, for: 2m }',
    )
    assert.ok(budget.condition.kind === 'burn_rate')
    assert.equal(budget.condition.objective, 0.999)
    assert.deepEqual(budget.condition.windows[0], { longMs: 3_600_000, shortMs: 300_000, factor: 14.4 })
    assert.equal(budget.holding.forMs, 120_000)
    const odd = ruleOf(
      'when: { anomaly: { metric: requests_total, aggregate: rate, season: week } }',
    ).condition
    assert.ok(odd.kind === 'anomaly' && odd.seasonMs === 7 * 86_400_000)
    assert.equal(ruleOf('when: { absent: heartbeat, over: 15m }').condition.kind, 'absent')
  })

  test('every mistake is told, with its place and what was meant', () => {
    assert.deepEqual(mistakesOf('severity: page'), [
      'An alert rule says when it fires | when: { metric: NAME, above: 0.8, for: 10m }',
    ])
    assert.deepEqual(
      mistakesOf(`
        when: { metric: m, abov: 1, aggregate: mean, for: soon }
        severty: page
        no_data: maybe`),
      [
        'severty | severty is not a setting of an alert rule | did you mean severity?',
        'when.abov | when.abov is not a setting of a condition | did you mean above?',
        'when.aggregate | when.aggregate: "mean" is not one of avg, min, max, sum, count, last, events, rate, p50, p90, p95, p99',
        'when | when names no limit | one of above, at_least, below, at_most',
        'when.for | when.for: "soon" is not a duration | such as 30m, 36h, 40d, 2w',
        'no_data | no_data: "maybe" is not one of ok, keep, alert',
      ],
    )
    assert.deepEqual(mistakesOf('when: { metric: m, above: 1, below: 0 }'), [
      'when | when has above and below | one of above, at_least, below, at_most',
    ])
    assert.deepEqual(mistakesOf('when: { metric: m, above: 1, for: 2 windows }'), [
      'when.for | when.for: windows are of signals | such as 10m',
    ])
    assert.deepEqual(mistakesOf('{ when: { metric: m, above: 1 }, every: 1s }'), [
      'every | every: rules are looked at every 15 seconds at most',
    ])
    assert.deepEqual(
      mistakesOf('{ when: { metric: m, above: 1 }, actions: [{ notify: 3 }, 7, { a: {}, b: {} }] }'),
      [
        'actions.0.notify | actions[0].notify: "3" is not what an action is told | { … }',
        'actions.1 | actions[1]: "7" is not an action | notify: { email: […] }',
        'actions.2 | actions[2] is not one action | a list item for each',
      ],
    )
    assert.deepEqual(mistakesOf('when: { burn_rate: { bad: a, all: b, objective: 100% } }'), [
      'when.burn_rate.objective | when.burn_rate.objective: an objective of 0% or 100% has no budget',
    ])
  })
})
