import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { startTestApp, type TestApp } from '../testing/app.ts'
import { replaceMonitorWindow } from '../store/monitor-rows.ts'

let t: TestApp
const at = (path: string) => `${t.workspace}/providers/Twinloop/${path}`
const gauge = (name: string, value: number, labels: Record<string, string> = {}, scope = t.workspace) =>
  t.app.platform.series.record(t.app.platform.clock(), [
    { kind: 'gauge', name, value, labels, scope: scope.toLowerCase() },
  ])
const put = (path: string, properties: object) => t.send('PUT', at(path), { properties })
const ok = async (answer: Promise<{ readonly status: number; readonly body: unknown }>) => {
  const { status, body } = await answer
  assert.ok(status < 300, JSON.stringify(body))
}
const firing = async (rule: string) => {
  let found: string | undefined
  await t.app.platform.resources
    .list({ type: 'incidents', where: { 'properties.rule': rule, 'status.state': 'Firing' } })
    .then(([one]) => (found = one?.name))
  return found
}
/** The number of the incident that a rule opens. */
async function incidentOf(rule: string): Promise<string> {
  for await (const _ of t.app.platform.events.tail(0, new AbortController().signal)) {
    const number = await firing(rule)
    if (number !== undefined) return number
  }
  return assert.fail('the events ended')
}

before(async () => {
  t = await startTestApp({ measureEverySeconds: 60 })
})
after(() => t.end())

describe('alerts about what is measured', () => {
  test('a rule that holds fires, and opens one incident', async () => {
    await gauge('queue_length', 12, { queue: 'a' })
    await ok(
      put('alertRules/queue-too-long', {
        when: { metric: 'queue_length', by: ['queue'], above: 10 },
        severity: 'page',
        annotations: { summary: 'queue {{ labels.queue }} has {{ value }}' },
      }),
    )
    const incident = await t.until(at('incidents/1'), ({ state }) => state === 'Firing')
    assert.equal(incident['summary'], 'average of queue_length 12 > 10 over 5m')
    assert.deepEqual(incident['annotations'], { summary: 'queue a has 12' })
    assert.deepEqual(incident['labels'], { alertname: 'queue-too-long', severity: 'page', queue: 'a' })
    const { body } = await t.send('GET', at('alertRules/queue-too-long'))
    assert.equal(body.properties.evaluation.state, 'firing')
    assert.equal(body.properties.evaluation.alerts[0].incident, 1)
    const again = await t.send('PUT', at('alertRules/queue-too-long'), body)
    assert.equal(again.status, 200, 'what was read can be written')
  })

  test('what is measured of the machine is for those who may read the metrics of the installation', async () => {
    await gauge('machine_heat', 90, {}, '')
    const rule = { when: { metric: 'machine_heat', above: 80 } }
    await ok(put('alertRules/heat', rule))
    await incidentOf('heat')
    const user = await t.send('PUT', '/providers/Twinloop/servicePrincipals/ana', { properties: {} })
    const { principalId } = user.body.properties
    await ok(
      t.send(
        'PUT',
        `${t.workspace}/providers/Microsoft.Authorization/roleAssignments/99999999-0000-0000-0000-000000000001`,
        { properties: { principalId, roleDefinitionId: 'AzureML Data Scientist' } },
      ),
    )
    const token = await t.app.platform.access.issueToken(principalId, { purpose: 'test' })
    const refused = await t.send(
      'PUT',
      at('alertRules/heat-2'),
      { properties: rule },
      { authorization: `Bearer ${token}` },
    )
    assert.equal(refused.status, 400, JSON.stringify(refused.body))
    assert.match(
      refused.body.error.message,
      /machine_heat is measured of the whole installation: ana may not|Twinloop\/metrics\/read/,
    )
  })

  test('a rule that is deleted resolves what it opened, and says why', async () => {
    assert.equal((await t.send('DELETE', at('alertRules/queue-too-long'))).status, 202)
    const incident = await t.until(at('incidents/1'), ({ state }) => state === 'Resolved')
    const timeline = incident['timeline'] as readonly { readonly what: string }[]
    assert.equal(timeline.at(-1)?.what, 'resolved: its rule was deleted')
    assert.equal((await t.send('GET', at('alertRules/queue-too-long'))).status, 404)
  })
})

