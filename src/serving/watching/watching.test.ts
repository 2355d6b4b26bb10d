import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startTestApp } from '../../testing/app.ts'
import { watchOf } from './kept-watch.ts'
import { watchEndpoint } from './watching.ts'

test('an endpoint is watched for one at a time: who looks back at a release disturbs no counts of the next', async (context) => {
  const t = await startTestApp()
  context.after(() => t.end())
  const { platform } = t.app
  const id = `${t.workspace}/onlineEndpoints/late`
  await t.send('PUT', id, { location: 'local', properties: { authMode: 'Key' } })
  const watched = async () => watchOf(await platform.resources.get(id))
  const [former, next] = ['plans/late/releases/1', 'plans/late/releases/2']
  await watchEndpoint(platform, id, { warmMs: 0 }, { by: former, yields: true })
  assert.deepEqual(await watched(), { warmMs: 0 })
  const asked = { warmMs: 1000, slowMs: 40 }
  await watchEndpoint(platform, id, asked, { by: next, yields: false })
  assert.deepEqual(await watched(), asked)
  for (const options of [{ warmMs: 0 }, null])
    await watchEndpoint(platform, id, options, { by: former, yields: true })
  assert.deepEqual(await watched(), asked)
  await watchEndpoint(platform, id, null, { by: next, yields: true })
  assert.equal(await watched(), undefined)
  await watchEndpoint(platform, id, { warmMs: 0 }, { by: former, yields: true })
  assert.deepEqual(await watched(), { warmMs: 0 })
})
