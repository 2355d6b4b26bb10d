import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { startMailServer } from '../../src/testing/mail-server.ts'
import type { MailServer } from '../../src/testing/mail-server.ts'
import { startKillable } from './killable.ts'
import type { Killable } from './killable.ts'

describe('an approval that is asked for by mail', () => {
  let t: Killable
  let mail: MailServer
  const ok = async (method: string, path: string, body?: object) => {
    const answer = await t.send(method, path, body)
    assert.ok(answer.status < 300, `${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`)
    return answer.body
  }
  const plan = () => `${t.workspace}/providers/Twinloop/releasePlans/flights`
  const notices = () => `${t.workspace}/providers/Twinloop/notices`
  const again = () =>
    t.start({ TWINLOOP_SMTP_URL: `smtp://127.0.0.1:${mail.port}`, TWINLOOP_MAIL_FROM: 'tl@example.org' })

  before(async () => {
    ;[mail, t] = [await startMailServer(), await startKillable()]
    await t.kill()
    await again()
    const ana = '/providers/Twinloop/users/ana'
    const { properties } = await ok('PUT', ana, { properties: { mail: 'ana@example.org' } })
    const assignment = '77777777-0000-0000-0000-000000000001'
    await ok('PUT', `${t.workspace}/providers/Microsoft.Authorization/roleAssignments/${assignment}`, {
      properties: { principalId: properties.principalId, roleDefinitionId: 'Release Approver' },
    })
  })
  after(async () => {
    await t.end()
    await mail.close()
  })

  it('is asked, answered and gone on with, though the server is killed at each turn', async () => {
    mail.refuse(451)
    await ok('PUT', plan(), {
      properties: {
        model: 'flights',
        stages: [{ name: 'production', approval: { roles: ['Release Approver'] } }],
      },
    })
    const secrets = await ok('POST', `${t.workspace}/datastores/workspaceblobstore/listSecrets`, {
      expirableSecret: true,
      expireAfterHours: 1,
      through: 'server',
    })
    const container = new URL(secrets.containerUri as string).pathname
    await fetch(`${t.http}${container}/LocalUpload/m/model.txt?${secrets.sasToken}`, {
      method: 'PUT',
      headers: { 'x-ms-blob-type': 'BlockBlob' },
      body: 'a model',
    })
    await ok('PUT', `${t.workspace}/models/flights/versions/1`, {
      properties: { modelUri: 'azureml://datastores/workspaceblobstore/paths/LocalUpload/m/model.txt' },
    })
    await t.until(`${plan()}/releases/1`, ({ state }) => state === 'waiting')
    const [notice] = (await pending()).map(({ name }) => name)
    await t.until(`${notices()}/${notice}`, ({ attempts }) => Number(attempts) > 0)
    await t.kill()

    mail.refuse(undefined)
    await again()
    const [got] = await mail.received(1)
    await t.until(`${notices()}/${notice}`, ({ state }) => state === 'sent')
    assert.equal(got?.headers['message-id'], `<${notice}@example.org>`)
    const link = new URL(/To approve: +(\S+)/.exec(got.text)?.[1] ?? assert.fail(got.text))
    await t.kill()

    await again()
    const decide = () =>
      fetch(`${t.http}/approvals`, {
        method: 'POST',
        body: new URLSearchParams({ link: link.searchParams.get('link') ?? '', verdict: 'approve' }),
      })
    assert.equal((await fetch(link)).status, 200)
    assert.equal((await decide()).status, 200)
    await t.kill()

    await again()
    await t.until(`${plan()}/releases/1`, ({ state }) => state === 'succeeded')
    assert.equal((await decide()).status, 409, 'a replay after a restart')
    assert.equal(mail.mails.length, 1)
  })

  /** The notices that are there, once there is one. */
  async function pending(): Promise<readonly { readonly name: string }[]> {
    for (;;) {
      const { value } = await ok('GET', notices())
      if (value.length > 0) return value
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
})
