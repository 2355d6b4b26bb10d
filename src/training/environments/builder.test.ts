import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import { chmod, mkdtemp, readFile, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { promisify } from 'node:util'
import { createLocalCompute } from '../../compute/local.ts'
import { createEnvironmentBuilder, type EnvironmentBuilder } from './builder.ts'
import { specificationOf } from './specification.ts'
import { findUv } from './build/uv.ts'

const run = promisify(execFile)
const packages = (...lines: string[]) => specificationOf({ requirements: lines.join('\n') })

describe('environments, built by uv', () => {
  let home: string
  let realUv: string

  before(async () => {
    home = await mkdtemp(join(tmpdir(), 'twinloop-'))
    const { stdout } = await run('python3', ['-c', 'import sys; print(sys.executable)'])
    const compute = createLocalCompute({ folder: join(home, 'jobs') })
    const find = () =>
      findUv({ compute, folder: join(home, 'tools'), python: stdout.trim(), onPath: 'no-such-uv' })
    const found = await Promise.all([find(), find()])
    assert.equal(found[0], found[1])
    realUv = found[0]
  })
  after(() => rm(home, { recursive: true, force: true, maxRetries: 5 }))

  /** A server's builder on this home; any number may stand beside each other. */
  const server = (uv = realUv): EnvironmentBuilder =>
    createEnvironmentBuilder({ home, compute: createLocalCompute({ folder: join(home, 'jobs') }), uv })
  const imports = async (python: string, module: string) =>
    (await run(python, ['-c', `import ${module}; print(${module}.__version__)`])).stdout.trim()

  /** An uv that counts its installs and does not finish one before the file `go` is there. */
  const gatedUv = async (name: string) => {
    const path = join(home, name)
    const lines = [
      '#!/bin/sh',
      `if [ "$1" = pip ]; then echo install >> ${path}.log; until [ -e ${path}.go ]; do sleep 0.02; done; fi`,
      `exec ${realUv} "$@"`,
    ]
    await writeFile(path, `${lines.join('\n')}\n`)
    await chmod(path, 0o755)
    return {
      path,
      installing: async () => {
        while (!(await stat(`${path}.log`).catch(() => undefined))) await new Promise((r) => setImmediate(r))
      },
      go: () => writeFile(`${path}.go`, ''),
      installs: async () => (await readFile(`${path}.log`, 'utf8')).trim().split('\n').length,
    }
  }

  test('uv is installed once and found again', async () => {
    assert.match((await run(realUv, ['--version'])).stdout, /^uv \d/)
    assert.deepEqual((await readdir(join(home, 'tools', 'uv'))).sort(), ['1', 'ready.json'])
  })

  test('builds an environment once for two servers that ask at once, and finds it for the next', async () => {
    const gate = await gatedUv('twice')
    const specification = packages('six==1.16.0')
    const builds: string[] = []
    const ask = (builder: EnvironmentBuilder) =>
      builder.ensure(specification, { onBuilding: ({ process }) => builds.push(process) })
    const asked = [ask(server(gate.path)), ask(server(gate.path)), ask(server(gate.path))]
    await gate.installing()
    await gate.go()
    const [first, ...others] = await Promise.all(asked)
    assert.ok(first)
    for (const other of others) assert.deepEqual(other, first)
    assert.equal(await gate.installs(), 1)
    assert.equal(builds.length, 3)
    assert.equal(new Set(builds).size, 1)
    assert.equal(await imports(first.python, 'six'), '1.16.0')
    assert.match(await readFile(first.log, 'utf8'), /six==1\.16\.0[\s\S]*ready/)

    const again = await server().ensure(specification, {
      onBuilding: () => assert.fail('it was built again'),
    })
    assert.deepEqual(again, first)
    assert.match((await run(join(dirname(first.python), 'pip'), ['--version'])).stdout, /^pip /)
  })

  test('says in uv’s words why an environment cannot be built, and tries again when asked again', async () => {
    const specification = packages('six==99.0')
    const refused = { name: 'UserError', message: /no version of six==99\.0.*unsatisfiable/ }
    await assert.rejects(server().ensure(specification), refused)
    let process = ''
    const builder = server()
    await assert.rejects(
      builder.ensure(specification, { onBuilding: (build) => (process = build.process) }),
      refused,
    )
    assert.match(process, /-2$/)
    await assert.rejects(
      builder.ensure(packages('no-such-project-of-twinloop')),
      /no-such-project-of-twinloop/,
    )
  })

  test('a build that is killed leaves nothing that the next could trip over', async () => {
    const gate = await gatedUv('killed')
    const specification = packages('six==1.15.0')
    let id = ''
    const lost = server(gate.path).ensure(specification, { onBuilding: ({ process }) => (id = process) })
    await gate.installing()
    const record = await readFile(join(home, 'jobs', id, 'supervisor'), 'utf8')
    process.kill((JSON.parse(record) as { pid: number }).pid, 'SIGKILL')
    // It is begun anew at once, by who waited for it.
    await gate.go()
    const environment = await lost
    assert.equal(await imports(environment.python, 'six'), '1.15.0')
    assert.match(environment.python, /\/2\/venv\/bin\/python$/)
  })

  test('a build goes on when its server is killed, and the next server waits for it', async () => {
    const gate = await gatedUv('abandoned')
    const specification = packages('six==1.14.0')
    const script = `
      const { createLocalCompute } = await import(${JSON.stringify(import.meta.resolve('../../compute/local.ts'))})
      const { createEnvironmentBuilder } = await import(${JSON.stringify(import.meta.resolve('./builder.ts'))})
      const home = ${JSON.stringify(home)}
      const compute = createLocalCompute({ folder: home + '/jobs' })
      await createEnvironmentBuilder({ home, compute, uv: ${JSON.stringify(gate.path)} }).ensure(${JSON.stringify(specification)})`
    const killed = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'inherit' })
    await gate.installing()
    killed.kill('SIGKILL')
    await new Promise((resolve) => killed.once('exit', resolve))
    const waiting = server().ensure(specification)
    await gate.go()
    const environment = await waiting
    assert.equal(await imports(environment.python, 'six'), '1.14.0')
    assert.equal(await gate.installs(), 1)
  })

  test('waiting can be given up, the build goes on', async () => {
    const gate = await gatedUv('impatient')
    const stop = new AbortController()
    const waiting = server(gate.path).ensure(packages('six==1.13.0'), { signal: stop.signal })
    const given = assert.rejects(waiting, { name: 'AbortError' })
    await gate.installing()
    stop.abort()
    await given
    await gate.go()
    await server().ensure(packages('six==1.13.0'))
    assert.equal(await gate.installs(), 1)
  })

  test('leaves out what comes from a repository that cannot be reached, and says so', async () => {
    const unreachable = 'git+http://127.0.0.1:9/nothing.git#subdirectory=a'
    const environment = await server().ensure(packages('six==1.12.0', unreachable))
    assert.equal(await imports(environment.python, 'six'), '1.12.0')
    assert.match(
      environment.notes.join(),
      /^git\+http.*could not be fetched \(Failed to connect.*\): the environment/,
    )
  })

  test('does not leave out what is wrong', async () => {
    const wrong = packages('six==1.12.0', 'git+file:///no/such/repository')
    await assert.rejects(server().ensure(wrong), /no\/such\/repository.*does not (appear|exist)/)
  })

  test('builds again if the interpreter that it stood on is gone', async () => {
    const first = await server().ensure(packages('six==1.11.0'))
    await rm(first.python)
    await symlink('/no/such/python', first.python)
    const second = await server().ensure(packages('six==1.11.0'))
    assert.equal(await imports(second.python, 'six'), '1.11.0')
  })

  test('a machine that can have no uv says so, with pip’s reason', async () => {
    const compute = createLocalCompute({ folder: join(home, 'jobs-without') })
    const without = { compute, folder: join(home, 'without'), python: '/bin/false', onPath: 'no-such-uv' }
    await assert.rejects(findUv(without), /uv.*not on PATH and cannot be installed: exit code 1/)
  })
})