describe('alerts about what monitors found', () => {
  const day = 86_400_000
  const window = (at_: number, value: number | null, provisional = 0) =>
    t.app.platform.store.transaction((tx) =>
      replaceMonitorWindow(
        tx,
        {
          scope: t.workspace.toLowerCase(),
          monitor: 'flights',
          signal: 'performance',
          kind: 'model_performance',
          at: at_ * day,
          outcome: value === null ? 'no_data' : 'computed',
          reason: value === null ? 'no labels came' : '',
        },
        value === null
          ? []
          : [
              {
                metric: 'roc_auc',
                feature: '',
                segment: '',
                value,
                lower: null,
                upper: null,
                confidence: null,
                n: 100,
                reference_n: null,
                threshold_lower: null,
                threshold_upper: null,
                threshold_from: '',
                breached: null,
                provisional,
                method: '',
                note: '',
              },
            ],
      ),
    )
  const completed = () =>
    t.app.platform.store.transaction((tx) =>
      t.app.platform.events.emit(tx, [
        {
          type: 'Twinloop.MonitorRunCompleted',
          subject: 'monitors/flights',
          source: t.workspace,
          data: { monitor: 'flights', runId: at('monitorRuns/flights-1') },
        },
      ]),
    )

  test('fires after so many windows, as soon as a monitor has computed them; the rule of the examples works', async () => {
    await ok(
      put('alertRules/flight-delay-is-getting-worse', {
        when: { signal: 'model_performance', metric: 'roc_auc', below: 0.68, for: '2 windows' },
        severity: 'page',
        every: '1d',
        cool_down: '1d',
      }),
    )
    const { body } = await t.send('GET', at('alertRules/flight-delay-is-getting-worse'))
    assert.deepEqual(body.properties.warnings, ['when.signal: no monitor has a signal model_performance yet'])
    await window(1, 0.72)
    await window(2, 0.66)
    await window(3, 0.661)
    await completed()
    const number = await incidentOf('flight-delay-is-getting-worse')
    const { body: incident } = await t.send('GET', at(`incidents/${number}`))
    assert.equal(incident.properties.summary, 'roc_auc of model_performance 0.661 < 0.68 in 2 windows')
    assert.equal(incident.properties.labels.monitor, 'flights')
    await window(4, null)
    await completed()
    const rule = at('alertRules/flight-delay-is-getting-worse')
    const kept = await t.app.platform.resources.get(rule)
    assert.equal(kept.deleting, false)
    assert.equal(await firing('flight-delay-is-getting-worse'), number, 'without data it stays as it was')
    await window(5, 0.75)
    await completed()
    const over = await t.until(at(`incidents/${number}`), ({ state }) => state === 'Resolved')
    assert.match(JSON.stringify(over['timeline']), /resolved: it is 0.75 now/)
  })

  test('what a rule names and there is not is refused, with the nearest', async () => {
    const refused = async (when: object, expected: RegExp, target: string) => {
      const { status, body } = await put('alertRules/wrong', {
        when: { below: 0.5, metric: 'roc_auc', ...when },
      })
      assert.equal(status, 400, JSON.stringify(body))
      assert.match(body.error.message, expected)
      assert.equal(body.error.details[0].target, target)
    }
    await refused(
      { signal: 'model_performence' },
      /there is no signal 'model_performence'; did you mean model_performance\?/,
      'properties.when.signal',
    )
    await refused(
      { signal: 'model_performance', monitor: 'flight' },
      /there is no monitor 'flight'/,
      'properties.when.monitor',
    )
  })
})

