import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { startTestApp, type TestApp } from '../testing/app.ts'
import { upsertPrincipal } from '../store/access-rows.ts'

describe('what Azure’s clients ask of a cloud', () => {
  let t: TestApp
  before(async () => {
    t = await startTestApp()
  })
  after(() => t.end())

  const open = async (path: string) => {
    const answer = await fetch(`${t.app.platform.urls.http}${path}`)
    return { status: answer.status, body: (await answer.json()) as any } // oxlint-disable-line typescript/no-explicit-any -- asserted below
  }

  test('its endpoints, as one cloud or as a list, at the address that was asked', async () => {
    const one = await open('/metadata/endpoints?api-version=2022-09-01')
    assert.equal(one.status, 200)
    assert.equal(one.body.name, 'Twinloop')
    assert.equal(one.body.resourceManager, t.app.platform.urls.http)
    assert.equal(one.body.authentication.loginEndpoint, t.app.platform.urls.http)
    assert.deepEqual((await open('/metadata/endpoints?api-version=2019-05-01')).body, [one.body])
    assert.equal((await open('/discovery')).body.api, t.app.platform.urls.http)
  })

  test('tenants and subscriptions, of which each caller sees its own', async () => {
    assert.equal((await open('/subscriptions')).status, 401)
    assert.equal((await t.send('GET', '/tenants')).body.value.length, 1)
    const { body } = await t.send('GET', '/subscriptions?api-version=2022-12-01')
    const { subscription } = t.app.platform.config
    assert.deepEqual(
      body.value.map((s: { subscriptionId: string }) => s.subscriptionId),
      [subscription],
    )
    assert.equal((await t.send('GET', `/subscriptions/${subscription}`)).body.state, 'Enabled')
    assert.equal((await t.send('GET', `/subscriptions/nowhere`)).status, 404)

    const { platform } = t.app
    await upsertPrincipal(platform.store.db, { id: 'guest', name: 'guest', kind: 'User' }, Date.now())
    const as = { authorization: `Bearer ${await platform.access.issueToken('guest', { purpose: 'test' })}` }
    assert.deepEqual((await t.send('GET', '/subscriptions', undefined, as)).body.value, [])
    assert.equal((await t.send('GET', `/subscriptions/${subscription}`, undefined, as)).status, 403)
    const assignment = `${t.workspace}/providers/Microsoft.Authorization/roleAssignments/33333333-0000-0000-0000-000000000001`
    await t.send('PUT', assignment, { properties: { roleDefinitionId: 'Reader', principalId: 'guest' } })
    assert.equal((await t.send('GET', '/subscriptions', undefined, as)).body.value.length, 1)
    assert.equal((await t.send('GET', `/subscriptions/${subscription}`, undefined, as)).status, 200)
  })

  test('resource providers, all registered', async () => {
    const base = `/subscriptions/${t.app.platform.config.subscription}/providers`
    const { body } = await t.send('GET', base)
    assert.ok(
      body.value.some((p: { namespace: string }) => p.namespace === 'Microsoft.MachineLearningServices'),
    )
    const one = await t.send('GET', `${base}/microsoft.machinelearningservices`)
    assert.equal(one.body.registrationState, 'Registered')
    assert.ok(
      one.body.resourceTypes.some((r: { resourceType: string }) => r.resourceType === 'workspaces/computes'),
    )
    const registered = await t.send('POST', `${base}/Microsoft.MachineLearningServices/register`, {})
    assert.equal(registered.status, 200)
    const wrong = await t.send('GET', `${base}/Microsoft.MachineLearning`)
    assert.equal(wrong.status, 404)
    assert.match(wrong.body.error.message, /Did you mean 'Microsoft\.MachineLearningServices'/)
  })
})
