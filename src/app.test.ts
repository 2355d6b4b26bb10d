import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readPresence } from './kernel/presence.ts'
import { startTestApp } from './testing/app.ts'

test("the server's file tells where the gateway is, also when that comes later", async (context) => {
  const t = await startTestApp()
  context.after(() => t.end())
  assert.equal(readPresence(t.home)?.gateway, '')
  t.app.platform.urls.gateway = 'http://127.0.0.1:1234'
  assert.equal(readPresence(t.home)?.gateway, 'http://127.0.0.1:1234')
})