describe('what is written wrongly', () => {
  const rules: readonly (readonly [string, object, RegExp])[] = [
    ['no condition', {}, /says when it fires/],
    ['an unknown word', { when: { metric: 'a', abve: 1 } }, /did you mean above/],
    ['no limit', { when: { metric: 'a' } }, /names no limit/],
    ['two limits', { when: { metric: 'a', above: 1, below: 2 } }, /above and below/],
    ['windows of series', { when: { metric: 'a', above: 1, for: '2 windows' } }, /windows are of signals/],
    [
      'a rhythm that is too quick',
      { when: { metric: 'a', above: 1 }, every: '1s' },
      /every 15 seconds at most/,
    ],
    [
      'a no-data policy that there is not',
      { when: { metric: 'a', above: 1 }, no_data: 'kep' },
      /did you mean keep/,
    ],
    [
      'an action that there is not',
      { when: { metric: 'a', above: 1 }, actions: [{ retrian: {} }] },
      /retrain/,
    ],
    [
      'a connection that there is not',
      { when: { metric: 'a', above: 1 }, actions: [{ notify: { webhook: 'ops' } }] },
      /connection 'ops'/,
    ],
    [
      'a segment that is none',
      { when: { signal: 'a', metric: 'b', above: 1, segment: 'AA' } },
      /is not a segment/,
    ],
  ]
  for (const [what, properties, expected] of rules)
    test(`a rule: ${what}`, async () => {
      const { status, body } = await put('alertRules/wrong', properties)
      assert.equal(status, 400, JSON.stringify(body))
      assert.match(JSON.stringify(body), expected)
      assert.equal((await t.send('GET', at('alertRules/wrong'))).status, 404)
    })

  const silences: readonly (readonly [string, object, RegExp])[] = [
    ['no reason', { matchers: ['a="b"'], for: '1h' }, /says why/],
    ['no end', { matchers: ['a="b"'], reason: 'x' }, /A silence ends/],
    ['no matchers', { for: '1h', reason: 'x' }, /which alerts/],
    ['a matcher that is none', { matchers: ['a~b'], for: '1h', reason: 'x' }, /is no matcher/],
    ['an expression that is none', { matchers: ['a=~"("'], for: '1h', reason: 'x' }, /no regular expression/],
    ['both ends', { matchers: ['a="b"'], for: '1h', to: '2036-01-01', reason: 'x' }, /only one of them/],
    [
      'an end that is over',
      { matchers: ['a="b"'], from: '2020-01-01', for: '1h', reason: 'x' },
      /over already/,
    ],
    [
      'an end before its beginning',
      { matchers: ['a="b"'], from: '2036-01-02', to: '2036-01-01', reason: 'x' },
      /not after its beginning/,
    ],
    [
      'a zone that there is not',
      { matchers: ['a="b"'], from: '0 2 * * SUN', for: '1h', time_zone: 'Europe/Berln', reason: 'x' },
      /Europe\/Berlin/,
    ],
    ['a time that is none', { matchers: ['a="b"'], from: 'tomorrow', for: '1h', reason: 'x' }, /from/],
  ]
  for (const [what, properties, expected] of silences)
    test(`a silence: ${what}`, async () => {
      const { status, body } = await put('silences/wrong', properties)
      assert.equal(status, 400, JSON.stringify(body))
      assert.match(JSON.stringify(body), expected)
    })

  const receivers = [{ name: 'ops', email: ['ops@example.org'] }, { name: 'night' }]
  const routings: readonly (readonly [string, object, RegExp])[] = [
    ['a receiver that there is not', { receivers, route: { receiver: 'opps' } }, /did you mean ops/],
    [
      'one further down',
      { receivers, route: { receiver: 'ops', routes: [{ matchers: ['a="b"'], receiver: 'nihgt' }] } },
      /route\.routes\[0\]\.receiver.*did you mean night/,
    ],
    ['no route for two', { receivers }, /who is told of what/],
    [
      'matchers at the root',
      { receivers, route: { receiver: 'ops', matchers: ['a="b"'] } },
      /takes everything/,
    ],
    [
      'two of a name',
      { receivers: [receivers[1], receivers[1]], route: { receiver: 'night' } },
      /another receiver/,
    ],
    ['an address that is none', { receivers: [{ name: 'a', email: 'nobody' }] }, /not a mail address/],
    [
      'a connection that there is not',
      { receivers: [{ name: 'a', webhook: 'chat' }] },
      /no connection 'chat'/,
    ],
    ['an Alertmanager that there is not', { alertmanagers: ['am'] }, /no connection 'am'/],
    [
      'times of silence',
      { receivers, route: { receiver: 'ops', mute_time_intervals: ['night'] } },
      /are silences here/,
    ],
  ]
  for (const [what, properties, expected] of routings)
    test(`a routing: ${what}`, async () => {
      const { status, body } = await put('alertRouting/default', properties)
      assert.equal(status, 400, JSON.stringify(body))
      assert.match(JSON.stringify(body).replaceAll('\\', ''), expected)
    })

  test('a routing has one name, and incidents are written by rules alone', async () => {
    assert.match((await put('alertRouting/mine', {})).body.error.message, /it is called 'default'/)
    const incident = { rule: 'a', ruleId: 'b', labels: {}, firing: 'c', firedAt: 'd' }
    assert.equal((await put('incidents/77', incident)).status, 403)
  })
})

