import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { pythonWith, startServer } from './server.ts'

const packages = ['azure-ai-ml==1.35.2', 'azure-identity==1.27.0']

/** What is tried is in `azure_ai_ml_test.py`; its report is shown where something fails. */
test('azure-ai-ml, by environment variables alone', async (t) => {
  const python = await pythonWith('azure-ai-ml-1.35.2', packages)
  const nas = mkdtempSync(join(tmpdir(), 'twinloop-'))
  const server = await startServer({ dataRoots: nas })
  t.after(async () => {
    await server.end()
    rmSync(nas, { recursive: true, force: true })
  })
  const folder = { properties: { datastoreType: 'LocalFolder', path: nas } }
  assert.equal((await server.send('PUT', `${server.workspaceId}/datastores/nas`, folder)).status, 201)
  const finished = Promise.withResolvers<{ code: number | null; report: string }>()
  const child = execFile(
    python,
    ['-W', 'ignore', '-m', 'unittest', '-v', 'azure_ai_ml_test'],
    { cwd: import.meta.dirname, env: { ...server.env, NAS: nas, PYTHONDONTWRITEBYTECODE: '1' } },
    (_error, _stdout, stderr) => finished.resolve({ code: child.exitCode, report: stderr }),
  )
  const { code, report } = await finished.promise
  assert.equal(code, 0, report)
  t.diagnostic(report.match(/^Ran .*$/m)?.[0] ?? '')
})
