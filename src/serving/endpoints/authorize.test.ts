import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startTestApp } from '../../testing/app.ts'
import { authorizePath } from './authorize.ts'

test('the gateway is told who may score at an endpoint, and who may read its measurements', async (context) => {
  const twin = await startTestApp()
  context.after(() => twin.end())
  const ask = async (endpoint: string, token = twin.token) =>
    (
      await fetch(`${twin.app.platform.urls.http}${authorizePath}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ endpoint }),
      })
    ).status
  for (const endpoint of ['', `${twin.workspace}/onlineEndpoints/flights`]) {
    assert.equal(await ask(endpoint), 204)
    assert.equal(await ask(endpoint, 'guess'), 401)
  }
})
