import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { startTestApp, type TestApp } from '../../../testing/app.ts'

const [minute, hour, day] = [60_000, 3_600_000, 86_400_000]

describe('a rule that is tried on the past', () => {
  let t: TestApp
  let now: number
  before(async () => {
    t = await startTestApp({ measureEverySeconds: 60 })
    now = Math.floor(Date.now() / hour) * hour
    const at = async (ago: number, value: number, name = 'queue_length') =>
      t.app.platform.series.record(new Date(now - ago), [
        { kind: 'gauge', name, value, labels: { queue: 'a' }, scope: t.workspace.toLowerCase() },
      ])
    // Two weeks of quiet hours, with two bad ones; a day of quiet minutes, with ten bad ones in a row.
    for (let ago = 14 * day; ago > 3 * day; ago -= hour)
      await at(ago, ago === 10 * day || ago === 5 * day ? 20 : 3)
    for (let ago = 24 * hour; ago > 0; ago -= minute)
      await at(ago, ago <= 12 * hour && ago > 12 * hour - 10 * minute ? 30 : 3)
  })
  after(() => t.end())
  const trial = async (properties: object, days = 30, more: object = {}) => {
    const id = `${t.workspace}/providers/Twinloop/alertRules/draft/test`
    const { status, body } = await t.send('POST', id, { properties, days, ...more })
    assert.equal(status, 200, JSON.stringify(body))
    return body
  }

  test('says when it would have fired, by hours where only hours are kept, by minutes where there are any', async () => {
    const when = { metric: 'queue_length', by: ['queue'], aggregate: 'max', over: '2m', above: 10 }
    const { firings, looks, withoutData, actions } = await trial({ when, no_data: 'ok' })
    const times = firings.map(({ from }: { from: string }) => (now - Date.parse(from)) / hour)
    assert.equal(times.length, 3, JSON.stringify(firings))
    // Of an hour that is kept as a whole it is not known when in it.
    for (const [i, expected] of [240, 120].entries())
      assert.ok(Math.abs(times[i] - expected) <= 1, `${times}`)
    assert.ok(Math.abs(times[2] - 12) < 0.1)
    const lasted = (Date.parse(firings[2].to) - Date.parse(firings[2].from)) / minute
    assert.ok(lasted >= 9 && lasted <= 13, `it lasted ${lasted} minutes`)
    assert.equal(firings[2].summary, 'max of queue_length 30 > 10 over 2m')
    assert.equal(firings[2].labels.queue, 'a')
    assert.ok(looks > 1000 && looks < 6000)
    assert.ok(withoutData > 0)
    assert.deepEqual(actions, [])
  })

  test('holds it to `for`, as it would have been', async () => {
    const when = { metric: 'queue_length', aggregate: 'last', over: '1m', above: 10 }
    assert.equal((await trial({ when: { ...when, for: '8m' } }, 1)).firings.length, 1)
    assert.equal((await trial({ when: { ...when, for: '20m' } }, 1)).firings.length, 0)
  })

  test('tells what it looked at, and when it would have been pending and firing', async () => {
    const when = {
      metric: 'queue_length',
      by: ['queue'],
      aggregate: 'last',
      over: '1m',
      above: 10,
      for: '5m',
    }
    const { measure, unit, threshold, series, states } = await trial({ when }, 1, { series: true })
    assert.deepEqual([measure, unit, threshold], ['last value of queue_length', null, { upper: 10 }])
    assert.deepEqual(
      series.map((one: { labels: object }) => one.labels),
      [{ queue: 'a' }],
    )
    const values = series[0].points.flatMap(({ value }: { value: number | null }) => value ?? [])
    assert.deepEqual([Math.min(...values), Math.max(...values)], [3, 30])
    assert.deepEqual(
      states.map(({ state }: { state: string }) => state),
      ['pending', 'firing'],
    )
    assert.equal(states[0].to, states[1].from)
    const only = await trial({ when }, 1, { series: true, labels: { queue: 'b' }, actions: false })
    assert.deepEqual([only.series, only.states, only.actions], [[], [], undefined])
  })

  test('looks at a time that is named, and at none that is empty, to come or longer than a year', async () => {
    const properties = { when: { metric: 'queue_length', aggregate: 'last', over: '1m', above: 10 } }
    const iso = (ago: number) => new Date(now - ago).toISOString()
    const id = `${t.workspace}/providers/Twinloop/alertRules/draft/test`
    const ask = (from: string, to: string) => t.send('POST', id, { properties, from, to })
    const bad = await ask(iso(13 * hour), iso(11 * hour))
    assert.equal(bad.body.firings.length, 1)
    assert.equal((await ask(iso(11 * hour), iso(10 * hour))).body.firings.length, 0)
    for (const [from, to, why] of [
      [iso(hour), iso(2 * hour), /nothing to look at/],
      [iso(-2 * day), iso(-3 * day), /nothing to look at/],
      [iso(400 * day), iso(0), /a year at most/],
    ] as const) {
      const { status, body } = await ask(from, to)
      assert.equal(status, 400)
      assert.match(body.error.message, why)
    }
  })

  test('leaves nothing: no rule, no incident, no notice', async () => {
    await trial({
      when: { metric: 'queue_length', above: 1 },
      actions: [{ notify: { email: ['a@example.org'] } }],
    }).catch(() => {})
    for (const type of ['alertRules', 'incidents', 'notices'])
      assert.deepEqual((await t.send('GET', `${t.workspace}/providers/Twinloop/${type}`)).body.value, [])
  })

  test('a rule that is not there, and one that is wrong, are refused', async () => {
    const none = await t.send('POST', `${t.workspace}/providers/Twinloop/alertRules/none/test`, {})
    assert.equal(none.status, 404)
    const wrong = await t.send('POST', `${t.workspace}/providers/Twinloop/alertRules/none/test`, {
      properties: { when: { metric: 'queue_length', abov: 1 } },
    })
    assert.equal(wrong.status, 400)
    assert.match(JSON.stringify(wrong.body), /did you mean above/)
  })
})
