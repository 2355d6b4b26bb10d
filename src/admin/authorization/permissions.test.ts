import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startTestApp } from '../../testing/app.ts'

test('one’s own permissions are those of the roles that one holds there or above', async (context) => {
  const t = await startTestApp()
  context.after(() => t.end())
  const path = `${t.workspace}/jobs/any/providers/Microsoft.Authorization/permissions`
  const own = await t.send('GET', path)
  assert.equal(own.status, 200)
  assert.deepEqual(own.body.value, [{ actions: ['*'], notActions: [], dataActions: [], notDataActions: [] }])

  const { access } = t.app.platform
  const confined = await access.issueToken('administrator', { purpose: 'job', confinedTo: t.workspace })
  const as = { authorization: `Bearer ${confined}` }
  assert.equal((await t.send('GET', path, undefined, as)).body.value.length, 1)
  const elsewhere = t.workspace.replace(/dev$/, 'other')
  const there = await t.send(
    'GET',
    `${elsewhere}/providers/Microsoft.Authorization/permissions`,
    undefined,
    as,
  )
  assert.deepEqual(there.body.value, [], 'a confined token allows nothing beyond')

  assert.equal((await t.send('GET', path, undefined, { authorization: 'Bearer nonsense' })).status, 401)
})
