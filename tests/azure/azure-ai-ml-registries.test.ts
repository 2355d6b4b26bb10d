import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { dirname } from 'node:path'
import { test } from 'node:test'
import { ownPython, useOwnPython } from '../../src/testing/own-python.ts'
import { pythonWith, startServer } from './server.ts'

const packages = ['azure-ai-ml==1.35.2', 'azure-identity==1.27.0']

/** What is tried is in `azure_ai_ml_registries_test.py`; its report is shown where something fails. */
test('azure-ai-ml with registries, by environment variables alone', async (t) => {
  const python = await pythonWith('azure-ai-ml-1.35.2', packages)
  const server = await startServer()
  t.after(() => server.end())
  const prod = server.workspaceId.replace(/[^/]+$/, 'prod')
  await server.send('PUT', prod, { location: 'local', properties: {} })
  await server.until(prod, ({ provisioningState }) => provisioningState === 'Succeeded')
  useOwnPython(dirname(server.authorityFile))
  const finished = Promise.withResolvers<{ code: number | null; report: string }>()
  const child = execFile(
    python,
    ['-W', 'ignore', '-m', 'unittest', '-v', 'azure_ai_ml_registries_test'],
    {
      cwd: import.meta.dirname,
      env: { ...server.env, TEST_ENVIRONMENT: ownPython, PYTHONDONTWRITEBYTECODE: '1' },
    },
    (_error, _stdout, stderr) => finished.resolve({ code: child.exitCode, report: stderr }),
  )
  const { code, report } = await finished.promise
  assert.equal(code, 0, report)
  t.diagnostic(report.match(/^Ran .*$/m)?.[0] ?? '')
})
