import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { ownWords, ruleInWords } from './rule-words.ts'

describe('a rule in words', () => {
  const cases: readonly (readonly [object, string])[] = [
    [
      { metric: 'latency_seconds', aggregate: 'p99', by: ['endpoint'], over: '1m', above: '250ms' },
      'Fires when p99 of latency_seconds > 250 ms over 1m, for each endpoint.',
    ],
    [
      { metric: 'failed', per: 'asked', where: { queue: 'b' }, at_least: '5%' },
      'Fires when failed per asked ≥ 5 % over 5m of queue b.',
    ],
    [
      { signal: 'model_performance', metric: 'roc_auc', below: 0.68, for: '2 windows', monitor: 'flights' },
      'Fires when roc_auc of model_performance < 0.68 in 2 windows one after another, of monitor flights.',
    ],
    [
      { signal: 'data_drift', metric: 'psi', above: 0.2, feature: 'distance' },
      'Fires when psi of data_drift > 0.2 of feature distance.',
    ],
    [
      { burn_rate: { bad: 'failed', all: 'asked', objective: '99.9%' } },
      'Fires when the error budget (0.1 % of asked may be failed) is used up 14.4 times too fast in 1h and still in 5m, or 6 times too fast in 6h and still in 30m.',
    ],
    [
      { anomaly: { metric: 'asked', season: 'week', direction: 'below' } },
      'Fires when average of asked over 1h is 4 standard deviations below what it was at this time in 7 times 1w before.',
    ],
    [{ absent: 'asked', over: '10m' }, 'Fires when asked was not measured for 10m.'],
  ]
  for (const [when, said] of cases) test(said, () => assert.equal(ruleInWords({ when })?.[0], said))

  test('says how long it holds, how often it is looked at, and what it is where nothing is measured', () => {
    const when = { metric: 'a', above: 1, for: '5m', keep_firing_for: '1h' }
    assert.deepEqual(ruleInWords({ when, no_data: 'ok' })?.slice(1), [
      'It has to be so for 5m before it fires.',
      'It goes on firing for 1h after it ceased.',
      'It is looked at every 1m; where nothing is measured, it is over.',
    ])
  })

  test('is none of what cannot be read', () => assert.equal(ruleInWords({ when: { abov: 1 } }), undefined))

  test('is without what the server adds', () => {
    const words = { when: { absent: 'a' }, tags: {}, evaluation: {}, warnings: [], isArchived: false }
    assert.deepEqual(ownWords(words), { when: { absent: 'a' } })
  })
})
