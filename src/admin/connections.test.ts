import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { startTestApp, type TestApp } from '../testing/app.ts'
import { openConnection } from './connections.ts'

describe('connections', () => {
  let t: TestApp
  before(async () => {
    t = await startTestApp()
  })
  after(() => t.end())

  const put = (name: string, properties: object) =>
    t.send('PUT', `${t.workspace}/connections/${name}`, { properties })
  const open = (name: string) => openConnection(t.app.platform, t.workspace, name)
  const database = (more: object = {}) => ({
    category: 'postgresql',
    authType: 'UsernamePassword',
    target: 'postgresql://db.example.com:5432/sales',
    credentials: { username: 'reader', password: 'geheim-1' },
    ...more,
  })

  test('credentials are kept, and shown to nobody who only reads', async () => {
    const made = await put('sales', database())
    assert.equal(made.status, 200)
    assert.equal(made.body.properties.category, 'PostgreSql')
    assert.equal(made.body.properties.group, 'Database')
    assert.deepEqual(made.body.properties.credentials, { username: 'reader' })
    const { body: listed } = await t.send('GET', `${t.workspace}/connections?category=PostgreSql`)
    assert.deepEqual(
      listed.value.map((c: { name: string }) => c.name),
      ['sales'],
    )
    assert.doesNotMatch(JSON.stringify([made.body, listed]), /geheim/)
    const { body: told } = await t.send('POST', `${t.workspace}/connections/sales/listsecrets`)
    assert.deepEqual(told.properties.credentials, { username: 'reader', password: 'geheim-1' })
    assert.deepEqual(await open('sales'), {
      name: 'sales',
      category: 'PostgreSql',
      target: 'postgresql://db.example.com:5432/sales',
      authType: 'UsernamePassword',
      credentials: { username: 'reader', password: 'geheim-1' },
      metadata: {},
    })
  })

  test('what is kept is not sent elsewhere by who does not know it', async () => {
    await put('moved', database())
    const { password: _, ...open1 } = database().credentials
    const kept = await put('moved', database({ credentials: open1, metadata: { owner: 'sales' } }))
    assert.equal(kept.status, 200)
    const elsewhere = database({ credentials: open1, target: 'postgresql://evil.example.com/sales' })
    const refused = await put('moved', elsewhere)
    assert.equal(refused.status, 400)
    assert.match(refused.body.error.message, /give them again for the new target/)
    assert.equal(refused.body.error.target, 'properties.credentials.password')
    assert.equal((await open('moved')).credentials['password'], 'geheim-1')
  })

  test('each way to authenticate says what it lacks', async () => {
    for (const [properties, message] of [
      [
        database({ credentials: { username: 'reader' } }),
        /UsernamePassword, which needs credentials.password/,
      ],
      [database({ authType: 'PAT', credentials: {} }), /PAT, which needs credentials.pat/],
      [database({ authType: 'Passwort' }), /'Passwort' is not one of/],
      [database({ target: undefined }), /needs its target/],
    ] as const) {
      const refused = await put('bad', properties)
      assert.equal(refused.status, 400)
      assert.match(refused.body.error.message, message)
    }
  })

  test('a connection of the same name made later finds nothing of the one before', async () => {
    await put('again', database())
    await t.send('DELETE', `${t.workspace}/connections/again`)
    const refused = await put('again', database({ credentials: { username: 'reader' } }))
    assert.equal(refused.status, 400)
  })

  test('keys of its own are sealed together', async () => {
    const made = await put('own', {
      category: 'CustomKeys',
      authType: 'CustomKeys',
      credentials: { keys: { a: 'geheim-2' } },
    })
    assert.equal(made.body.properties.credentials, null)
    const { body } = await t.send('POST', `${t.workspace}/connections/own/listSecrets`)
    assert.deepEqual(body.properties.credentials, { keys: { a: 'geheim-2' } })
    await assert.rejects(open('owm'), /own/)
  })
})
