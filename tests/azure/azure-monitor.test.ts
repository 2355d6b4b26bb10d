import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { pythonWith, startServer } from './server.ts'

/** What is asked is in `azure_monitor.py`. */
test("azure-mgmt-monitor reads the platform's measurements", async (t) => {
  const python = await pythonWith('azure-mgmt-monitor-7.0.0', [
    'azure-mgmt-monitor==7.0.0',
    'azure-identity==1.27.0',
  ])
  const server = await startServer({ measureEverySeconds: 1 })
  t.after(() => server.end())
  const env = {
    ...server.env,
    TEST_SERVER: server.https,
    TEST_WORKSPACE: server.workspaceId,
    PYTHONDONTWRITEBYTECODE: '1',
  }
  const script = join(import.meta.dirname, 'azure_monitor.py')
  const { stdout } = await promisify(execFile)(python, ['-W', 'ignore', script], { env, timeout: 60_000 })
  const found = JSON.parse(stdout)
  assert.ok(found.workspace.includes('twinloop_jobs_active'), stdout)
  assert.ok(found.installation.includes('system_memory_utilization_ratio'), stdout)
  assert.deepEqual(found.jobs, { finalizing: 0, preparing: 0, queued: 0, running: 0 })
  assert.ok(found.memory > 0 && found.memory < 1, stdout)
  assert.match(found.refused, /Did you mean 'twinloop_jobs_active'/)
})
