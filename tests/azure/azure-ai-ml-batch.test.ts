import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { dirname } from 'node:path'
import { test } from 'node:test'
import { ownPython, useOwnPython } from '../../src/testing/own-python.ts'
import { pythonWith, startServer } from './server.ts'

const packages = ['azure-ai-ml==1.35.2', 'azure-identity==1.27.0']

/** What is tried is in `azure_ai_ml_batch_test.py`; its report is shown where something fails. */
test('batch endpoints by azure-ai-ml, by environment variables alone', async (t) => {
  const python = await pythonWith('azure-ai-ml-1.35.2', packages)
  const server = await startServer()
  t.after(() => server.end())
  useOwnPython(dirname(server.authorityFile))
  const env = {
    ...server.env,
    TEST_ENVIRONMENT: ownPython,
    TEST_RESOURCE_GROUP: server.resourceGroup,
    TEST_WORKSPACE: server.workspace,
    PYTHONDONTWRITEBYTECODE: '1',
  }
  const finished = Promise.withResolvers<{ code: number | null; report: string }>()
  const argv = ['-m', 'unittest', '-v', 'azure_ai_ml_batch_test']
  const child = execFile(python, argv, { cwd: import.meta.dirname, env }, (_error, _stdout, stderr) =>
    finished.resolve({ code: child.exitCode, report: stderr }),
  )
  const { code, report } = await finished.promise
  assert.equal(code, 0, report)
  t.diagnostic(report.match(/^Ran .*$/m)?.[0] ?? '')
})
