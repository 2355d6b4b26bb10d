import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { startTestApp, type TestApp } from '../../testing/app.ts'

const user = (name: string) => `/providers/Twinloop/users/${name}`
const [owner, contributor] = ['Owner', 'Contributor']

describe('users', () => {
  let t: TestApp
  before(async () => {
    t = await startTestApp()
  })
  after(() => t.end())

  const make = async (name: string, properties: Record<string, unknown> = {}) =>
    t.send('PUT', user(name), { properties })
  const tokenOf = async (name: string) => {
    const { body } = await t.send('POST', `${user(name)}/addPassword`, {})
    return { authorization: `Bearer ${body.secretText}` }
  }
  let assignments = 0
  const give = (principalId: string, role: string, scope = '') =>
    t.send(
      'PUT',
      `${scope}/providers/Microsoft.Authorization/roleAssignments/33333333-0000-0000-0000-${String(++assignments).padStart(12, '0')}`,
      { properties: { roleDefinitionId: role, principalId } },
    )

  test('a person is made, signs in by a password or a link, and may at first do nothing', async () => {
    const { status, body } = await make('ana', { displayName: 'Ana Silva', mail: 'ana@example.org' })
    assert.equal(status, 201)
    assert.equal(body.properties.mail, 'ana@example.org')
    const as = await tokenOf('ana')
    assert.equal((await t.send('GET', t.workspace, undefined, as)).status, 403)
    await give(body.properties.principalId, 'Reader', t.workspace)
    assert.equal((await t.send('GET', t.workspace, undefined, as)).status, 200)
    const link = await t.send('POST', `${user('ana')}/createSignInLink`)
    const answer = await t.app.fetch(new Request(link.body.url as string, { redirect: 'manual' }))
    assert.equal(answer.status, 302)
    assert.match(answer.headers.get('set-cookie') ?? '', /^twinloop_session=/)
  })

  test('a disabled person is out at once, and links are not made for them', async () => {
    await make('bo')
    const as = await tokenOf('bo')
    assert.equal((await t.send('GET', '/tenants', undefined, as)).status, 200)
    await make('bo', { accountEnabled: false })
    assert.equal((await t.send('GET', '/tenants', undefined, as)).status, 401)
    assert.equal((await t.send('POST', `${user('bo')}/createSignInLink`)).status, 409)
  })

  test('an address and a name elsewhere are one person’s', async () => {
    await make('cy', { mail: 'Cy@Example.org', identities: ['github:cy'] })
    assert.equal((await make('dee', { mail: 'cy@example.org' })).status, 400)
    assert.equal((await make('dee', { identities: ['GitHub:CY'] })).status, 400)
    assert.equal((await make('cy', { mail: 'cy@example.org', identities: ['github:cy'] })).status, 200)
    assert.equal((await make('dee', { mail: 'no address' })).status, 400)
    assert.equal((await make('dee', { identities: ['octocat'] })).status, 400)
  })

  test('the administrator is a user who cannot be disabled or removed', async () => {
    const { body } = await t.send('GET', user('administrator'))
    assert.equal(body.properties.principalId, 'administrator')
    assert.equal((await make('administrator', { mail: 'root@example.org' })).status, 200)
    assert.equal((await make('administrator', { accountEnabled: false })).status, 409)
    assert.equal((await t.send('DELETE', user('administrator'))).status, 409)
    assert.equal((await t.send('GET', user('administrator'))).body.properties.mail, 'root@example.org')
  })

  test('only an owner gives out what somebody else signs in by', async () => {
    const { body } = await make('eve')
    const { principalId } = body.properties
    const as = await tokenOf('eve')
    await give(principalId, contributor)
    for (const [method, path] of [
      ['POST', `${user('ana')}/createSignInLink`],
      ['POST', `${user('ana')}/addPassword`],
      ['PUT', user('ana')],
      ['PUT', '/providers/Twinloop/servicePrincipals/evil'],
    ] as const)
      assert.equal((await t.send(method, path, { properties: {} }, as)).status, 403, path)
    await give(principalId, owner)
    assert.equal((await t.send('POST', `${user('ana')}/createSignInLink`, {}, as)).status, 200)
  })

  test('who made a program, or has a password of it, stands behind it', async () => {
    const at = '/providers/Twinloop/servicePrincipals/ci'
    await t.send('PUT', at, { properties: {} })
    const { body } = await make('flo')
    await give(body.properties.principalId, owner)
    await t.send('POST', `${at}/addPassword`, {}, await tokenOf('flo'))
    const { properties } = (await t.send('GET', at)).body
    assert.deepEqual(properties.owners, ['administrator', body.properties.principalId])
  })

  test('users belong to the whole server', async () => {
    const elsewhere = `${t.workspace}/providers/Twinloop/users/local`
    assert.equal((await t.send('PUT', elsewhere, { properties: {} })).status, 400)
  })
})
