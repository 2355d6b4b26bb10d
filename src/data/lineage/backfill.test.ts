import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startTestApp, type TestApp } from '../../testing/app.ts'
import { backfillLineage } from './backfill.ts'

let server: TestApp
before(async () => {
  server = await startTestApp()
})
after(() => server.end())

test('everything of a type is told of once, oldest first, in parts; a part that failed begins anew', async () => {
  const { platform } = server.app
  const setup = platform.identity('setup')
  const scale = { properties: { computeType: 'AmlCompute', properties: {} } }
  const names = Array.from({ length: 205 }, (_, i) => `c${String(i).padStart(3, '0')}`)
  for (const name of names) await platform.resources.put(setup, `${server.workspace}/computes/${name}`, scale)
  const told: string[] = []
  const failing = backfillLineage(platform, 'workspaces/computes', async (_, { name }) => {
    if (name === 'c203') throw new Error('no')
  })
  await assert.rejects(failing, /no/)
  for (let time = 0; time < 2; time++)
    await backfillLineage(platform, 'workspaces/computes', async (_, { name }) => void told.push(name))
  assert.deepEqual(told.toSorted(), names, 'each once')
})
