import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { parseRule } from '../../../../../../src/alerts/rules/grammar/parse.ts'
import { asKind, comparisonOf, conditionKinds, kindOf, type ConditionKind } from './conditions.ts'

describe('the condition of a rule', () => {
  test('is known by its first word', () => {
    for (const [kind, { start }] of Object.entries(conditionKinds)) assert.equal(kindOf(start), kind)
    assert.equal(kindOf(undefined), 'metric')
    assert.equal(kindOf('burn_rate'), 'metric')
  })

  test('of another kind keeps how long it has to hold, where that means the same', () => {
    const when = { metric: 'a', above: 1, for: '5m', keep_firing_for: '1m' }
    assert.deepEqual(asKind(when, 'absent'), {
      absent: '',
      over: '10m',
      for: '5m',
      keep_firing_for: '1m',
    })
    assert.equal('for' in asKind(when, 'signal'), false)
    assert.equal('for' in asKind({ ...conditionKinds.signal.start, for: '2 windows' }, 'metric'), false)
  })

  test('begins with words that lack nothing but names', () => {
    for (const kind of Object.keys(conditionKinds) as ConditionKind[]) {
      const { mistakes } = parseRule({ when: conditionKinds[kind].start })
      assert.ok(
        mistakes.every(({ message }) => message.endsWith('"" is not text')),
        `${kind}: ${JSON.stringify(mistakes)}`,
      )
    }
  })

  test('has one comparison', () => {
    assert.equal(comparisonOf({ metric: 'a', at_most: 0 }), 'at_most')
    assert.equal(comparisonOf({ metric: 'a', above: null }), 'above')
  })
})
