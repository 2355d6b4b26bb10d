import assert from 'node:assert/strict'
import { after, afterEach, before, describe, test } from 'node:test'
import { startTestApp, type TestApp } from '../../testing/app.ts'
import { startWebhookReceiver, type WebhookReceiver } from '../../testing/webhook-receiver.ts'
import { signatureHeaders } from '../notices/webhook/signature.ts'

interface Event {
  readonly id: string
  readonly type: string
  readonly subject: string
  readonly sequence: string
  readonly data: { readonly n: number }
}

describe('event subscriptions', () => {
  let [t, hook] = [{} as TestApp, {} as WebhookReceiver]
  before(async () => {
    ;[t, hook] = [await startTestApp(), await startWebhookReceiver()]
  })
  after(async () => {
    await t.end()
    await hook.close()
  })
  afterEach(async () => {
    const { value } = (await ok('GET', at(''))) as { value: { id: string }[] }
    for (const { id } of value) await ok('DELETE', id)
    hook.answer(200)
  })
  const at = (name: string) =>
    `${t.workspace}/providers/Twinloop/eventSubscriptions${name === '' ? '' : `/${name}`}`
  const ok = async (method: string, path: string, body?: object) => {
    const answer = await t.send(method, path, body)
    assert.ok(answer.status < 300, `${method} ${path} ${answer.status} ${JSON.stringify(answer.body)}`)
    return answer.body
  }
  const subscribe = (name: string, more: object = {}, destination: object = {}) =>
    ok('PUT', at(name), {
      properties: {
        destination: {
          endpointType: 'WebHook',
          properties: { endpointUrl: `${hook.url}/${name}?code=very-secret`, ...destination },
        },
        filter: { includedEventTypes: ['Test.Happened'] },
        ...more,
      },
    })
  let happened = 0
  const happen = async (count = 1, type = 'Test.Happened') => {
    const { platform } = t.app
    for (let i = 0; i < count; i++)
      await platform.resources.setStatus(
        t.workspace,
        { happened: ++happened },
        { events: [{ type, subject: 'tests/a', source: t.workspace, data: { n: happened } }] },
      )
    return happened
  }
  const got = (name: string): Event[] =>
    hook.calls
      .filter(({ path }) => path.startsWith(`/${name}?`))
      .flatMap(({ body }) => {
        const parsed = JSON.parse(body) as Event | Event[]
        return Array.isArray(parsed) ? parsed : [parsed]
      })
  const numbers = (name: string) => got(name).map(({ data }) => data.n)
  const until = (name: string, done: (p: Record<string, unknown>) => boolean) => t.until(at(name), done)
  const retryNow = (name: string) => t.app.platform.resources.setStatus(at(name), { nextAttemptAt: null })

  test('tells of what happens from now on, in order, once, signed, and keeps the address secret', async () => {
    await happen(2)
    const { properties } = await subscribe('ordered', {}, { secret: 'whsec_c2VjcmV0c2VjcmV0' })
    assert.equal(properties.destination.properties.endpointUrl, undefined)
    assert.equal(properties.destination.properties.endpointBaseUrl, `${hook.url}/ordered`)
    const full = await ok('POST', `${at('ordered')}/getFullUrl`)
    assert.match(full.endpointUrl, /code=very-secret$/)
    const first = happened + 1
    const last = await happen(25)
    await until('ordered', ({ delivered }) => delivered === 25)
    assert.deepEqual(
      numbers('ordered'),
      Array.from({ length: 25 }, (_, i) => first + i),
    )
    const [call] = hook.calls.filter(({ path }) => path.startsWith('/ordered'))
    const [event] = got('ordered')
    assert.equal(call?.headers['content-type'], 'application/cloudevents+json; charset=utf-8')
    const signedAt = new Date(Number(call?.headers['webhook-timestamp']) * 1000)
    assert.equal(
      call?.headers['webhook-signature'],
      signatureHeaders('whsec_c2VjcmV0c2VjcmV0', event?.id ?? '', signedAt, call?.body ?? '')[
        'webhook-signature'
      ],
    )
    assert.equal(last, numbers('ordered').at(-1))
    const shown = await ok('GET', at('ordered'))
    assert.deepEqual([shown.properties.state, shown.properties.delivered], ['active', 25])
    assert.ok(!JSON.stringify(shown).includes('very-secret'))
  })

  test('sends one to try, also while it is paused, and says what came of it', async () => {
    await subscribe('tried', {}, { secret: 'whsec_c2VjcmV0c2VjcmV0' })
    await ok('POST', `${at('tried')}/pause`)
    const taken = await ok('POST', `${at('tried')}/test`)
    assert.deepEqual([taken.sent, taken.error], [true, undefined])
    const [event, ...others] = got('tried')
    assert.deepEqual([event?.type, others], ['Twinloop.SubscriptionTest', []])
    const [call] = hook.calls.filter(({ path }) => path.startsWith('/tried'))
    assert.match(String(call?.headers['webhook-signature']), /^v1,/)
    hook.answer(503)
    const refused = await ok('POST', `${at('tried')}/test`)
    assert.deepEqual([refused.sent, refused.answer], [false, undefined])
    assert.match(refused.error, /503/)
    // It is no event: neither counted nor tried again.
    const { properties } = await ok('GET', at('tried'))
    assert.deepEqual([properties.delivered, properties.attempts, properties.deadLetters], [0, 0, 0])
  })

  test('there is a list of what there may be events of, and what happens is in it', async () => {
    const { value } = (await ok('POST', `${t.workspace}/listEventTypes`)) as {
      value: { type: string; summary: string }[]
    }
    const types = value.map(({ type }) => type)
    for (const type of [
      'Microsoft.MachineLearningServices.RunCompleted',
      'Twinloop.ReleaseApprovalRequested',
    ])
      assert.ok(types.includes(type), type)
    assert.equal(new Set(types).size, types.length)
    const { body } = await t.send('POST', `${t.workspace}/listEvents`, {
      limit: 1000,
      from: '2020-01-01T00:00:00Z',
    })
    for (const { type } of body.events as Event[])
      assert.ok(types.includes(type) || type.startsWith('Test.'), type)
  })

  test('several at once, where that is wanted', async () => {
    await subscribe('batched', {}, { maxEventsPerBatch: 10 })
    await ok('POST', `${at('batched')}/pause`, { reason: 'maintenance' })
    await happen(15)
    assert.equal((await ok('GET', at('batched'))).properties.state, 'paused')
    assert.equal(got('batched').length, 0)
    await ok('POST', `${at('batched')}/resume`)
    await until('batched', ({ delivered }) => delivered === 15)
    const calls = hook.calls.filter(({ path }) => path.startsWith('/batched'))
    assert.deepEqual(
      calls.map(({ body }) => (JSON.parse(body) as Event[]).length),
      [10, 5],
    )
    assert.match(String(calls[0]?.headers['content-type']), /^application\/cloudevents-batch\+json/)
  })

  test('what fails is tried again before what comes after it, and is a dead letter in the end', async () => {
    await subscribe('failing', { retryPolicy: { maxDeliveryAttempts: 3 } })
    hook.answer(503)
    const first = await happen(1)
    const failing = await until('failing', ({ attempts }) => attempts === 1)
    assert.match(String(failing['lastError']), /^503/)
    await happen(1)
    await retryNow('failing')
    await until('failing', ({ attempts }) => attempts === 2)
    assert.deepEqual(numbers('failing'), [first, first])
    await retryNow('failing')
    await until('failing', ({ deadLetters }) => deadLetters === 1)
    hook.answer(200)
    await retryNow('failing')
    await until('failing', ({ delivered }) => delivered === 1)
    assert.deepEqual(numbers('failing').filter((n) => n === first + 1).length >= 1, true)
    const { value } = await ok('GET', `${at('failing')}/deadLetters`)
    const [letter] = value as { id: string; properties: { reason: string; attempts: number; event: Event } }[]
    assert.equal(letter?.properties.event.data.n, first)
    assert.match(letter?.properties.reason ?? '', /^503/)
    hook.answer(500)
    const again = await t.send('POST', `${letter?.id}/resend`)
    assert.match(JSON.stringify(again.body), /It was not taken again: 500/)
    hook.answer(200)
    await ok('POST', `${letter?.id}/resend`)
    assert.equal(numbers('failing').at(-1), first)
    assert.deepEqual((await ok('GET', `${at('failing')}/deadLetters`)).value, [])
  })

  test('what the receiver will never take is given up at once', async () => {
    await subscribe('refusing')
    hook.answer(400)
    await happen(2)
    await until('refusing', ({ deadLetters }) => deadLetters === 2)
    assert.equal(got('refusing').length, 2)
  })

  test('is told again of what happened then, under the same ids, before what is new', async () => {
    await subscribe('again')
    await happen(4)
    await until('again', ({ delivered }) => delivered === 4)
    const before = got('again')
    const answer = await ok('POST', `${at('again')}/replay`, {
      fromSeq: Number(before[1]?.sequence),
      toSeq: Number(before[2]?.sequence),
    })
    assert.equal(answer.events >= 2, true)
    await until('again', ({ replay, delivered }) => replay === undefined && delivered === 6)
    assert.deepEqual(
      got('again')
        .slice(4)
        .map(({ id }) => id),
      before.slice(1, 3).map(({ id }) => id),
    )
    await happen(1)
    await until('again', ({ delivered }) => delivered === 7)
    const none = await t.send('POST', `${at('again')}/replay`, { from: '2030-01-01T00:00:00Z' })
    assert.match(JSON.stringify(none.body), /Nothing happened then/)
    assert.equal((await t.send('POST', `${at('again')}/replay`, {})).status, 400)
  })

  test('asks the receiver first, where that is wanted', async () => {
    hook.answer(200)
    await subscribe('asked', {}, { validate: true })
    const waiting = await until('asked', ({ lastError }) => lastError !== undefined)
    assert.match(String(waiting['lastError']), /does not say that it wants events/)
    await happen(1)
    assert.equal((await ok('GET', at('asked'))).properties.state, 'validating')
    hook.answer(200, { 'webhook-allowed-origin': '*' })
    t.app.platform.wake('admin/event-subscriptions', at('asked'))
    await until('asked', ({ delivered }) => delivered === 1)
    const asked = hook.calls.filter(({ path }) => path.startsWith('/asked'))
    assert.match(String(asked[0]?.headers['webhook-request-origin']), /^127\.0\.0\.1/)
  })

  test('a connection to a chat gets words', async () => {
    await ok('PUT', `${t.workspace}/connections/chat`, {
      properties: { category: 'GenericHttp', target: `${hook.url}/chat`, metadata: { format: 'slack' } },
    })
    await ok('PUT', at('chat'), {
      properties: {
        destination: { endpointType: 'Connection', properties: { connection: 'chat' } },
        filter: { includedEventTypes: ['Test.Happened'] },
      },
    })
    const n = await happen(1)
    await until('chat', ({ delivered }) => delivered === 1)
    const body = JSON.parse(hook.calls.at(-1)?.body ?? '') as { text: string; blocks: unknown[] }
    assert.equal(body.text, 'Happened: tests/a')
    assert.match(JSON.stringify(body.blocks), new RegExp(`\\*n\\*\\\\n${n}`))
  })

  test('mistakes are told with what would be right', async () => {
    const refused = async (properties: object) => {
      const { status, body } = await t.send('PUT', at('wrong'), { properties })
      assert.equal(status >= 400 && status < 500, true)
      return JSON.stringify(body)
    }
    const destination = { endpointType: 'WebHook', properties: { endpointUrl: 'http://127.0.0.1:1' } }
    assert.match(await refused({}), /destination/)
    assert.match(
      await refused({ destination: { endpointType: 'WebHook', properties: {} } }),
      /no http\(s\) address/,
    )
    assert.match(
      await refused({ destination: { endpointType: 'Connection', properties: { connection: 'chatt' } } }),
      /Did you mean 'chat'/,
    )
    assert.match(
      await refused({
        destination,
        filter: { advancedFilters: [{ operatorType: 'StringIs', key: 'a', values: ['b'] }] },
      }),
      /did you mean StringIn/,
    )
    assert.match(await refused({ destination, filter: { subjectStartsWith: 'a' } }), /subjectStartsWith/)
    assert.match(
      await refused({ destination, retryPolicy: { maxDeliveryAttempts: 99 } }),
      /maxDeliveryAttempts/,
    )
  })
})