describe('what people do about an incident', () => {
  let incident: string
  before(async () => {
    await gauge('pressure', 12)
    await ok(put('alertRules/pressure', { when: { metric: 'pressure', above: 10 }, every: '1d' }))
    incident = at(`incidents/${await incidentOf('pressure')}`)
  })

  test('somebody acknowledges it, and comments', async () => {
    await ok(t.send('POST', `${incident}/acknowledge`, { comment: 'I look at it' }))
    await ok(t.send('POST', `${incident}/comment`, { comment: 'a valve was shut' }))
    await ok(t.send('POST', `${incident}/acknowledge`, {}))
    const { body } = await t.send('GET', incident)
    const { acknowledged, timeline } = body.properties
    assert.equal(acknowledged.comment, 'I look at it')
    assert.deepEqual(
      timeline.slice(1).map(({ what, by }: { what: string; by: string }) => `${by}: ${what}`),
      [`${acknowledged.by}: acknowledged: I look at it`, `${acknowledged.by}: a valve was shut`],
    )
    assert.equal((await t.send('POST', `${incident}/comment`, {})).status, 400)
  })

  test('who may only read sees it, and does nothing about it', async () => {
    const user = await t.send('PUT', '/providers/Twinloop/servicePrincipals/reader', { properties: {} })
    const { principalId } = user.body.properties
    const assignment = '99999999-0000-0000-0000-000000000002'
    await ok(
      t.send('PUT', `${t.workspace}/providers/Microsoft.Authorization/roleAssignments/${assignment}`, {
        properties: { principalId, roleDefinitionId: 'Reader' },
      }),
    )
    const token = await t.app.platform.access.issueToken(principalId, { purpose: 'test' })
    const as = (method: string, path: string, body?: object) =>
      t.send(method, path, body, { authorization: `Bearer ${token}` })
    assert.equal((await as('GET', incident)).status, 200)
    assert.equal((await as('POST', `${incident}/acknowledge`, {})).status, 403)
    assert.equal((await as('POST', `${incident}/silence`, { for: '1h', reason: 'x' })).status, 403)
    assert.equal((await as('PUT', at('alertRules/mine'), { properties: {} })).status, 403)
    assert.equal((await as('POST', at('alertRules/pressure/test'), { days: 1 })).status, 200)
  })

  test('somebody silences it for a time, and the silence ends before its time', async () => {
    const { body } = await t.send('POST', `${incident}/silence`, { for: '2h', reason: 'known' })
    await t.until(incident, ({ silencedBy }) => String(silencedBy).startsWith(`silence ${body.name} until`))
    const silence = at(`silences/${body.name}`)
    const shown = await t.send('GET', silence)
    assert.equal(shown.body.properties.state, 'active')
    assert.deepEqual(shown.body.properties.matchers, ['alertname="pressure"', 'severity="warning"'])
    await ok(t.send('POST', `${silence}/expire`))
    await t.until(incident, ({ silencedBy }) => silencedBy === undefined)
    assert.equal((await t.send('GET', silence)).body.properties.state, 'expired')
    assert.equal((await t.send('POST', `${silence}/expire`)).status, 409)
  })

  test('one that goes on is not deleted, one that is over is', async () => {
    assert.equal((await t.send('DELETE', incident)).status, 409)
    await t.send('DELETE', at('alertRules/pressure'))
    await t.until(incident, ({ state }) => state === 'Resolved')
    assert.equal((await t.send('POST', `${incident}/acknowledge`, {})).status, 409)
    assert.equal((await t.send('POST', `${incident}/silence`, { for: '2h', reason: 'x' })).status, 409)
    assert.equal((await t.send('DELETE', incident)).status, 200)
  })

  test('a maintenance window comes again and again, in its time zone', async () => {
    await ok(
      put('silences/sundays', {
        matchers: { severity: 'warning' },
        from: '0 2 * * SUN',
        for: '4h',
        time_zone: 'Europe/Berlin',
        reason: 'maintenance',
      }),
    )
    const { body } = await t.send('GET', at('silences/sundays'))
    const { state, until, next } = body.properties
    assert.ok(state === 'active' ? until !== undefined : next !== undefined)
    const again = new Date(next)
    assert.equal(
      again.toLocaleTimeString('en-GB', { timeZone: 'Europe/Berlin', weekday: 'short' }),
      'Sun 02:00:00',
    )
    assert.equal(
      (await t.send('PUT', at('silences/sundays'), body)).status,
      200,
      'what was read can be written',
    )
  })
})
