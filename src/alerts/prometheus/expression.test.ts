import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseRule } from '../rules/grammar/parse.ts'
import { expressionOf, type KindOf } from './expression.ts'

const kindOf: KindOf = (metric) =>
  metric.endsWith('_total') ? 'counter' : metric.endsWith('duration_seconds') ? 'histogram' : 'gauge'

const table: readonly (readonly [object, string])[] = [
  [
    { metric: 'twinloop_jobs_active', where: { state: 'queued' }, above: 10 },
    'avg (avg_over_time(twinloop_jobs_active{workspace="dev", state="queued"}[5m])) > 10',
  ],
  [
    { metric: 'queue', aggregate: 'max', over: '1h', by: ['a', 'b'], at_most: 0.5 },
    'max by (a, b) (max_over_time(queue{workspace="dev"}[1h])) <= 0.5',
  ],
  [
    { metric: 'scoring_duration_seconds', aggregate: 'p99', by: ['endpoint'], above: '250ms' },
    'histogram_quantile(0.99, sum by (le, endpoint) (rate(scoring_duration_seconds_bucket{workspace="dev"}[5m]))) > 0.25',
  ],
  [
    { metric: 'errors_total', per: 'requests_total', by: ['endpoint'], above: '5%' },
    '(sum by (endpoint) (increase(errors_total{workspace="dev"}[5m])) or 0 * sum by (endpoint) (increase(requests_total{workspace="dev"}[5m]))) / sum by (endpoint) (increase(requests_total{workspace="dev"}[5m])) > 0.05',
  ],
  [
    {
      burn_rate: {
        bad: 'errors_total',
        all: 'requests_total',
        objective: '99.9%',
        windows: [{ long: '1h', short: '5m', factor: 14.4 }],
      },
    },
    '((sum (increase(errors_total{workspace="dev"}[1h])) or 0 * sum (increase(requests_total{workspace="dev"}[1h]))) / sum (increase(requests_total{workspace="dev"}[1h])) > 0.0144 and (sum (increase(errors_total{workspace="dev"}[5m])) or 0 * sum (increase(requests_total{workspace="dev"}[5m]))) / sum (increase(requests_total{workspace="dev"}[5m])) > 0.0144)',
  ],
  [
    { absent: { metric: 'heart', where: { of: 'a"b' } }, over: '10m' },
    'absent_over_time(heart{workspace="dev", of="a\\"b"}[10m])',
  ],
  [
    { signal: 'drift', metric: 'psi', feature: 'distance', above: 0.2 },
    'twinloop_monitor_signal_value{workspace="dev", signal="drift", metric="psi", feature="distance"} > 0.2',
  ],
]

for (const [when, expected] of table)
  test(`in PromQL: ${JSON.stringify(when)}`, () => {
    const { rule, mistakes } = parseRule({ when })
    assert.deepEqual(mistakes, [])
    assert.ok(rule)
    assert.deepEqual(expressionOf(rule.condition, 'dev', kindOf), { promql: expected })
  })

test('what PromQL has no words for says why', () => {
  const whens = [
    { anomaly: { metric: 'a' } },
    { signal: 'drift', metric: 'psi', above: 0.2, for: '2 windows' },
    { signal: 'drift', metric: 'psi', above: 0.2, segment: 'carrier=AA' },
    { metric: 'queue', aggregate: 'count', above: 3 },
    { metric: 'errors_total', aggregate: 'avg', above: 3 },
    { metric: 'wait_duration_seconds', aggregate: 'max', above: 3 },
  ]
  for (const when of whens) {
    const { rule, mistakes } = parseRule({ when })
    assert.deepEqual(mistakes, [])
    assert.ok(rule && 'none' in expressionOf(rule.condition, 'dev', kindOf), JSON.stringify(when))
  }
})
