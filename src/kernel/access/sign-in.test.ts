import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startTestApp } from '../../testing/app.ts'

test('a token of the platform itself works, and only where it is confined to', async (context) => {
  const t = await startTestApp()
  context.after(() => t.end())
  const actor = t.app.platform.identity('training')
  const token = await t.app.platform.access.issueToken(actor.id, { purpose: 'job', confinedTo: t.workspace })
  const as = { authorization: `Bearer ${token}` }
  assert.equal((await t.send('GET', t.workspace, undefined, as)).status, 200)
  assert.equal((await t.send('GET', '/metrics', undefined, as)).status, 403)
})
