import assert from 'node:assert/strict'
import { once } from 'node:events'
import { after, before, describe, test } from 'node:test'
import { endpoint, runGateway } from '../../testing/gateway.ts'

const script = `
import json, os, signal, sys, time
def init(): pass
def run(raw):
    asked = json.loads(raw)
    if asked == "close":
        sys.stdout.close(); sys.stderr.close()
        for stream in (0, 1, 2): os.close(stream)
    if asked == "shout": os.write(1, b"x" * 100)
    if asked == "print": print("loudly")
    if asked == "fork and return": return "child" if os.fork() == 0 else "parent"
    if asked == "fork and stay":
        child = os.fork()
        if child == 0: signal.pause()
        return child
    if asked == "exit": os._exit(3)
    return asked
`

describe('scripts that do what no script should', () => {
  let gateway: Awaited<ReturnType<typeof runGateway>>
  before(async () => {
    gateway = await runGateway()
    await gateway.instance('blue.sock', script)
    gateway.apply({ 'dev/flights': endpoint({ blue: 100 }, { blue: {} }) })
  })
  after(() => gateway.stop())

  const ask = async (what: string) => {
    const answer = await gateway.score('/dev/flights/score', JSON.stringify(what))
    return [answer.status, await answer.text()] as const
  }

  test('a child that comes back from run() answers nobody', async () => {
    for (let i = 0; i < 5; i++) {
      assert.deepEqual(await ask('fork and return'), [200, '"parent"'])
      assert.deepEqual(await ask(`plain ${i}`), [200, `"plain ${i}"`])
    }
  })

  test('closed streams break no other answer: what prints then fails alone', async () => {
    assert.deepEqual(await ask('close'), [200, '"close"'])
    assert.equal((await ask('print'))[0], 424)
    assert.deepEqual(await ask('a'), [200, '"a"'])
    // Into the log, if a connection came meanwhile; else it fails. Never into the answer of another.
    assert.ok([200, 424].includes((await ask('shout'))[0]))
    assert.deepEqual(await ask('b'), [200, '"b"'])
  })

  test('an instance that ends is seen to have ended, though its child lives on', async () => {
    const [, text] = await ask('fork and stay')
    try {
      assert.match((await ask('exit'))[1], /The instance ended while it had this request/)
    } finally {
      process.kill(Number(text), 'SIGKILL')
    }
    const child = await gateway.instance('blue.sock', script)
    assert.deepEqual(await ask('again'), [200, '"again"'])
    child.kill('SIGKILL')
    await once(child, 'exit')
  })
})
