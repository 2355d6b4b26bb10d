import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { startTestApp, type TestApp } from '../../testing/app.ts'
import { searchable } from './search.ts'

describe('questions about a workspace and the server', () => {
  let t: TestApp
  let reader: Record<string, string>
  before(async () => {
    t = await startTestApp()
    for (const name of ['flights', 'flights-old', 'numbers'])
      await t.send('PUT', `${t.workspace}/environments/${name}`, { properties: {} })
    await t.send('PUT', `${t.workspace}/components/flight-prep`, {
      properties: { displayName: 'Prepare Flights' },
    })
    await t.send('PUT', '/providers/Twinloop/users/rea', { properties: {} })
    const { secretText } = (await t.send('POST', '/providers/Twinloop/users/rea/addPassword', {})).body
    reader = { authorization: `Bearer ${secretText}` }
  })
  after(() => t.end())

  const search = async (body: unknown, headers = {}) => t.send('POST', `${t.workspace}/search`, body, headers)
  const names = async (body: unknown) =>
    (await search(body)).body.value.map(({ name }: { name: string }) => name)

  test('things are found by their names, of all kinds or of some', async () => {
    assert.deepEqual(await names({ text: 'flight' }), ['flight-prep', 'flights-old', 'flights'])
    assert.deepEqual(await names({ text: 'prepare' }), ['flight-prep'])
    assert.deepEqual(await names({ text: 'FLIGHT', kinds: ['Environments'], top: 1 }), ['flights-old'])
    assert.deepEqual(await names({ text: '   ' }), [])
    const [found] = (await search({ text: 'prepare' })).body.value
    assert.equal(found.properties.displayName, 'Prepare Flights')
    assert.equal(found.type, 'Microsoft.MachineLearningServices/workspaces/components')
    assert.match(found.id, /\/components\/flight-prep$/)
  })

  test('only by who may read them, and it is no entry of the audit log', async () => {
    assert.equal((await search({ text: 'flight' }, reader)).status, 403)
    const audit = (await t.send('GET', `${t.workspace}/providers/Twinloop/audit`)).body.value
    assert.ok(!audit.some(({ detail }: { detail: string }) => detail === 'search'))
  })

  test('a bad question is refused with the nearest right thing', async () => {
    assert.match((await search({ text: 'x', kinds: ['model'] })).body.error.message, /Did you mean 'models'/)
    assert.equal((await search({ text: '' })).status, 400)
    assert.equal((await search({ text: 'x', top: 1000 })).status, 400)
  })

  test('every kind that is searched is one', async () => {
    for (const type of Object.values(searchable)) {
      const below = type
        .replace(/^Microsoft[^/]*\/workspaces\//, '')
        .replace(/^Twinloop/, 'providers/Twinloop')
      assert.equal((await t.send('GET', `${t.workspace}/${below}`)).status, 200, type)
    }
  })

  test('what would go with a workspace is counted', async () => {
    const { body } = await t.send('POST', `${t.workspace}/contents`)
    const environments = body.value.find(({ type }: { type: string }) => type === 'workspaces/environments')
    assert.equal(environments.count, 3)
    assert.equal(
      body.total,
      body.value.reduce((sum: number, { count }: { count: number }) => sum + count, 0),
    )
    const group = t.workspace.split('/').slice(0, 5).join('/')
    assert.ok((await t.send('POST', `${group}/contents`)).body.total > body.total)
  })

  test('the server says what it is and how its work stands, to who may see its measurements', async () => {
    const { body } = await t.send('GET', '/providers/Twinloop/server')
    assert.match(body.version, /^\d+\.\d+\.\d+/)
    assert.equal(body.store.kind, 'sqlite')
    assert.ok(body.store.bytes > 0)
    assert.ok(Date.parse(body.startedAt) < Date.now())
    assert.deepEqual(body.work.failing, [])
    assert.equal((await t.send('GET', '/providers/Twinloop/server', undefined, reader)).status, 403)
  })

  test('people make, see and revoke passwords of their own', async () => {
    const made = await t.send(
      'POST',
      '/v1.0/me/addPassword',
      { passwordCredential: { displayName: 'laptop' } },
      reader,
    )
    assert.equal(made.status, 200)
    const mine = { authorization: `Bearer ${made.body.secretText}` }
    assert.equal((await t.send('GET', '/v1.0/me', undefined, mine)).body.displayName, 'rea')
    const { value } = (await t.send('GET', '/v1.0/me/passwordCredentials', undefined, mine)).body
    const own = value.find(({ keyId }: { keyId: string }) => keyId === made.body.keyId)
    assert.equal(own.displayName, 'laptop')
    assert.equal(own.secretText, undefined)
    assert.ok(Date.now() - Date.parse(own.lastUsedDateTime) < 60_000)
    const shown = (await t.send('GET', '/providers/Twinloop/users/rea')).body.properties.passwordCredentials
    assert.equal(shown.length, 2)
    assert.equal((await t.send('POST', '/v1.0/me/removePassword', { keyId: own.keyId }, reader)).status, 204)
    assert.equal((await t.send('GET', '/v1.0/me', undefined, mine)).status, 401)
    assert.equal((await t.send('POST', '/v1.0/me/removePassword', { keyId: own.keyId }, reader)).status, 404)
    assert.equal(
      (
        await t.send(
          'POST',
          '/v1.0/me/addPassword',
          { passwordCredential: { endDateTime: '2020-01-01T00:00:00Z' } },
          reader,
        )
      ).status,
      400,
    )
  })

  test('a connection is tried, where that is possible', async () => {
    const at = `${t.workspace}/connections/db`
    const credentials = { username: 'u', password: 'p' }
    await t.send('PUT', at, {
      properties: {
        category: 'PostgreSql',
        target: 'postgresql://127.0.0.1:1/none',
        authType: 'UsernamePassword',
        credentials,
      },
    })
    const { body } = await t.send('POST', `${at}/check`)
    assert.equal(body.outcome, 'Failed')
    assert.ok(!JSON.stringify(body).includes('"p"'))
    const git = { category: 'Git', target: 'https://git.example.org', authType: 'None' }
    await t.send('PUT', `${t.workspace}/connections/git`, { properties: git })
    assert.equal((await t.send('POST', `${t.workspace}/connections/git/check`)).body.outcome, 'Skipped')
  })
})
