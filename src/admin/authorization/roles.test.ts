import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { startTestApp, type TestApp } from '../../testing/app.ts'

const reader = 'acdd72a7-3385-48ef-bd42-f606fba81ae7'
const own = '11111111-2222-3333-4444-555555555555'

describe('role definitions', () => {
  let t: TestApp
  before(async () => {
    t = await startTestApp()
  })
  after(() => t.end())

  const at = (scope: string, rest = '') =>
    t.send('GET', `${scope}/providers/Microsoft.Authorization/roleDefinitions${rest}`)
  const names = (body: { value: { properties: { roleName: string } }[] }) =>
    body.value.map((role) => role.properties.roleName)

  test('are Azure’s built-in ones at every scope, by id and by name', async () => {
    for (const scope of ['', t.workspace]) {
      assert.ok(names((await at(scope)).body).includes('AzureML Data Scientist'))
      const { body } = await at(scope, `/${reader.toUpperCase()}`)
      assert.equal(body.properties.roleName, 'Reader')
      assert.equal(body.properties.type, 'BuiltInRole')
      assert.deepEqual(body.properties.permissions[0].actions, ['*/read'])
      const filter = `?$filter=${encodeURIComponent("roleName eq 'reader'")}`
      assert.deepEqual(names((await at(scope, filter)).body), ['Reader'])
    }
  })

  test('and the house’s own where they were made', async () => {
    const path = `${t.workspace}/providers/Microsoft.Authorization/roleDefinitions/${own}`
    const permissions = [{ actions: ['*/read'] }]
    assert.equal(
      (await t.send('PUT', path, { properties: { roleName: 'Watcher', permissions } })).status,
      201,
    )
    assert.equal((await t.send('GET', path)).body.properties.type, 'CustomRole')
    assert.ok(names((await at(t.workspace)).body).includes('Watcher'))
    assert.ok(!names((await at('')).body).includes('Watcher'))
    assert.equal((await at(t.workspace, `/${own.replaceAll('1', '2')}`)).status, 404)
  })

  test('are for who is signed in', async () => {
    const { http } = t.app.platform.urls
    const answer = await fetch(`${http}/providers/Microsoft.Authorization/roleDefinitions`)
    assert.equal(answer.status, 401)
  })
})
