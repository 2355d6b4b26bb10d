import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { startServer } from './server.ts'
import { azurePython, runUnittest } from './unittest.ts'

/** What is tried is in `azure_ai_ml_test.py`; its report is shown where something fails. */
test('azure-ai-ml, by environment variables alone', async (t) => {
  await azurePython()
  const nas = mkdtempSync(join(tmpdir(), 'twinloop-'))
  const server = await startServer({ dataRoots: nas })
  t.after(async () => {
    await server.end()
    rmSync(nas, { recursive: true, force: true })
  })
  const folder = { properties: { datastoreType: 'LocalFolder', path: nas } }
  assert.equal((await server.send('PUT', `${server.workspaceId}/datastores/nas`, folder)).status, 201)
  await runUnittest(t, 'azure_ai_ml_test', { ...server.env, NAS: nas })
})
