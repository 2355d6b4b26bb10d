import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { startTestApp, type TestApp } from '../../../testing/app.ts'
import { leftOf } from './budgets.ts'

const hour = 3_600_000
const former = (...hours: readonly number[]) =>
  hours.map((at) => ({ label: '', cause: '', slot: '', startedAt: at * hour, counts: true }))
const iso = (hours: number) => new Date(hours * hour).toISOString()

describe('what is left of an action', () => {
  test('is nothing to tell of one that was never done and has no bounds', () => {
    assert.deepEqual(leftOf([], { coolDownMs: 0, budget: undefined, now: 0 }), {})
  })

  test('is its cool-down since it was done last', () => {
    const rule = { coolDownMs: 24 * hour, budget: undefined }
    assert.deepEqual(leftOf(former(1, 5), { ...rule, now: 6 * hour }), {
      lastAt: iso(5),
      coolDown: '1d',
      coolsUntil: iso(29),
    })
    assert.deepEqual(leftOf(former(5), { ...rule, now: 29 * hour }), { lastAt: iso(5), coolDown: '1d' })
  })

  test('is its budget less what was done in its time, and when one more is free', () => {
    const rule = { coolDownMs: 0, budget: { perMs: 10 * hour, atMost: 2 } }
    const left = (now: number, ...done: readonly number[]) =>
      leftOf(former(...done), { ...rule, now: now * hour })['budget']
    assert.deepEqual(left(11, 0, 5), { per: '10h', atMost: 2, left: 1 })
    assert.deepEqual(left(9, 0, 5), { per: '10h', atMost: 2, left: 0, freeAt: iso(10) })
    assert.deepEqual(left(9, 0, 3, 5), { per: '10h', atMost: 2, left: 0, freeAt: iso(13) })
  })

  describe('of a rule', () => {
    let t: TestApp
    before(async () => (t = await startTestApp()))
    after(() => t.end())

    test('is told for each, with what it says or its kind needs', async () => {
      const id = `${t.workspace}/providers/Twinloop/alertRules/slow`
      const budget = { per: '30d', at_most: 4 }
      await t.send('PUT', id, {
        properties: {
          when: { metric: 'queue_length', above: 1 },
          cool_down: '2h',
          actions: [
            { notify: { email: ['a@example.org'] } },
            { notify: { email: ['b@example.org'], budget } },
          ],
        },
      })
      const { body } = await t.send('POST', `${id}/budgets`, {})
      assert.deepEqual(body.value, [
        { kind: 'notify', coolDown: '2h' },
        { kind: 'notify', coolDown: '2h', budget: { per: '30d', atMost: 4, left: 4 } },
      ])
    })
  })
})
