import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { createRemoteJWKSet, decodeJwt, jwtVerify, SignJWT } from 'jose'
import { startTestApp, type TestApp } from '../../testing/app.ts'

const tenant = '11111111-2222-3333-4444-555555555555'
const owner = '8e3af657-a8ff-443c-a75c-2fe8c4bcb635'
const principal = (name: string) => `/providers/Twinloop/servicePrincipals/${name}`

describe('service principals and their tokens', () => {
  let t: TestApp
  before(async () => {
    t = await startTestApp()
  })
  after(() => t.end())

  const url = (path: string) => `${t.app.platform.urls.http}${path}`
  const scope = 'https://management.example.org/.default'

  async function token(
    form: Readonly<Record<string, string>>,
    headers: Readonly<Record<string, string>> = {},
  ) {
    const answer = await fetch(url(`/${tenant}/oauth2/v2.0/token`), {
      method: 'POST',
      body: new URLSearchParams({ grant_type: 'client_credentials', scope, ...form }),
      headers,
    })
    return {
      status: answer.status,
      body: (await answer.json()) as Record<string, string>,
      headers: answer.headers,
    }
  }

  async function create(name: string) {
    const { status, body } = await t.send('PUT', principal(name), { properties: { displayName: name } })
    assert.equal(status, 201)
    const password = await t.send('POST', `${principal(name)}/addPassword`, {
      passwordCredential: { displayName: 'ci' },
    })
    assert.equal(password.status, 200)
    const { secretText, keyId } = password.body as Record<string, string>
    return { clientId: String(body.properties.appId), secret: secretText ?? '', keyId: keyId ?? '' }
  }

  async function signIn({ clientId, secret }: { clientId: string; secret: string }) {
    const { status, body } = await token({ client_id: clientId, client_secret: secret })
    assert.equal(status, 200)
    return { authorization: `Bearer ${body['access_token']}` }
  }

  let assignments = 0
  const own = (principalId: string) =>
    t.send(
      'PUT',
      `${t.workspace}/providers/Microsoft.Authorization/roleAssignments/22222222-0000-0000-0000-${String(++assignments).padStart(12, '0')}`,
      { properties: { roleDefinitionId: owner, principalId } },
    )

  test('signs in by client credentials with claims that Azure’s clients read, and may do what it is assigned', async () => {
    const ci = await create('ci')
    const { status, body, headers } = await token({ client_id: ci.clientId, client_secret: ci.secret })
    assert.equal(status, 200)
    assert.equal(headers.get('cache-control'), 'no-store')
    assert.equal(body['token_type'], 'Bearer')
    const claims = decodeJwt(body['access_token'] ?? '')
    assert.equal(claims.aud, 'https://management.example.org')
    assert.deepEqual([claims['tid'], claims['oid'], claims['appid']], [tenant, ci.clientId, ci.clientId])
    assert.equal((claims.exp ?? 0) - (claims.iat ?? 0), 3600)
    const as = { authorization: `Bearer ${body['access_token']}` }
    assert.equal((await t.send('GET', t.workspace, undefined, as)).status, 403, 'deny by default')
    assert.equal((await own(ci.clientId)).status, 201)
    assert.equal((await t.send('GET', t.workspace, undefined, as)).status, 200)
  })

  test('others verify its tokens by the published key', async () => {
    const { authorization } = await signIn(await create('published'))
    const { jwks_uri, issuer } = (await (
      await fetch(url(`/${tenant}/v2.0/.well-known/openid-configuration`))
    ).json()) as Record<string, string>
    const keys = createRemoteJWKSet(new URL(jwks_uri ?? ''))
    const { payload } = await jwtVerify(authorization.slice('Bearer '.length), keys, { issuer: issuer ?? '' })
    assert.equal(payload['tid'], tenant)
    assert.doesNotMatch(await (await fetch(jwks_uri ?? '')).text(), /"(?:d|p|q)":/)
  })

  test('the secret is in no answer but the first, nor in the store', async () => {
    const { secret } = await create('quiet')
    const { body } = await t.send('GET', principal('quiet'))
    assert.equal(body.properties.passwordCredentials.length, 1)
    assert.equal(body.properties.passwordCredentials[0].displayName, 'ci')
    assert.ok(!JSON.stringify(body).includes(secret))
    const { db } = t.app.platform.store
    for (const table of ['resources', 'tokens', 'outbox', 'audit'] as const)
      assert.ok(!JSON.stringify(await db.selectFrom(table).selectAll().execute()).includes(secret), table)
  })

  test('what is wrong is told as OAuth does', async () => {
    const { clientId, secret } = await create('wrong')
    const other = await create('other')
    const cases = [
      [{ client_id: clientId, client_secret: 'guess' }, 401, 'invalid_client'],
      [{ client_id: clientId, client_secret: other.secret }, 401, 'invalid_client'],
      [{ client_id: tenant, client_secret: secret }, 401, 'invalid_client'],
      [{ client_id: clientId }, 401, 'invalid_client'],
      [{ client_id: clientId, client_secret: secret, grant_type: 'password' }, 400, 'unsupported_grant_type'],
      [{ client_id: clientId, client_secret: secret, scope: 'openid' }, 400, 'invalid_scope'],
    ] as const
    for (const [form, status, error] of cases) {
      const answer = await token(form)
      assert.deepEqual([answer.status, answer.body['error']], [status, error])
      assert.match(answer.body['error_description'] ?? '', /^AADSTS\d+: /)
    }
    const big = await fetch(url(`/${tenant}/oauth2/v2.0/token`), { method: 'POST', body: 'x'.repeat(70_000) })
    assert.equal(big.status, 413)
  })

  test('credentials may come as Basic, and a password works as a token by itself', async () => {
    const { clientId, secret } = await create('basic')
    const basic = (user: string) => ({
      authorization: `Basic ${Buffer.from(`${user}:${secret}`).toString('base64')}`,
    })
    assert.equal((await token({}, basic(clientId))).status, 200)
    await own(clientId)
    assert.equal((await t.send('GET', t.workspace, undefined, basic('anyone'))).status, 200)
  })

  test('a forged, altered or foreign token is refused', async () => {
    const { authorization } = await signIn(await create('forged'))
    const [head, body, signature] = authorization.split('.') as [string, string, string]
    const claims = decodeJwt(authorization.slice(7))
    const none = Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url')
    const mine = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256' })
      .sign(Buffer.from('k'.repeat(32)))
    const altered = Buffer.from(JSON.stringify({ ...claims, exp: 9_999_999_999 })).toString('base64url')
    for (const bad of [
      `Bearer ${none}.${body}.x`,
      `Bearer ${none}.${body}.`,
      `Bearer ${mine}`,
      `${head}.${altered}.${signature}`,
    ])
      assert.equal((await t.send('GET', '/tenants', undefined, { authorization: bad })).status, 401)
  })

  test('disabling, removing the password and deleting each end access at once', async () => {
    const [a, b, c] = [await create('disabled'), await create('removed'), await create('deleted')]
    const as = [await signIn(a), await signIn(b), await signIn(c)] as const
    const seen = async () =>
      Promise.all(as.map(async (headers) => (await t.send('GET', '/tenants', undefined, headers)).status))
    assert.deepEqual(await seen(), [200, 200, 200])
    await t.send('PATCH', principal('disabled'), { properties: { accountEnabled: false } })
    assert.equal(
      (await t.send('POST', `${principal('removed')}/removePassword`, { keyId: b.keyId })).status,
      200,
    )
    assert.equal((await t.send('DELETE', principal('deleted'))).status, 200)
    assert.deepEqual(await seen(), [401, 401, 401])
    for (const { clientId, secret } of [a, b, c])
      assert.equal((await token({ client_id: clientId, client_secret: secret })).status, 401)
    await t.send('PATCH', principal('disabled'), { properties: { accountEnabled: true } })
    assert.deepEqual(await seen(), [200, 401, 401])
  })

  test('passwords are bounded, end when asked, and several can be added at once', async () => {
    await t.send('PUT', principal('many'), { properties: {} })
    const add = (passwordCredential: unknown) =>
      t.send('POST', `${principal('many')}/addPassword`, { passwordCredential })
    assert.equal((await add({ endDateTime: '2001-01-01T00:00:00Z' })).status, 400)
    assert.equal((await add({ endDateTime: 'tomorrow' })).status, 400)
    const added = await Promise.all(Array.from({ length: 20 }, (_, i) => add({ displayName: `p${i}` })))
    assert.ok(added.every((a) => a.status === 200))
    assert.equal((await add({})).status, 409)
    const { body } = await t.send('GET', principal('many'))
    assert.equal(new Set(body.properties.passwordCredentials.map((p: { keyId: string }) => p.keyId)).size, 20)
    const none = await t.send('POST', `${principal('many')}/removePassword`, { keyId: 'none' })
    assert.equal(none.status, 404)
  })

  test('the administrator signs in with the command line’s token', async () => {
    const as = await signIn({ clientId: 'administrator', secret: t.token })
    assert.equal((await t.send('GET', t.workspace, undefined, as)).status, 200)
  })

  test('only somebody who may makes principals, and only for the whole server', async () => {
    const as = await signIn(await create('humble'))
    assert.equal((await t.send('PUT', principal('theirs'), { properties: {} }, as)).status, 403)
    assert.equal((await t.send('POST', `${principal('ci')}/addPassword`, {}, as)).status, 403)
    const elsewhere = `${t.workspace}/providers/Twinloop/servicePrincipals/local`
    assert.equal((await t.send('PUT', elsewhere, { properties: {} })).status, 400)
  })

  test('the link that signs a browser in is not a token', async () => {
    const { ensureAdministrator } = await import('../../kernel/access/sign-in.ts')
    const { signInUrl } = await ensureAdministrator(t.app.platform)
    const link = new URL(signInUrl).searchParams.get('otk') ?? ''
    const as = { authorization: `Bearer ${link}` }
    assert.equal((await t.send('GET', t.workspace, undefined, as)).status, 401)
    assert.equal((await token({ client_id: 'administrator', client_secret: link })).status, 401)
  })
})
