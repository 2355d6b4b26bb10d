import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { Compute, ProcessSpec, ProcessState } from './compute.ts'

/** What every backend of `Compute` must do. `make` is called once, with a folder of the backend's own. */
export function computeContract(name: string, make: (folder: string) => Compute) {
  describe(`${name} as a Compute`, () => {
    let folder: string
    let compute: Compute
    let count = 0

    before(async () => {
      folder = await mkdtemp(join(tmpdir(), 'twinloop-'))
      compute = make(join(folder, 'records'))
    })
    after(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }))

    const shell = (script: string, more: Partial<ProcessSpec> = {}): ProcessSpec => {
      const id = `p${++count}`
      return {
        id,
        argv: ['/bin/sh', '-c', script],
        cwd: folder,
        env: { PATH: '/usr/bin:/bin' },
        outputFile: join(folder, 'logs', id, 'std_log.txt'),
        ...more,
      }
    }
    const run = async (spec: ProcessSpec) => {
      await compute.start(spec)
      return exited(await compute.wait(spec.id))
    }
    const text = async (id: string) => new TextDecoder().decode((await compute.output(id, 0)).bytes)
    /** Resolves when the process has said so in its output: what follows then finds it where we want it. */
    const said = async (spec: ProcessSpec, word: string) => {
      while (!(await text(spec.id)).includes(word)) {
        assert.notEqual((await compute.inspect(spec.id)).phase, 'exited', await text(spec.id))
        await new Promise((resolve) => setImmediate(resolve))
      }
    }

    test('runs a process and tells its exit code, times and output', async () => {
      const spec = shell('echo out; echo err >&2; exit 7')
      const state = await run(spec)
      assert.equal(state.code, 7)
      assert.equal(state.signal, null)
      assert.equal(state.reason, undefined)
      assert.ok(state.startedAt && state.startedAt <= state.endedAt)
      assert.equal(await text(spec.id), 'out\nerr\n')
      assert.equal(await readFile(spec.outputFile, 'utf8'), 'out\nerr\n')
    })

    test('tells the signal that ended a process', async () => {
      const state = await run(shell('kill -SEGV $$'))
      assert.deepEqual([state.code, state.signal, state.reason], [null, 'SIGSEGV', undefined])
    })

    test('says running with a process id while it runs', async () => {
      const spec = shell('echo on; exec sleep 60')
      await compute.start(spec)
      await said(spec, 'on')
      const state = await compute.inspect(spec.id)
      assert.ok(state.phase === 'running' && state.pid > 0)
      await assert.rejects(compute.remove(spec.id), /running/)
      await compute.cancel(spec.id)
      await compute.wait(spec.id)
    })

    test('starts an id once, however often and by whomever it is asked', async () => {
      const spec = shell('echo again >> started; echo done')
      await Promise.all(Array.from({ length: 5 }, () => compute.start(spec)))
      await compute.wait(spec.id)
      await compute.start({ ...spec, argv: ['/bin/false'] })
      assert.equal(exited(await compute.wait(spec.id)).code, 0)
      assert.equal(await readFile(join(folder, 'started'), 'utf8'), 'again\n')
    })

    test('resolves every waiter, and can be told to stop waiting', async () => {
      const spec = shell('echo on; exec sleep 60')
      await compute.start(spec)
      const stop = new AbortController()
      const stopped = assert.rejects(compute.wait(spec.id, stop.signal), { name: 'AbortError' })
      const waiters = [compute.wait(spec.id), compute.wait(spec.id)]
      await said(spec, 'on')
      stop.abort()
      await stopped
      await compute.cancel(spec.id, { graceMs: 0 })
      for (const state of await Promise.all(waiters)) assert.equal(exited(state).reason, 'cancelled')
      await assert.rejects(compute.wait(spec.id, AbortSignal.abort()), { name: 'AbortError' })
    })

    test('reports a program that cannot be executed', async () => {
      const missing = await run(shell('', { argv: ['no-such-program'] }))
      assert.equal(missing.reason, 'not-executable')
      assert.match(missing.message ?? '', /no-such-program.*No such file/)
      await writeFile(join(folder, 'plain.txt'), 'not a program')
      const plain = await run(shell('', { argv: [join(folder, 'plain.txt')] }))
      assert.equal(plain.reason, 'not-executable')
      assert.match(plain.message ?? '', /Permission denied/)
    })

    test('refuses a folder that is not there', async () => {
      await assert.rejects(
        compute.start(shell('true', { cwd: join(folder, 'nowhere') })),
        /no folder.*nowhere/,
      )
    })

    test('gives the process its own environment and nothing else', async () => {
      const spec = shell('env', { argv: ['/usr/bin/env'], env: { ONLY: 'this=one', ÜMLAUT: 'grün' } })
      await run(spec)
      assert.deepEqual((await text(spec.id)).trim().split('\n').sort(), ['ONLY=this=one', 'ÜMLAUT=grün'])
      assert.equal((await run(shell('cat', {}))).code, 0, 'standard input is empty')
    })

    test('ends a process that runs too long, with all its children', async () => {
      const spec = shell('sleep 60 & echo $!; wait', { limits: { timeoutSeconds: 0.2 } })
      const state = await run(spec)
      assert.equal(state.reason, 'timeout')
      assert.match(state.message ?? '', /0\.2 seconds/)
      assertGone(await text(spec.id))
    })

    test('cancels children and grandchildren that ignore SIGTERM, left the group or left the session', async () => {
      const stubborn = `trap '' TERM; echo $$; sleep 60 & echo $!; wait; wait`
      const spec = shell(
        `trap '' TERM; setsid sh -c "${stubborn.replaceAll('$', '\\$')}" & setsid sleep 60 & echo $!; sleep 0.2; echo on; sleep 60; sleep 60`,
      )
      await compute.start(spec)
      await said(spec, 'on')
      await compute.cancel(spec.id, { graceMs: 100 })
      await compute.cancel(spec.id)
      const state = exited(await compute.wait(spec.id))
      assert.deepEqual([state.reason, state.signal], ['cancelled', 'SIGKILL'])
      const pids = (await text(spec.id)).replace('on', '')
      assert.equal(pids.trim().split(/\s+/).length, 3)
      assertGone(pids)
      await compute.cancel(spec.id)
    })

    test('lets a cancelled process end by itself within the grace', async () => {
      const spec = shell(`trap 'echo tidied; exit 3' TERM; echo on; while :; do sleep 0.01; done`)
      await compute.start(spec)
      await said(spec, 'on')
      await compute.cancel(spec.id, { graceMs: 30_000 })
      const state = exited(await compute.wait(spec.id))
      assert.deepEqual([state.reason, state.code], ['cancelled', 3])
      assert.match(await text(spec.id), /tidied/)
    })

    test('does not let one that is stopped run on when there is no grace', async () => {
      const spec = shell(`trap 'echo tidied; exit 3' TERM; echo on; kill -STOP $$; echo went on`)
      await compute.start(spec)
      await said(spec, 'on')
      await compute.cancel(spec.id, { graceMs: 0 })
      const state = exited(await compute.wait(spec.id))
      assert.deepEqual([state.reason, state.signal], ['cancelled', 'SIGKILL'])
      assert.equal((await text(spec.id)).trim(), 'on')
    })

    test('ends what a process leaves behind when it ends by itself', async () => {
      const spec = shell('setsid sleep 60 & echo $!; sleep 60 & echo $!; exit 0')
      const state = await run(spec)
      assert.deepEqual([state.code, state.reason], [0, undefined])
      assertGone(await text(spec.id))
    })

    test('bounds the output, says so once, and does not hold the process up', async () => {
      const spec = shell('head -c 2000000000 /dev/zero; echo end >&2', { limits: { outputBytes: 100_000 } })
      const state = await run(spec)
      assert.equal(state.code, 0)
      assert.match(state.message ?? '', /1999900004 bytes of output were dropped beyond the limit of 100000/)
      const log = await readFile(spec.outputFile)
      assert.ok(log.length < 101_000)
      assert.equal(log.toString().match(/\[twinloop\]/g)?.length, 1)
    })

    test('keeps the last of an output that rolls', async () => {
      const print = 'i=0; while [ $i -lt 3000 ]; do echo "line $i of many"; i=$((i+1)); done'
      const spec = shell(print, { limits: { outputBytes: 10_000, outputRolls: true } })
      assert.equal((await run(spec)).message, undefined)
      const [now, before] = await Promise.all(
        ['', '.1'].map((end) => readFile(`${spec.outputFile}${end}`, 'utf8')),
      )
      assert.match(String(now), /line 2999 of many\n$/)
      assert.ok(String(now).length <= 10_000 && String(before).length <= 10_000)
      const lines = `${before}${now}`.trim().split('\n').slice(1)
      assert.ok(lines.length > 300)
      assert.deepEqual(
        lines,
        lines.map((_, i) => `line ${3000 - lines.length + i} of many`),
      )
    })

    test('tells what a process and its children take while they run, and what they took', async () => {
      const script = join(folder, 'burn.py')
      const door = join(folder, 'door')
      spawnSync('mkfifo', [door])
      await writeFile(
        script,
        `import os, time
held = bytearray(b"x") * (64 << 20)
if os.fork() == 0:
    os.setsid()
while time.process_time() < 0.3:
    pass
print("burnt", flush=True)
open("${door}").read()
`,
      )
      const spec = shell(`python3 ${script}; true`)
      await compute.start(spec)
      while ((await text(spec.id)).split('burnt').length < 3)
        await new Promise((resolve) => setImmediate(resolve))
      const usage = await compute.usage(spec.id)
      assert.ok(usage !== undefined)
      assert.ok(usage.cpuSeconds >= 0.5 && usage.cpuSeconds < 30, `${usage.cpuSeconds} s of two times 0.3 s`)
      // The block that both hold is one and the same as long as nobody writes to it.
      const [least, most] = [64 << 20, 120 << 20]
      assert.ok(usage.memoryBytes > least && usage.memoryBytes < most, `${usage.memoryBytes} bytes`)
      assert.equal(usage.processes, 3)
      await writeFile(door, '')
      const { took } = exited(await compute.wait(spec.id))
      assert.ok(took !== undefined && took.cpuSeconds >= 0.5, JSON.stringify(took))
      assert.ok(took.peakMemoryBytes > least)
      assert.equal(await compute.usage(spec.id), undefined)
      assert.equal(await compute.usage('never'), undefined)
    })

    test('reads output in pieces', async () => {
      const spec = shell('printf 0123456789')
      await run(spec)
      const first = await compute.output(spec.id, 0, 4)
      assert.deepEqual([Buffer.from(first.bytes).toString(), first.next], ['0123', 4])
      const rest = await compute.output(spec.id, first.next)
      assert.deepEqual([Buffer.from(rest.bytes).toString(), rest.next], ['456789', 10])
      assert.deepEqual(await compute.output(spec.id, 10), { bytes: new Uint8Array(), next: 10 })
    })

    test('has a listening socket made, and handed on to the next process, without refusing a caller', async () => {
      const serve = `
        const server = require('net').createServer((c) => c.end(process.argv[1]))
        server.listen({ fd: 3 }, () => console.log('port', server.address().port))
        process.on('SIGTERM', () => server.close())`
      const server = (name: string, listen: NonNullable<ProcessSpec['listen']>) =>
        shell('', { id: name, argv: [process.execPath, '-e', serve, name], listen })
      const [one, two] = [server('one', { host: '127.0.0.1', port: 0 }), server('two', { from: 'one' })]
      await compute.start(one)
      await said(one, 'port')
      const port = Number(/port (\d+)/.exec(await text(one.id))?.[1])
      const ask = async () => {
        const socket = connect({ port, host: '127.0.0.1' })
        return (await socket.toArray()).join('')
      }
      assert.equal(await ask(), 'one')
      await compute.start(two)
      await said(two, `port ${port}`)
      const asked = Array.from({ length: 50 }, ask)
      await compute.cancel(one.id)
      for (const answer of await Promise.all(asked)) assert.match(answer, /^(one|two)$/)
      await compute.wait(one.id)
      assert.equal(await ask(), 'two')
      const three = await run(server('three', { host: '127.0.0.1', port }))
      assert.deepEqual(
        [three.reason, three.message],
        ['not-executable', `Port ${port} on 127.0.0.1 is taken.`],
      )
      await compute.cancel(two.id, { graceMs: 0 })
      await compute.wait(two.id)
    })

    test('forgets a process that is removed, but not its output', async () => {
      const spec = shell('echo kept')
      await run(spec)
      await compute.remove(spec.id)
      await compute.remove(spec.id)
      assert.deepEqual(await compute.inspect(spec.id), { phase: 'unknown' })
      assert.equal(await readFile(spec.outputFile, 'utf8'), 'kept\n')
    })

    test('knows nothing of an id that was never started', async () => {
      assert.deepEqual(await compute.inspect('never'), { phase: 'unknown' })
      await compute.cancel('never')
      await compute.remove('never')
      assert.deepEqual(await compute.output('never', 5), { bytes: new Uint8Array(), next: 5 })
      await assert.rejects(compute.wait('never'), /no process "never"/)
    })

    for (const id of ['', '.', '..', '../p1', 'a/b', '/etc', 'a\0b', 'a b', '~a', 'ä', 'x'.repeat(256)])
      test(`refuses the id ${JSON.stringify(id.slice(0, 20))}`, async () => {
        await assert.rejects(compute.start(shell('true', { id })), /not a process id/)
        assert.deepEqual(await compute.inspect(id), { phase: 'unknown' })
        await compute.cancel(id)
        await compute.remove(id)
        await assert.rejects(compute.wait(id), /no process/)
      })

    test('takes the longest id', async () => {
      assert.equal((await run(shell('true', { id: 'x'.repeat(255) }))).code, 0)
    })

    test('refuses what no process can be given', async () => {
      await assert.rejects(
        compute.start(shell('true', { env: { 'A=B': '' } })),
        /"A=B".*environment variable/,
      )
      await assert.rejects(compute.start(shell('true', { argv: ['a\0b'] })), /NUL/)
    })
  })
}

export function exited(state: ProcessState) {
  assert.ok(state.phase === 'exited', state.phase)
  return state
}

/** Fails if one of these process ids, separated by blanks, still runs; one that is dead may wait to be collected. */
export function assertGone(pids: string) {
  for (const pid of pids.trim().split(/\s+/)) {
    const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', pid], { encoding: 'utf8' })
    assert.match(stdout.trim(), /^(Z.*)?$/, `process ${pid} is still there`)
  }
}
