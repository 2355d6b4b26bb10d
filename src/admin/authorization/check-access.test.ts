import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { startTestApp, type TestApp } from '../../testing/app.ts'

describe('may somebody do something', () => {
  let t: TestApp
  let ana: { id: string; as: Record<string, string> }
  before(async () => {
    t = await startTestApp()
    const { body } = await t.send('PUT', '/providers/Twinloop/users/ana', { properties: {} })
    const token = (await t.send('POST', '/providers/Twinloop/users/ana/addPassword', {})).body
    ana = { id: body.properties.principalId, as: { authorization: `Bearer ${token.secretText}` } }
  })
  after(() => t.end())

  const ask = async (operation: string, { scope = t.workspace, who = ana.id, headers = {} } = {}) =>
    t.send(
      'POST',
      `${scope}/providers/Microsoft.Authorization/checkAccess`,
      { Subject: { Attributes: { ObjectId: who } }, Actions: [{ Id: operation }] },
      headers,
    )
  const give = (role: string, number: number) =>
    t.send(
      'PUT',
      `${t.workspace}/providers/Microsoft.Authorization/roleAssignments/44444444-0000-0000-0000-00000000000${number}`,
      { properties: { roleDefinitionId: role, principalId: ana.id } },
    )
  const submit = 'Microsoft.MachineLearningServices/workspaces/jobs/write'

  test('is told with the reason, before and after a role is given', async () => {
    const [none] = (await ask(submit)).body
    assert.equal(none.accessDecision, 'NotAllowed')
    assert.match(none.reason, /ana has no role on workspace dev or above\. Built-in roles .*'Owner'/)
    await give('Reader', 1)
    const [reader] = (await ask(submit)).body
    assert.match(reader.reason, /'Reader' on workspace dev, which does not include it/)
    await give('AzureML Data Scientist', 2)
    const [scientist] = (await ask(submit)).body
    assert.equal(scientist.accessDecision, 'Allowed')
    assert.equal(scientist.roleAssignment.roleName, 'AzureML Data Scientist')
    const [compute] = (await ask('Microsoft.MachineLearningServices/workspaces/computes/write')).body
    assert.match(compute.reason, /'AzureML Data Scientist' on workspace dev excepts this operation/)
    const [elsewhere] = (await ask(submit, { scope: t.workspace.replace(/dev$/, 'prod') })).body
    assert.equal(elsewhere.accessDecision, 'NotAllowed')
    const [owner] = (await ask(submit, { who: 'administrator' })).body
    assert.match(owner.reason, /'Owner' on the whole server/)
  })

  test('is anybody’s to ask about themselves, and about others only of those who see assignments', async () => {
    assert.equal((await ask(submit, { headers: ana.as })).status, 200)
    await give('AzureML Data Scientist', 2)
    await t.send(
      'DELETE',
      `${t.workspace}/providers/Microsoft.Authorization/roleAssignments/44444444-0000-0000-0000-000000000001`,
    )
    assert.equal((await ask(submit, { who: 'administrator', headers: ana.as })).status, 403)
  })

  test('of nobody, or of nothing, has an answer as well', async () => {
    const [nobody] = (await ask(submit, { who: 'nobody' })).body
    assert.match(nobody.reason, /no such user/)
    const { status, body } = await t.send(
      'POST',
      `${t.workspace}/providers/Microsoft.Authorization/checkAccess`,
      {
        Subject: { Attributes: { ObjectId: ana.id } },
        Actions: [],
      },
    )
    assert.equal(status, 400)
    assert.match(JSON.stringify(body), /Actions/)
  })

  test('a disabled person may do nothing', async () => {
    await t.send('PUT', '/providers/Twinloop/users/ana', { properties: { accountEnabled: false } })
    assert.match((await ask(submit)).body[0].reason, /ana is disabled/)
  })
})
