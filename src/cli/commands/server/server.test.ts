import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before, describe, test } from 'node:test'
import { openSqlite } from '../../../store/sqlite.ts'
import { testShell } from '../../testing/io.ts'
import type { TestShell } from '../../testing/io.ts'

const program = join(import.meta.dirname, '../../../main.ts')
const anyPorts = ['--port', '0', '--https-port', '0', '--gateway-port', '0']

/** Runs the program in a process of its own, as a user does. */
function twinloop(home: string, ...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  const { promise, resolve } = Promise.withResolvers<{ code: number; out: string; err: string }>()
  const env = { ...process.env, TWINLOOP_HOME: home, TWINLOOP_URL: '', NODE_TEST_CONTEXT: undefined }
  execFile(process.execPath, [program, ...argv], { env }, (error, out, err) =>
    resolve({ code: typeof error?.code === 'number' ? error.code : error === null ? 0 : 1, out, err }),
  )
  return promise
}

describe('up, status, down', () => {
  let shell: TestShell
  before(() => {
    shell = testShell()
  })
  after(async () => {
    await twinloop(shell.home, 'down')
    shell.end()
  })

  test('a home that a newer Twinloop has used is refused in a sentence, and left as it is', async () => {
    const home = join(shell.home, 'newer')
    const file = join(home, 'store.db')
    await (await openSqlite(file)).close()
    const database = new DatabaseSync(file)
    database.exec(`insert into kysely_migration values ('9999-dreams', '2031-01-01T00:00:00Z')`)
    database.close()
    const before = readFileSync(file)
    const { code, err } = await twinloop(home, 'up', ...anyPorts)
    assert.equal(code, 1)
    assert.match(err, /^\S*error\S* This home was used by a newer Twinloop: .*9999-dreams/)
    assert.doesNotMatch(err, /corrupted|bug/)
    assert.deepEqual(readFileSync(file), before)
    assert.deepEqual(readdirSync(home), ['store.db'])
  })

  test('up --detach returns when the server is ready; a second one is refused; down ends it', async () => {
    const up = await twinloop(shell.home, 'up', '--detach', ...anyPorts)
    assert.equal(up.code, 0, up.err)
    const { http, pid } = JSON.parse(up.out) as { http: string; pid: number }
    assert.equal((await fetch(`${http}/readyz`)).status, 200)
    assert.equal(statSync(join(shell.home, 'token')).mode & 0o777, 0o600)
    assert.match(up.err, /sign in: http\S+otk=/)
    assert.doesNotMatch(readFileSync(join(shell.home, 'server.log'), 'utf8'), /otk=/)

    const status = await twinloop(shell.home, 'status', '--query', '[state, pid]', '-o', 'tsv')
    assert.equal(status.out, `ready\n${pid}\n`)
    const second = await twinloop(shell.home, 'up', ...anyPorts)
    assert.equal(second.code, 1)
    assert.match(second.err, /runs already|already runs/)

    const env = await twinloop(shell.home, 'env')
    assert.ok(env.out.startsWith(`export MLFLOW_TRACKING_URI='${http}'\n`), env.out)
    const nowhere = await twinloop(shell.home, 'env', '-w', 'nowhere')
    assert.equal(nowhere.code, 1)
    assert.match(nowhere.err, /workspace 'nowhere' does not exist[^]*workspace create -n nowhere/)

    const trust = await twinloop(shell.home, 'trust')
    const bundle = /^export REQUESTS_CA_BUNDLE='(.*)'$/m.exec(trust.out)?.[1] ?? ''
    assert.match(readFileSync(bundle, 'utf8'), /BEGIN CERTIFICATE/)

    await twinloop(shell.home, 'az', '--shim')
    const shim = join(shell.home, 'shim/az')
    const { promise, resolve } = Promise.withResolvers<string>()
    execFile(
      shim,
      ['ml', 'workspace', 'show', '--query', 'name', '-o', 'tsv'],
      { env: { ...process.env, TWINLOOP_HOME: shell.home } },
      (_, out) => resolve(out),
    )
    assert.equal(await promise, 'dev\n')

    assert.equal((await twinloop(shell.home, 'down')).code, 0)
    assert.equal(existsSync(join(shell.home, 'server.json')), false)
    assert.match((await twinloop(shell.home, 'status')).err, /no Twinloop server|no server/)
    assert.equal((await twinloop(shell.home, 'down')).code, 0, 'down is idempotent')
  })

  test('a port that is taken fails at once, with the reason and where the log is', async () => {
    const other = createServer()
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    const { port } = other.address() as AddressInfo
    const up = await twinloop(
      shell.home,
      'up',
      '--detach',
      '--https-port',
      '0',
      '--gateway-port',
      '0',
      '--port',
      String(port),
    )
    other.close()
    assert.equal(up.code, 1)
    assert.match(up.err, /the server ended while starting/)
    assert.match(up.err, new RegExp(`port ${port}|${port}`))
    assert.match(up.err, /server\.log/)
  })

  test('in the foreground it runs until interrupted', async () => {
    const env = { ...process.env, TWINLOOP_HOME: shell.home }
    const child = spawn(process.execPath, [program, 'up', ...anyPorts], {
      env,
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    const said: string[] = []
    for await (const chunk of child.stderr) {
      said.push(String(chunk))
      if (said.join('').includes('sign in: ')) child.kill('SIGINT')
    }
    if (child.exitCode === null) await new Promise((resolve) => child.once('exit', resolve))
    assert.equal(child.exitCode, 0)
    assert.match(said.join(''), /✓ Twinloop on http.*up in[^]*stopping/)
  })
})

test('help comes quickly', async () => {
  // The first run fills the compile cache, as an installation's first run does.
  await twinloop('/nonexistent', '--help')
  const started = performance.now()
  const { code, out } = await twinloop('/nonexistent', 'job', 'create', '--help')
  const ms = performance.now() - started
  assert.equal(code, 0)
  assert.match(out, /Examples/)
  // 200 ms is the aim on an idle machine; this only guards against something heavy being loaded on the way.
  assert.ok(ms < 1500, `${ms} ms`)
})
