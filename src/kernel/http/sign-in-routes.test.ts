import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { startTestApp, type TestApp } from '../../testing/app.ts'

describe('a browser', () => {
  let t: TestApp
  before(async () => {
    t = await startTestApp()
  })
  after(() => t.end())

  const browse = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
    t.app.fetch(new Request(`${t.app.platform.urls.http}${path}`, { method, headers }))
  const link = async () => new URL((await t.send('POST', '/sign-in-links')).body.url as string)

  test('signs in by a link that works once, and out again', async () => {
    const { search } = await link()
    const first = await browse(`/${search}`)
    assert.deepEqual([first.status, first.headers.get('location')], [302, '/'])
    const cookie = first.headers.get('set-cookie') ?? ''
    assert.match(cookie, /HttpOnly/)
    assert.match(cookie, /SameSite=Strict/)
    const session = { cookie: cookie.split(';')[0] ?? '' }

    const me = (await (await browse('/v1.0/me', session)).json()) as Record<string, unknown>
    assert.deepEqual(me, {
      id: 'administrator',
      displayName: 'administrator',
      userPrincipalName: 'administrator',
      userType: 'User',
    })
    const again = await browse(`/${search}`)
    assert.equal(again.headers.get('location'), '/sign-in?link=used')
    assert.equal(again.headers.get('set-cookie'), null)

    assert.equal((await browse('/sign-out', session, 'POST')).status, 204)
    assert.equal((await browse('/v1.0/me', session)).status, 401)
  })

  test('is signed out by no page of another origin', async () => {
    const cookie = (await browse(`/${(await link()).search}`)).headers.get('set-cookie') ?? ''
    const session = { cookie: cookie.split(';')[0] ?? '' }
    const foreign = { ...session, origin: 'http://127.0.0.1:1', 'sec-fetch-site': 'same-site' }
    assert.equal((await browse('/sign-out', foreign, 'POST')).status, 401)
    assert.equal((await browse('/v1.0/me', session)).status, 200)
  })

  test('without a session is told nothing but where to sign in', async () => {
    assert.equal((await browse('/v1.0/me')).status, 401)
    assert.equal((await browse('/sign-in-links', {}, 'POST')).status, 401)
  })
})
