import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { parseRule } from '../grammar/parse.ts'
import type { AlertRule } from '../rule.ts'
import { advance, atFirst, ended, read, written, type Looked, type RuleState } from './state.ts'

const minute = 60_000
const ruleOf = (more: object, when: object = {}): AlertRule => {
  const { rule, mistakes } = parseRule({ when: { metric: 'queue', above: 10, ...when }, ...more })
  assert.deepEqual(mistakes, [])
  return rule ?? assert.fail()
}
const labels = { queue: 'a' }
const looks: Readonly<Record<string, Looked>> = {
  true: { found: [{ labels, value: 12 }], quiet: [], noData: false },
  false: { found: [], quiet: [{ labels, value: 3 }], noData: false },
  nothing: { found: [], quiet: [], noData: true },
  other: { found: [], quiet: [{ labels: { queue: 'b' }, value: 3 }], noData: false },
  broken: { error: 'the store is away' },
}
const stateOf = ({ alerts }: RuleState) =>
  [...alerts.values()].map(({ state }) => state).join(' ') || 'inactive'

/** The states after looks a minute apart (`5m` passes more time), the server started anew before each. */
function course(rule: AlertRule, steps: readonly string[]): readonly string[] {
  let [state, now, evaluatedAt] = [atFirst, 1e12, 0]
  const seen: string[] = []
  for (const step of steps) {
    const [, minutes] = /^(\d+)m$/.exec(step) ?? []
    now += Number(minutes ?? 1) * minute
    const looked = looks[step]
    if (looked === undefined) continue
    const { after } = advance(read(written(state)), rule, looked, { now, evaluatedAt })
    if (after.outcome !== 'error') assert.deepEqual(read(written(after)), after)
    ;[state, evaluatedAt] = [after, now]
    seen.push(after.outcome === 'error' ? `${stateOf(after)}, error` : stateOf(after))
  }
  return seen
}

describe('a rule between restarts', () => {
  const holds = { for: '2m', keep_firing_for: '2m' }
  const table: readonly (readonly [string, object, object, string, string])[] = [
    [
      'pending, then firing, then kept, then resolved',
      {},
      holds,
      'true true true false false false false',
      'pending pending firing firing firing resolved resolved',
    ],
    ['pending is forgotten', {}, holds, 'true false true', 'pending inactive pending'],
    [
      'true again while it is kept',
      {},
      holds,
      'true true true false true false false false',
      'pending pending firing firing firing firing firing resolved',
    ],
    ['an hour of nobody does not make it fire', {}, holds, 'true 60m true true', 'pending pending firing'],
    [
      'an hour of nobody does not end what is kept',
      {},
      holds,
      'true true true false 60m false false',
      'pending pending firing firing firing resolved',
    ],
    [
      'a resolved one is remembered for 15 minutes',
      {},
      {},
      'true false 14m false false',
      'firing resolved resolved inactive',
    ],
    [
      'without measurements it stays: keep',
      {},
      holds,
      'true nothing true true nothing nothing',
      'pending pending firing firing firing firing',
    ],
    ['without measurements it ends: ok', { no_data: 'ok' }, {}, 'true nothing', 'firing resolved'],
    [
      'without measurements it alerts: alert',
      { no_data: 'alert' },
      {},
      'false nothing nothing false',
      'inactive firing firing resolved',
    ],
    ['one of which nothing is known stays, while others are known', {}, {}, 'true other', 'firing firing'],
    [
      'what cannot be looked at stays',
      {},
      holds,
      'true true true broken false',
      'pending pending firing firing, error firing',
    ],
  ]
  for (const [what, more, when, steps, expected] of table)
    test(what, () => {
      // States of two words are told with a comma.
      const seen = course(ruleOf(more, when), steps.split(' '))
      assert.equal(seen.join(' '), expected)
    })

  test('whatever happens, what is read is what was written, and the end ends everything', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...Object.keys(looks), '3m', '60m'), { maxLength: 30 }),
        fc.constantFrom('keep', 'ok', 'alert'),
        (steps, noData) => {
          const rule = ruleOf({ no_data: noData }, holds)
          course(rule, steps)
          const { after } = advance(atFirst, rule, looks['true'] ?? assert.fail(), { now: 1, evaluatedAt: 0 })
          assert.equal(stateOf(ended(after, 2).after), 'inactive')
        },
      ),
      { numRuns: 100 },
    )
  })

  test('what had no value has none after a restart', () => {
    const { after } = advance(atFirst, ruleOf({ no_data: 'alert' }), looks['nothing'] ?? assert.fail(), {
      now: 1,
      evaluatedAt: 0,
    })
    const [alert] = read(written(after)).alerts.values()
    assert.ok(Number.isNaN(alert?.value))
  })
})
