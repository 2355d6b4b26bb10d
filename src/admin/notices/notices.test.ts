import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { after, before, describe, test } from 'node:test'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { openAuthority } from '../../kernel/tls/authority.ts'
import { startTestApp, type TestApp } from '../../testing/app.ts'
import { startMailServer, type MailServer } from '../../testing/mail-server.ts'
import { startWebhookReceiver, type WebhookReceiver } from '../../testing/webhook-receiver.ts'
import { noticeName, post } from './post.ts'
import type { Message, Receiver } from './message.ts'
import { signatureHeaders } from './webhook/signature.ts'

const message = (over: Partial<Message> = {}): Message => ({
  name: 'asked',
  about: '/subscriptions/s/resourceGroups/g',
  type: 'Twinloop.Test',
  title: 'Grüße: flight-delay/14 waits for you',
  text: 'Have a look: https://example.org/a?b=c&d=secret-link',
  html: '<p>Have a <a href="https://example.org/a?b=c&amp;d=secret-link">look</a></p>',
  facts: [{ name: 'Model', value: 'flight-delay:14 <&>' }],
  links: [{ title: 'Look', url: 'https://example.org/a' }],
  data: { number: 14 },
  ...over,
})

describe('notices', () => {
  let [t, mail, hook] = [{} as TestApp, {} as MailServer, {} as WebhookReceiver]
  before(async () => {
    ;[mail, hook] = [await startMailServer(), await startWebhookReceiver()]
    t = await startTestApp({
      smtpUrl: `smtp://127.0.0.1:${mail.port}`,
      mailFrom: 'Twinloop <tl@example.org>',
    })
    await connect('ops', { target: hook.url, authType: 'ApiKey', credentials: { key: 'whsec_c2VjcmV0' } })
  })
  after(async () => {
    await t.end()
    await Promise.all([mail.close(), hook.close()])
  })

  const connect = async (name: string, properties: Record<string, unknown>) => {
    const { status, body } = await t.send('PUT', `${t.workspace}/connections/${name}`, {
      properties: { category: 'GenericHttp', ...properties },
    })
    assert.equal(status, 200, JSON.stringify(body))
  }
  const idOf = (to: Receiver, m: Message) => `${t.workspace}/providers/Twinloop/notices/${noticeName(to, m)}`
  const tell = async (to: Receiver, over: Partial<Message> = {}) => {
    const m = message(over)
    assert.equal(await post(t.app.platform, t.workspace, to, m), true)
    return idOf(to, m)
  }
  const ana = { mail: 'ana@example.org' }

  test('a mail arrives with text and HTML beside it, once, whoever posts it how often', async () => {
    const id = await tell(ana)
    await t.until(id, ({ state }) => state === 'sent')
    assert.equal(await post(t.app.platform, t.workspace, ana, message()), false)
    assert.equal(await post(t.app.platform, t.workspace, { mail: 'ANA@example.org' }, message()), false)
    const [got] = mail.mails
    assert.equal(mail.mails.length, 1)
    assert.deepEqual([got?.from, got?.to], ['tl@example.org', ['ana@example.org']])
    assert.match(got?.text ?? '', /secret-link/)
    assert.match(got?.html ?? '', /<a href="https:\/\/example.org\/a\?b=c&amp;d=secret-link">/)
    assert.equal(got?.headers['message-id'], `<${noticeName(ana, message())}@example.org>`)
    assert.equal(got?.headers['auto-submitted'], 'auto-generated')
  })

  test('what it says is sealed until it is sent, and then gone', async () => {
    mail.refuse(451)
    const id = await tell(ana, { name: 'sealed' })
    await t.until(id, ({ attempts }) => attempts === 1)
    const { db } = t.app.platform.store
    const everything = async () =>
      JSON.stringify([
        await db.selectFrom('resources').selectAll().execute(),
        await db.selectFrom('outbox').selectAll().execute(),
        await db.selectFrom('audit').selectAll().execute(),
      ])
    assert.ok(!(await everything()).includes('secret-link'))
    const secrets = () => db.selectFrom('secrets').select('name').where('name', 'like', '%notices%').execute()
    assert.equal((await secrets()).length, 1)
    assert.equal((await t.send('GET', id)).body.properties.content, undefined)
    mail.refuse(undefined)
    await t.app.platform.resources.setStatus(id, { nextAttemptAt: null })
    await t.until(id, ({ state }) => state === 'sent')
    assert.deepEqual(await secrets(), [])
  })

  test('a relay that is busy is asked again later; one that refuses for good is not', async () => {
    mail.refuse(451)
    const later = await tell(ana, { name: 'busy' })
    const busy = await t.until(later, ({ attempts }) => attempts === 1)
    assert.equal(busy['state'], 'pending')
    assert.match(String(busy['lastError']), /451/)
    const wait = Date.parse(String(busy['nextAttemptAt'])) - Date.parse(String(busy['lastAttemptAt']))
    assert.equal(wait, 5000)
    mail.refuse(550)
    const never = await tell(ana, { name: 'refused' })
    const dead = await t.until(never, ({ state }) => state === 'failed')
    assert.match(String(dead['lastError']), /550/)
    mail.refuse(undefined)
    const before = mail.mails.length
    assert.equal((await t.send('POST', `${never}/resend`)).status, 200)
    await t.until(never, ({ state }) => state === 'sent')
    assert.equal((await t.send('POST', `${never}/resend`)).status, 409)
    await t.app.platform.resources.setStatus(later, { nextAttemptAt: null })
    await t.until(later, ({ state }) => state === 'sent')
    assert.equal(mail.mails.length, before + 2)
  })

  test('the dead letters can be listed', async () => {
    mail.refuse(550)
    const dead = await tell(ana, { name: 'dead' })
    await t.until(dead, ({ state }) => state === 'failed')
    mail.refuse(undefined)
    const { body } = await t.send('GET', `${t.workspace}/providers/Twinloop/notices?state=failed`)
    assert.deepEqual(
      (body.value as { id: string }[]).map(({ id }) => id),
      [dead],
    )
  })

  test('a header cannot be put into a mail, nor a second address', async () => {
    const id = await tell(
      { mail: 'ana@example.org\r\nBcc: eve@example.org' },
      {
        name: 'header',
        title: 'Hello\r\nBcc: eve@example.org',
      },
    )
    await t.until(id, ({ state, attempts }) => state === 'sent' || Number(attempts) > 0)
    for (const { to, headers } of mail.mails) {
      assert.ok(!to.includes('eve@example.org'))
      assert.equal(headers['bcc'], undefined)
    }
  })

  test('a receiver that does not answer holds up nobody else', async () => {
    const silent = createServer(() => {})
    silent.listen(0, '127.0.0.1')
    await once(silent, 'listening')
    await connect('silent', { target: `http://127.0.0.1:${(silent.address() as AddressInfo).port}` })
    for (let i = 0; i < 8; i++) await tell({ connection: 'silent' }, { name: `silent ${i}` })
    const others = await Promise.all([
      tell(ana, { name: 'meanwhile' }),
      tell({ connection: 'ops' }, { name: 'meanwhile' }),
    ])
    for (const id of others) await t.until(id, ({ state }) => state === 'sent')
    silent.closeAllConnections()
    silent.close()
  })

  test('old notices go, and those that wait stay', async () => {
    const [sent, waiting] = [
      await tell(ana, { name: 'old' }),
      await tell({ connection: 'none' }, { name: 'old' }),
    ]
    await t.until(sent, ({ state }) => state === 'sent')
    await t.until(waiting, ({ attempts }) => attempts === 1)
    const { platform } = t.app
    for (const id of [sent, waiting]) {
      await platform.store.db
        .updateTable('resources')
        .set({ created_at: 1 })
        .where('key', '=', id.toLowerCase())
        .execute()
      platform.wake('notices', id)
    }
    await t.until(sent, (properties) => Object.keys(properties).length === 0)
    assert.equal((await t.send('GET', waiting)).status, 200)
  })

  test('only the platform writes notices', async () => {
    const { status } = await t.send('PUT', `${t.workspace}/providers/Twinloop/notices/spam`, {
      properties: { channel: 'mail', to: 'all@example.org', subject: 's', about: 'x', event: 'e' },
    })
    assert.equal(status, 403)
  })

  test('a webhook is a CloudEvent that the receiver can verify', async () => {
    const ops = { connection: 'ops' }
    const id = await tell(ops)
    await t.until(id, ({ state }) => state === 'sent')
    const call = hook.calls.at(-1) ?? assert.fail()
    const { headers } = call
    const name = noticeName(ops, message())
    assert.equal(headers['content-type'], 'application/cloudevents+json; charset=utf-8')
    assert.equal(headers['webhook-id'], name)
    const event = JSON.parse(call.body) as Record<string, unknown>
    assert.deepEqual([event['specversion'], event['id'], event['type']], ['1.0', name, 'Twinloop.Test'])
    assert.equal((event['data'] as Record<string, unknown>)['number'], 14)
    const at = new Date(Number(headers['webhook-timestamp']) * 1000)
    assert.ok(Math.abs(Date.now() - at.getTime()) < 60_000)
    assert.deepEqual(
      signatureHeaders('secret', name, at, call.body)['webhook-signature'],
      headers['webhook-signature'],
    )
  })

  test('a webhook that fails is called again under the same id, and one that is gone is not', async () => {
    hook.answer(503, { 'retry-after': '120' })
    const id = await tell({ connection: 'ops' }, { name: 'later' })
    const waiting = await t.until(id, ({ attempts }) => attempts === 1)
    const wait = Date.parse(String(waiting['nextAttemptAt'])) - Date.parse(String(waiting['lastAttemptAt']))
    assert.ok(wait > 110_000 && wait <= 120_000, String(wait))
    assert.match(String(waiting['lastError']), /^503 no, thanks/)
    const first = hook.calls.at(-1)
    hook.answer(410)
    await t.app.platform.resources.setStatus(id, { nextAttemptAt: null })
    await t.until(id, ({ state }) => state === 'failed')
    const second = hook.calls.at(-1)
    assert.notEqual(first, second)
    assert.equal(first?.headers['webhook-id'], second?.headers['webhook-id'])
    assert.equal(first?.body, second?.body)
    hook.answer(200)
  })

  test('a redirect is not followed: the message stays with whom it was for', async () => {
    const elsewhere = await startWebhookReceiver()
    hook.answer(307, { location: elsewhere.url })
    const id = await tell({ connection: 'ops' }, { name: 'redirect' })
    const { lastError } = await t.until(id, ({ attempts }) => attempts === 1)
    assert.match(String(lastError), /^307 .*redirects are not followed/)
    assert.equal(elsewhere.calls.length, 0)
    hook.answer(200)
    await elsewhere.close()
  })

  test('what a connection lacks is said, and it is tried again', async () => {
    const id = await tell({ connection: 'opps' })
    const { lastError, state } = await t.until(id, ({ attempts }) => attempts === 1)
    assert.match(String(lastError), /Did you mean 'ops'/)
    assert.equal(state, 'pending')
    await connect('odd', { target: hook.url, metadata: { format: 'slac' } })
    const odd = await tell({ connection: 'odd' })
    assert.match(String((await t.until(odd, ({ attempts }) => attempts === 1))['lastError']), /mean slack/)
    await connect('dead', { target: 'http://127.0.0.1:1/x' })
    const dead = await tell({ connection: 'dead' })
    assert.match(String((await t.until(dead, ({ attempts }) => attempts === 1))['lastError']), /fetch failed/)
  })

  test('Slack and Teams get what they show, from an address that is kept secret', async () => {
    const url = `${hook.url}/services/T0/B0/very-secret`
    await connect('slack', {
      category: 'CustomKeys',
      authType: 'CustomKeys',
      credentials: { keys: { url } },
      metadata: { format: 'slack' },
    })
    await connect('teams', { target: `${hook.url}/teams`, metadata: { format: 'Teams' } })
    for (const connection of ['slack', 'teams']) {
      const id = await tell({ connection }, { name: 'chat' })
      await t.until(id, ({ state }) => state === 'sent')
    }
    const [slack, teams] = hook.calls.slice(-2)
    assert.equal(slack?.path, '/services/T0/B0/very-secret')
    assert.match(slack?.body ?? '', /flight-delay:14 &lt;&amp;&gt;/)
    assert.equal(slack?.headers['webhook-signature'], undefined)
    const card = JSON.parse(teams?.body ?? '') as { attachments: { content: { type: string } }[] }
    assert.equal(card.attachments[0]?.content.type, 'AdaptiveCard')
    assert.ok(
      !JSON.stringify((await t.send('GET', `${t.workspace}/connections/slack`)).body).includes('secret'),
    )
  })
})

