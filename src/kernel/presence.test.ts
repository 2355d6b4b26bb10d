import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { claimHome } from './presence.ts'

test('a home has one server, and is free again however that ends', async () => {
  const home = mkdtempSync(join(tmpdir(), 'twinloop-'))
  const first = await claimHome(home)
  await assert.rejects(claimHome(home), /already runs on/)
  first.release()

  const program = `import { claimHome } from ${JSON.stringify(join(import.meta.dirname, 'presence.ts'))}
    await claimHome(${JSON.stringify(home)}); console.log('held'); setInterval(() => {}, 1e6)`
  const other = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(other.stdout, 'data')
  await assert.rejects(claimHome(home), /already runs on/)
  other.kill('SIGKILL')
  await once(other, 'exit')
  ;(await claimHome(home)).release()
  rmSync(home, { recursive: true })
})
