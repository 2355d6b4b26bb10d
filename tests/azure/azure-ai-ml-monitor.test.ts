import { dirname } from 'node:path'
import { test } from 'node:test'
import { ownPython, useOwnPython } from '../../src/testing/own-python.ts'
import { startServer } from './server.ts'
import { azurePython, runUnittest } from './unittest.ts'

/** What is tried is in `azure_ai_ml_monitor_test.py`; its report is shown where something fails. */
test('monitors by azure-ai-ml, every kind of signal that it can make', async (t) => {
  await azurePython()
  const server = await startServer()
  t.after(() => server.end())
  useOwnPython(dirname(server.authorityFile))
  await runUnittest(t, 'azure_ai_ml_monitor_test', {
    ...server.env,
    TEST_ENVIRONMENT: ownPython,
    TEST_RESOURCE_GROUP: server.resourceGroup,
    TEST_WORKSPACE: server.workspace,
  })
})
