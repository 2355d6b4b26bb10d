import { dirname } from 'node:path'
import { test } from 'node:test'
import { ownPython, useOwnPython } from '../../src/testing/own-python.ts'
import { startServer } from './server.ts'
import { azurePython, runUnittest } from './unittest.ts'

/** What is tried is in `azure_ai_ml_registries_test.py`; its report is shown where something fails. */
test('azure-ai-ml with registries, by environment variables alone', async (t) => {
  await azurePython()
  const server = await startServer()
  t.after(() => server.end())
  const prod = server.workspaceId.replace(/[^/]+$/, 'prod')
  await server.send('PUT', prod, { location: 'local', properties: {} })
  await server.until(prod, ({ provisioningState }) => provisioningState === 'Succeeded')
  useOwnPython(dirname(server.authorityFile))
  await runUnittest(t, 'azure_ai_ml_registries_test', { ...server.env, TEST_ENVIRONMENT: ownPython })
})
