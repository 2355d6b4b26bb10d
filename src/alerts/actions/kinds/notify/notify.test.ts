import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { signatureHeaders } from '../../../../admin/notices/webhook/signature.ts'
import { startTestApp, type TestApp } from '../../../../testing/app.ts'
import { startMailServer, type MailServer } from '../../../../testing/mail-server.ts'
import { startWebhookReceiver, type WebhookReceiver } from '../../../../testing/webhook-receiver.ts'
import { incidentLab } from '../../testing/incidents.ts'

describe('notify', () => {
  let [server, mail, hook] = [{} as TestApp, {} as MailServer, {} as WebhookReceiver]
  const t = incidentLab(() => server)
  before(async () => {
    ;[mail, hook] = [await startMailServer(), await startWebhookReceiver()]
    server = await startTestApp({
      smtpUrl: `smtp://127.0.0.1:${mail.port}`,
      mailFrom: 'Twinloop <tl@example.org>',
    })
    await connect('ops', '/ops', { authType: 'ApiKey', credentials: { key: 'secret' } })
    await connect('chat', '/chat')
    await connect('pager', '/v2/enqueue', { authType: 'ApiKey', credentials: { key: 'R0UT1NG' } })
    await connect('am', '')
  })
  after(async () => {
    await server.end()
    await Promise.all([mail.close(), hook.close()])
  })
  const connect = async (name: string, path: string, more: object = {}) => {
    const { status, body } = await server.send('PUT', `${server.workspace}/connections/${name}`, {
      properties: { category: 'GenericHttp', target: hook.url + path, ...more },
    })
    assert.equal(status, 200, JSON.stringify(body))
  }
  const rule = (parameters: object) =>
    t.rule([{ kind: 'notify', parameters: parameters as never }], {
      annotations: { description: 'The model gets worse.', runbook_url: 'https://example.org/runbook' },
    })
  const bodies = (path: string) =>
    hook.calls
      .filter((call) => call.path === path)
      .map(({ body }) => JSON.parse(body) as Record<string, never>)

  test('tells everybody in the words they know, and that it is over', async () => {
    const incident = await t.fire(
      rule({
        email: 'ana@example.org',
        webhook: ['ops'],
        slack: 'chat',
        teams: 'chat',
        pagerduty: 'pager',
        alertmanager: 'am',
      }),
    )
    const told = await t.settled(`${incident}/actions/0-notify`)
    assert.equal(told.reason, 'told ana@example.org, ops, chat, chat, pager and am')
    await t.resolve(incident)
    const over = await t.settled(`${incident}/actions/0-notify-resolved`)
    assert.equal(over.state, 'Done', over.reason)

    const [fired, resolved] = mail.mails
    assert.equal(fired?.headers['subject'], '[page] slow (endpoint flights)')
    assert.match(
      fired?.text ?? '',
      /The model gets worse\.[^]*What: roc_auc 0.61 < 0.68[^]*Runbook: https:\/\/example/,
    )
    assert.match(fired?.html ?? '', /roc_auc 0.61 &lt; 0.68/)
    assert.equal(resolved?.headers['subject'], 'Resolved slow (endpoint flights)')

    const [event, end] = bodies('/ops')
    assert.deepEqual([event?.['type'], end?.['type']], ['Twinloop.AlertFired', 'Twinloop.AlertResolved'])
    const data = event?.['data'] as unknown as Record<string, unknown>
    assert.deepEqual(
      [event?.['subject'], data['rule'], data['value'], data['labels']],
      [incident, 'slow', 0.61, { endpoint: 'flights' }],
    )
    const call = hook.calls.find(({ path }) => path === '/ops')
    const at = new Date(Number(call?.headers['webhook-timestamp']) * 1000)
    assert.equal(
      call?.headers['webhook-signature'],
      signatureHeaders('secret', String(call?.headers['webhook-id']), at, call?.body ?? '')[
        'webhook-signature'
      ],
    )

    const chats = bodies('/chat')
    assert.equal(chats.length, 4)
    assert.equal(chats.filter((body) => 'blocks' in body).length, 2)
    assert.equal(chats.filter((body) => 'attachments' in body).length, 2)

    const [trigger, end2] = bodies('/v2/enqueue')
    assert.deepEqual([trigger?.['event_action'], end2?.['event_action']], ['trigger', 'resolve'])
    assert.equal(trigger?.['routing_key'], 'R0UT1NG')
    assert.equal(trigger?.['dedup_key'], end2?.['dedup_key'])
    const payload = trigger?.['payload'] as unknown as Record<string, unknown>
    assert.deepEqual(
      [payload['severity'], payload['summary']],
      ['critical', '[page] slow (endpoint flights)'],
    )

    const [posted, last] = bodies('/api/v2/alerts') as unknown as Record<string, string>[][]
    assert.deepEqual(posted?.[0]?.['labels'], { alertname: 'slow', severity: 'page', endpoint: 'flights' })
    assert.equal(posted?.[0]?.['startsAt'], last?.[0]?.['startsAt'])
    assert.ok(Date.parse(posted?.[0]?.['endsAt'] ?? '') > Date.now())
    assert.ok(Date.parse(last?.[0]?.['endsAt'] ?? '') <= Date.now())
  })

  test('says who could not be told, and does not tell the end to who never heard of the beginning', async () => {
    hook.answer(503)
    const incident = await t.fire(rule({ email: ['ana@example.org'], webhook: 'ops' }))
    const told = await t.settled(`${incident}/actions/0-notify`)
    assert.match(told.reason, /^told ana@example.org; ops is not reached yet \(503 no, thanks\)$/)
    hook.answer(200)
    const before = hook.calls.length
    await t.resolve(incident)
    const over = await t.settled(`${incident}/actions/0-notify-resolved`)
    assert.equal(over.reason, 'told ana@example.org')
    assert.equal(hook.calls.length, before)
    const { body } = await server.send('GET', `${server.workspace}/providers/Twinloop/notices?state=pending`)
    assert.deepEqual(body.value, [])
  })

  test('is refused when nobody at all can be told', async () => {
    hook.answer(410)
    const incident = await t.fire(rule({ webhook: 'ops' }))
    const refused = await t.settled(`${incident}/actions/0-notify`)
    assert.equal(refused.state, 'Refused')
    assert.match(refused.reason, /^ops could not be told \(410/)
    hook.answer(200)
  })

  test('tells those whom it told that another action was refused', async () => {
    const planned = [
      { kind: 'notify', parameters: { webhook: 'ops', pagerduty: 'pager' } },
      { kind: 'rollback', parameters: { plan: 'none' } },
    ]
    const incident = await t.fire(t.rule(planned))
    assert.equal((await t.settled(`${incident}/actions/1-rollback`)).state, 'Refused')
    const before = bodies('/v2/enqueue').length
    const events = () => bodies('/ops').filter((event) => String(event['type']) === 'Twinloop.ActionTrouble')
    while (events().length === 0) await hook.received(hook.calls.length + 1)
    const [event] = events()
    assert.match(JSON.stringify(event?.['data']), /"kind":"rollback","state":"Refused","reason":"[^"]*'none'/)
    await t.settled(`${incident}/actions/0-notify`)
    assert.ok(bodies('/v2/enqueue').length <= before + 1)
  })

  test('does not tell of the end where the rule says so', async () => {
    const incident = await t.fire(rule({ webhook: 'ops', resolved: false }))
    await t.settled(`${incident}/actions/0-notify`)
    const before = hook.calls.length
    await t.resolve(incident)
    await t.settled(`${incident}/actions/0-notify-resolved`)
    assert.equal(hook.calls.length, before)
  })
})