describe('mail over an encrypted connection', () => {
  const before = getCACertificates('default')
  after(() => setDefaultCACertificates(before))

  test('a workspace’s own relay with STARTTLS and a password, which never travels in the clear', async (context) => {
    const t = await startTestApp()
    context.after(() => t.end())
    const { secrets } = t.app.platform
    const authority = await openAuthority({ secrets, home: t.home, clock: () => new Date() })
    const user = { name: 'twinloop', password: 'p&ss:wörd' }
    const relay = await startMailServer({ certificate: authority.issue(['127.0.0.1']), user })
    const clear = await startMailServer({ user })
    context.after(() => Promise.all([relay.close(), clear.close()]))
    const connect = (port: number, password: string) =>
      t.send('PUT', `${t.workspace}/connections/relay`, {
        properties: {
          category: 'CustomKeys',
          target: `smtp://127.0.0.1:${port}`,
          authType: 'UsernamePassword',
          credentials: { username: user.name, password },
          metadata: { from: 'ml@example.org' },
        },
      })
    const tell = async (name: string) => {
      const m = message({ name })
      await post(t.app.platform, t.workspace, { mail: 'ana@example.org' }, m)
      return `${t.workspace}/providers/Twinloop/notices/${noticeName({ mail: 'ana@example.org' }, m)}`
    }
    const firstError = async (name: string) =>
      String((await t.until(await tell(name), ({ attempts }) => attempts === 1))['lastError'])

    await connect(relay.port, user.password)
    assert.match(await firstError('untrusted'), /certificate/)
    setDefaultCACertificates([...before, readFileSync(join(t.home, 'ca.pem'), 'utf8')])
    await t.until(await tell('trusted'), ({ state }) => state === 'sent')
    const [got] = relay.mails
    assert.deepEqual([got?.isEncrypted, got?.user, got?.from], [true, 'twinloop', 'ml@example.org'])

    await connect(relay.port, 'wrong')
    assert.match(await firstError('wrong password'), /535/)
    await connect(clear.port, user.password)
    assert.match(await firstError('stripped'), /STARTTLS|TLS/)
    assert.equal(clear.mails.length, 0)
  })

  test('without any relay a mail is a dead letter that says what to set', async (context) => {
    const t = await startTestApp()
    context.after(() => t.end())
    const m = message()
    await post(t.app.platform, t.workspace, { mail: 'ana@example.org' }, m)
    const id = `${t.workspace}/providers/Twinloop/notices/${noticeName({ mail: 'ana@example.org' }, m)}`
    const { lastError } = await t.until(id, ({ state }) => state === 'failed')
    assert.match(String(lastError), /TWINLOOP_SMTP_URL/)
  })
})
