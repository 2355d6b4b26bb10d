import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { openAlertLab, type AlertLab } from '../../testing/lab.ts'

describe('rules that are looked at', () => {
  let lab: AlertLab
  before(async () => {
    lab = await openAlertLab()
  })
  after(() => lab.end())
  const rule = (name: string, more: object = {}, when: object = {}) =>
    lab.put(`alertRules/${name}`, {
      when: { metric: name, aggregate: 'last', over: '1m', above: 10, ...when },
      ...more,
    })
  const of = async (name: string) => (await lab.incidents()).filter((one) => one.properties.rule === name)
  const states = async (name: string) => (await of(name)).map(({ status }) => status.state)
  /** A minute passes, this is measured (or nothing), and the rule is looked at. */
  const minute = async (name: string, value?: number) => {
    lab.pass(60)
    if (value !== undefined) await lab.measure(name, value)
    await lab.look(name)
  }

  test('fires after it has held, goes on for a while, and is resolved: one incident', async () => {
    await rule('held', {}, { for: '2m', keep_firing_for: '3m' })
    await minute('held', 5)
    await minute('held', 11)
    await minute('held', 12)
    assert.deepEqual(await states('held'), [], 'it is pending')
    await minute('held', 13)
    assert.deepEqual(await states('held'), ['Firing'])
    for (const value of [5, 12, 5, 5]) await minute('held', value)
    assert.deepEqual(await states('held'), ['Firing'], 'it flaps, and is one incident')
    await minute('held', 5)
    await minute('held', 5)
    const [incident] = await of('held')
    assert.equal(incident?.status.state, 'Resolved')
    assert.deepEqual(
      incident?.status.timeline.map(({ what }) => what),
      ['began', 'fired: last value of held 13 > 10 over 1m for 2m', 'resolved: it is 5 now'],
    )
  })

  test('is not looked at before its time, and at once where the clock went back', async () => {
    await rule('early', { every: '5m' })
    await lab.measure('early', 11)
    assert.equal(await lab.look('early'), 300)
    assert.deepEqual(await states('early'), ['Firing'])
    lab.pass(60)
    assert.equal(await lab.look('early'), 240)
    lab.pass(-3600)
    await lab.measure('early', 5)
    assert.equal(await lab.look('early'), 300)
    assert.deepEqual(await states('early'), ['Resolved'])
    lab.pass(3600)
  })

  test('time in which nobody looked counts neither as held nor as over', async () => {
    await rule('away', {}, { for: '3m' })
    await minute('away', 11)
    await minute('away', 11)
    lab.pass(3600)
    await minute('away', 11)
    assert.deepEqual(await states('away'), [], 'it was pending for two minutes and an hour that nobody saw')
    await minute('away', 11)
    assert.deepEqual(await states('away'), ['Firing'])
    lab.pass(86_400)
    await minute('away', 11)
    assert.deepEqual(await states('away'), ['Firing'], 'the same incident, a day later')
  })

  const policies = [
    ['keep', ['Firing']],
    ['ok', ['Resolved']],
    ['alert', ['Firing', 'Firing']],
  ] as const
  for (const [noData, expected] of policies)
    test(`without measurements and no_data: ${noData}`, async () => {
      const name = `silent_${noData}`
      await rule(name, { no_data: noData })
      await minute(name, 11)
      assert.deepEqual(await states(name), ['Firing'])
      await minute(name)
      await minute(name)
      assert.deepEqual(await states(name), expected)
      await minute(name, 5)
      assert.ok((await states(name)).every((state) => state === 'Resolved'))
    })

  test('alerts of one combination of labels do not depend on those of another', async () => {
    const measure = async (values: Readonly<Record<string, number>>) => {
      lab.pass(120)
      for (const [queue, value] of Object.entries(values)) await lab.measure('apart', value, { queue })
      await lab.look('apart')
    }
    await rule('apart', {}, { by: ['queue'] })
    await measure({ a: 11, b: 12, c: 1 })
    assert.deepEqual(await states('apart'), ['Firing', 'Firing'])
    await measure({ a: 1 })
    const byQueue = Object.fromEntries(
      (await of('apart')).map(({ properties, status }) => [properties.labels['queue'], status.state]),
    )
    assert.deepEqual(byQueue, { a: 'Resolved', b: 'Firing' }, 'of b nothing is known: it stays as it was')
  })

  test('what keeps a rule from being looked at is told on it, and its alerts stay', async () => {
    await rule('many', { limit: 1 }, { by: ['queue'] })
    lab.pass(60)
    await lab.measure('many', 11, { queue: 'a' })
    await lab.look('many')
    assert.deepEqual(await states('many'), ['Firing'])
    lab.pass(60)
    for (const queue of ['a', 'b']) await lab.measure('many', 11, { queue })
    await lab.look('many')
    const { presentRule } = await import('../present.ts')
    const shown = await presentRule(
      await lab.platform.resources.get(`${lab.workspace}/providers/Twinloop/alertRules/many`),
      lab.platform,
    )
    const { state, error } = shown['evaluation'] as { state: string; error: string }
    assert.equal(state, 'firing')
    assert.equal(error, 'The rule found 2 alerts, and its limit is 1.')
    assert.deepEqual(await states('many'), ['Firing'])
  })

  test('a condition that is changed begins anew, and a rule that is switched off is over', async () => {
    await rule('changed')
    await minute('changed', 11)
    await rule('changed', {}, { above: 20 })
    await minute('changed', 11)
    assert.deepEqual(await states('changed'), ['Resolved'])
    await minute('changed', 21)
    await rule('changed', { enabled: false }, { above: 20 })
    await lab.look('changed')
    assert.deepEqual(await states('changed'), ['Resolved', 'Resolved'])
    const [, second] = await of('changed')
    assert.equal(second?.status.timeline.at(-1)?.what, 'resolved: its rule was switched off')
  })
})
