import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { test } from 'node:test'
import { pythonWith, startServer } from './server.ts'

const packages = ['azure-ai-ml==1.35.2', 'azure-identity==1.27.0']

/** What is tried is in `azure_ai_ml_test.py`; its report is shown where something fails. */
test('azure-ai-ml, by environment variables alone', async (t) => {
  const python = await pythonWith('azure-ai-ml-1.35.2', packages)
  const server = await startServer()
  t.after(() => server.end())
  const finished = Promise.withResolvers<{ code: number | null; report: string }>()
  const child = execFile(
    python,
    ['-W', 'ignore', '-m', 'unittest', '-v', 'azure_ai_ml_test'],
    { cwd: import.meta.dirname, env: { ...server.env, PYTHONDONTWRITEBYTECODE: '1' } },
    (_error, _stdout, stderr) => finished.resolve({ code: child.exitCode, report: stderr }),
  )
  const { code, report } = await finished.promise
  assert.equal(code, 0, report)
  t.diagnostic(report.match(/^Ran .*$/m)?.[0] ?? '')
})
