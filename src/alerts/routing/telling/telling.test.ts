import assert from 'node:assert/strict'
import { after, afterEach, before, describe, test } from 'node:test'
import { openAlertLab, type AlertLab } from '../../testing/lab.ts'

describe('who is told of alerts', () => {
  let lab: AlertLab
  let seen: number
  before(async () => {
    lab = await openAlertLab()
    for (const name of ['ops', 'pager'])
      await lab.platform.resources.put(lab.actor, `${lab.workspace}/connections/${name}`, {
        properties: { category: 'GenericHttp', target: 'http://127.0.0.1:9', authType: 'None' },
      })
    seen = 0
  })
  after(() => lab.end())

  const rules = new Set<string>()
  const rule = async (name: string, severity: string, by: readonly string[] = []) => {
    rules.add(name)
    await lab.put(`alertRules/${name}`, {
      when: { metric: name, aggregate: 'last', over: '1m', above: 10, ...(by.length === 0 ? {} : { by }) },
      severity,
    })
  }
  /** So many seconds pass, this is measured, and rules and routing look. */
  const measure = async (name: string, values: Readonly<Record<string, number>>, seconds = 60) => {
    lab.pass(seconds)
    for (const [queue, value] of Object.entries(values)) await lab.measure(name, value, { queue })
    await lab.look(name)
    return lab.route()
  }
  const news = async () => {
    const all = await lab.told()
    const fresh = all.slice(seen)
    seen = all.length
    return fresh
  }
  const routing = (properties: object) => lab.put('alertRouting/default', { ...properties })
  const ops = { name: 'ops', webhook: ['ops'], email: ['ops@example.org'] }
  afterEach(async () => {
    for (const name of rules) {
      lab.pass(3600)
      await lab.measure(name, 0, { queue: 'a' })
      await lab.platform.resources.remove(lab.actor, `${lab.workspace}/providers/Twinloop/alertRules/${name}`)
      await lab.look(name)
    }
    rules.clear()
    await lab.route()
    lab.pass(3600)
    await lab.route()
    await news()
  })

  test('a group is told of after its wait, once, and when it is over', async () => {
    await routing({ receivers: [ops], route: { group_wait: '2m', group_by: ['alertname'] } })
    await rule('waits', 'page', ['queue'])
    assert.equal(await measure('waits', { a: 11 }), 120)
    assert.deepEqual(await news(), [])
    await measure('waits', { a: 11, b: 12 })
    await measure('waits', { a: 11, b: 12 })
    assert.deepEqual((await news()).sort(), [
      'ops [FIRING:2] waits (page)',
      'ops@example.org [FIRING:2] waits (page)',
    ])
    await measure('waits', { a: 11, b: 12 })
    assert.deepEqual(await news(), [], 'nothing is new')
    await measure('waits', { a: 1, b: 12 })
    for (let i = 0; i < 4; i++) await measure('waits', { a: 1, b: 12 })
    assert.deepEqual(
      (await news()).filter((one) => one.startsWith('ops ')),
      ['ops [FIRING] waits (page): queue b'],
      'one of them is over',
    )
    for (let i = 0; i < 6; i++) await measure('waits', { a: 1, b: 2 })
    assert.ok((await news()).includes('ops [RESOLVED] waits (page): queue b'))
    for (let i = 0; i < 6; i++) await measure('waits', { a: 1, b: 2 })
    assert.deepEqual(await news(), [])
  })

  test('what goes on firing is told of again after its interval', async () => {
    await routing({ receivers: [ops], route: { group_wait: 0, group_interval: '5m', repeat_interval: '1h' } })
    await rule('repeats', 'page')
    await measure('repeats', { a: 11 })
    assert.equal((await news()).length, 2)
    for (let i = 0; i < 11; i++) await measure('repeats', { a: 11 }, 300)
    assert.equal((await news()).length, 0)
    await measure('repeats', { a: 11 }, 300)
    assert.equal((await news()).length, 2)
  })

  test('routes take alerts by their labels, to several where it goes on', async () => {
    await routing({
      receivers: [ops, { name: 'pager', webhook: 'pager' }],
      route: {
        receiver: 'ops',
        group_wait: 0,
        routes: [
          { matchers: ['severity="page"'], receiver: 'pager', continue: true },
          { matchers: ['alertname=~"both.*"'], receiver: 'ops' },
        ],
      },
    })
    for (const [name, severity] of [
      ['both_of_them', 'page'],
      ['only_pager', 'page'],
      ['only_ops', 'warning'],
    ] as const) {
      await rule(name, severity)
      await measure(name, { a: 11 })
    }
    const whom = (await news())
      .filter((one) => !one.startsWith('ops@'))
      .map((one) => one.replace(/ \(.*/, ''))
    assert.deepEqual(whom.toSorted(), [
      'ops [FIRING] both_of_them',
      'ops [FIRING] only_ops',
      'pager [FIRING] both_of_them',
      'pager [FIRING] only_pager',
    ])
  })

  test('nobody is told of what is silenced, and it says so; afterwards they are', async () => {
    await routing({ receivers: [ops], route: { group_wait: 0 } })
    await rule('hushed', 'page')
    const from = lab.platform.clock()
    await lab.put('silences/works', {
      matchers: { alertname: 'hushed' },
      from: from.toISOString(),
      to: new Date(from.getTime() + 600_000).toISOString(),
      reason: 'the queue is rebuilt',
    })
    await measure('hushed', { a: 11 })
    assert.deepEqual(await news(), [])
    const [incident] = (await lab.incidents()).filter(({ properties }) => properties.rule === 'hushed')
    assert.match(incident?.status.silencedBy ?? '', /^silence works until \d{4}/)
    for (let i = 0; i < 10; i++) await measure('hushed', { a: 11 })
    assert.equal((await news()).length, 2)
    const [after] = (await lab.incidents()).filter(({ properties }) => properties.rule === 'hushed')
    assert.equal(after?.status.silencedBy, undefined)
    assert.deepEqual(
      after?.status.timeline.map(({ what }) => what.replace(/until .*/, '')),
      [
        'fired: last value of hushed 11 > 10 over 1m',
        'nobody is told: silence works ',
        'people are told again',
        'told ops (ops@example.org, ops)',
      ],
    )
  })

  test('nobody is told of what another alert explains', async () => {
    await routing({
      receivers: [ops],
      route: { group_wait: 0 },
      inhibit_rules: [
        { source_matchers: ['alertname="down"'], target_matchers: ['alertname="slow"'], equal: ['queue'] },
      ],
    })
    await rule('down', 'page', ['queue'])
    await rule('slow', 'warning', ['queue'])
    await measure('down', { a: 11 })
    await measure('slow', { a: 11, b: 11 })
    const whom = (await news()).filter((one) => !one.startsWith('ops@'))
    assert.deepEqual(whom.sort(), [
      'ops [FIRING] down (page): queue a',
      'ops [FIRING] slow (warning): queue b',
    ])
    const quiet = (await lab.incidents()).filter(({ status }) => status.silencedBy !== undefined)
    assert.deepEqual(
      quiet.map(({ status }) => status.silencedBy),
      ['inhibited by down'],
    )
  })

  test('killed after it was posted and before it was kept, nothing is posted twice', async () => {
    await routing({ receivers: [ops], route: { group_wait: 0 } })
    await rule('killed', 'page')
    lab.pass(60)
    await lab.measure('killed', 11)
    await lab.look('killed')
    await lab.route()
    const before = (await lab.told()).length
    await lab.platform.store.db.deleteFrom('alert_groups').execute()
    lab.pass(30)
    await lab.route()
    assert.equal((await lab.told()).length, before)
  })
})
