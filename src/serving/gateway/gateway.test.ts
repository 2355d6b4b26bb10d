import assert from 'node:assert/strict'
import { once } from 'node:events'
import { existsSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { endpoint, runGateway, sockets } from '../../testing/gateway.ts'

const echo = (said: string) => `
import json
def init(): pass
def run(raw): return {"by": "${said}", "got": json.loads(raw)}
`

/** Answers at once, except a body that is the name of a file: then when that file is there (or after half a minute). */
const obedient = `
import os, time, threading
def init(): pass
def run(raw):
    open(raw + ".begun", "w").close()
    for _ in range(3000):
        if os.path.exists(raw + ".end"): return "done"
        time.sleep(0.01)
`

const failing = `
class Response:
    status_code = 503
    content_type = "text/plain"
    def get_data(self): return b"come back later"
def init(): pass
def run(raw):
    if raw == "respond": return Response()
    if raw == "number": return float("nan")
    raise ValueError("secret detail")
`

describe('the gateway', () => {
  let gateway: Awaited<ReturnType<typeof runGateway>>
  before(async () => {
    gateway = await runGateway({ maxBodyBytes: 1000 })
    await Promise.all([
      gateway.instance('blue.sock', echo('blue')),
      gateway.instance('green.sock', echo('green')),
      gateway.instance('bad.sock', failing),
    ])
    gateway.apply({
      'dev/flights': endpoint({ blue: 90, green: 10 }, { blue: {}, green: {}, bad: {} }),
      'dev/idle': endpoint({ blue: 0 }, { blue: {} }),
      'dev/starting': endpoint({ soon: 100 }, { soon: { requestTimeoutMs: 50 } }),
      'dev/tokens': { ...endpoint({ blue: 100 }, { blue: {} }), keys: [], platformTokens: true },
    })
  })
  after(() => gateway.stop())

  test('splits traffic exactly and says who served', async () => {
    const served: Record<string, number> = {}
    for (let i = 0; i < 200; i++) {
      const answer = await gateway.score('/dev/flights/score', '[1]')
      const { by } = (await answer.json()) as { by: string }
      assert.equal(answer.headers.get('azureml-model-deployment'), by)
      served[by] = (served[by] ?? 0) + 1
    }
    assert.deepEqual(served, { blue: 180, green: 20 })
  })

  test('a header names the deployment; an unknown one is 404', async () => {
    const answer = await gateway.score('/DEV/Flights/score', '1', { 'azureml-model-deployment': 'Green' })
    assert.deepEqual(await answer.json(), { by: 'green', got: 1 })
    const unknown = await gateway.score('/dev/flights/score', '1', { 'azureml-model-deployment': 'red' })
    assert.equal(unknown.status, 404)
    assert.match(await unknown.text(), /no deployment red; it has blue, green/)
  })

  test('keys: wrong, missing and malformed are 401; a token where the control plane is away is 503', async () => {
    for (const authorization of ['Bearer wrong', '', 'Basic a2V5', 'Bearer', 'Bearer key x']) {
      const answer = await gateway.score('/dev/flights/score', '1', { authorization })
      assert.equal(answer.status, 401, authorization)
    }
    assert.equal((await gateway.score('/dev/tokens/score', '1')).status, 503)
  })

  test('nothing with traffic, unknown endpoints and paths are 404, other methods 405', async () => {
    assert.match(
      await (await gateway.score('/dev/idle/score', '1')).text(),
      /No deployment of this endpoint has traffic/,
    )
    const near = await gateway.score('/dev/flight/score', '1')
    assert.equal(near.status, 404)
    assert.match(await near.text(), /Did you mean dev\/flights/)
    for (const path of ['/nothing', '/dev/flights/score/more', '/..%2f/x'])
      assert.equal((await gateway.score(path, '1')).status, 404)
    assert.equal((await fetch(`${gateway.base}/dev/flights/score`)).status, 405)
  })

  test('bodies: too large 413 (announced or not), encoded 415, not text 400', async () => {
    assert.equal((await gateway.score('/dev/flights/score', 'x'.repeat(1001))).status, 413)
    const body = new ReadableStream({
      start(controller) {
        for (let i = 0; i < 20; i++) controller.enqueue(new Uint8Array(100))
        controller.close()
      },
    })
    const headers = { authorization: 'Bearer key' }
    const streamed = await fetch(`${gateway.base}/dev/flights/score`, {
      method: 'POST',
      body,
      headers,
      duplex: 'half',
    })
    assert.equal(streamed.status, 413)
    const zipped = await gateway.score('/dev/flights/score', '1', { 'content-encoding': 'gzip' })
    assert.equal(zipped.status, 400)
    const binary = await fetch(`${gateway.base}/dev/flights/score`, {
      method: 'POST',
      body: new Uint8Array([255]),
      headers,
    })
    assert.equal(binary.status, 400)
  })

  test('what the model raises stays in its log; its own statuses are 424 with Azure’s headers', async () => {
    const force = { 'azureml-model-deployment': 'bad' }
    const raised = await gateway.score('/dev/flights/score', 'raise', force)
    assert.equal(raised.status, 424)
    assert.equal(raised.headers.get('ms-azureml-model-error-statuscode'), '500')
    assert.equal(raised.headers.get('ms-azureml-model-error-reason'), 'model_error')
    assert.equal(raised.headers.get('x-ms-run-function-failed'), 'True')
    assert.doesNotMatch(await raised.text(), /secret detail/)
    const responded = await gateway.score('/dev/flights/score', 'respond', force)
    assert.equal(responded.status, 424)
    assert.equal(responded.headers.get('ms-azureml-model-error-statuscode'), '503')
    assert.equal(await responded.text(), 'come back later')
    assert.equal(await (await gateway.score('/dev/flights/score', 'number', force)).text(), 'null')
  })

  test('request ids go in and out; too long a one is 431', async () => {
    const named = await gateway.score('/dev/flights/score', '1', {
      'x-request-id': 'mine',
      'x-ms-client-request-id': 'c',
    })
    assert.equal(named.headers.get('x-request-id'), 'mine')
    assert.equal(named.headers.get('x-ms-client-request-id'), 'c')
    assert.match(
      (await gateway.score('/dev/flights/score', '1')).headers.get('x-request-id') ?? '',
      /^[0-9a-f-]{36}$/,
    )
    assert.equal(
      (await gateway.score('/dev/flights/score', '1', { 'x-request-id': 'x'.repeat(101) })).status,
      431,
    )
    assert.equal(gateway.log.find((entry) => entry.requestId === 'mine')?.status, 200)
  })

  test('no instance up is 503 within the request timeout', async () => {
    const answer = await gateway.score('/dev/starting/score', '1')
    assert.equal(answer.status, 503)
    assert.equal(answer.headers.get('ms-azureml-model-error-reason'), 'model_not_ready')
  })

  test('health, metrics and swagger', async () => {
    assert.equal(await (await fetch(`${gateway.base}/`)).text(), 'Healthy')
    assert.equal(await (await fetch(`${gateway.base}/dev/flights/`)).text(), 'Healthy')
    const swagger = (await (
      await fetch(`${gateway.base}/dev/flights/swagger.json`, { headers: { authorization: 'Bearer key' } })
    ).json()) as Record<string, unknown>
    assert.deepEqual(swagger['servers'], [{ url: `${gateway.base}/dev/flights` }])
    assert.equal((await fetch(`${gateway.base}/dev/flights/swagger.json`)).status, 401)
    const metrics = await (await fetch(`${gateway.base}/metrics`)).text()
    assert.match(
      metrics,
      /http_server_request_duration_seconds_count\{endpoint="dev\/flights",deployment="green",status="200"\}/,
    )
    assert.match(metrics, /twinloop_instances_up\{endpoint="dev\/starting",deployment="soon"\} 0/)
  })

  test('a caller that breaks off in the middle of its body disturbs nobody', async () => {
    const socket = connect(Number(new URL(gateway.base).port), '127.0.0.1')
    await once(socket, 'connect')
    const before = gateway.log.length
    socket.write(
      'POST /dev/flights/score HTTP/1.1\r\nhost: x\r\nauthorization: Bearer key\r\ncontent-length: 10\r\n\r\n12',
    )
    socket.destroy()
    assert.equal((await gateway.score('/dev/flights/score', '1')).status, 200)
    assert.ok(gateway.log.slice(before).every((entry) => entry.status === 200 || entry.status === 499))
  })
})

describe('under load and when instances die', () => {
  let gateway: Awaited<ReturnType<typeof runGateway>>
  before(async () => {
    gateway = await runGateway()
  })
  after(() => gateway.stop())

  const at = (name: string) => join(gateway.sockets, '..', name)
  const finish = (name: string) => writeFileSync(at(`${name}.end`), '')
  const until = async (holds: () => boolean) => {
    while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5))
  }

  test('more than twice the concurrency is 429; too slow is 408, and its place stays taken until it is done', async () => {
    await gateway.instance('slow.sock', obedient)
    gateway.apply({ 'dev/slow': endpoint({ slow: 100 }, { slow: { requestTimeoutMs: 400 } }) })
    const running = gateway.score('/dev/slow/score', at('a'))
    await until(() => existsSync(at('a.begun')))
    const waiting = gateway.score('/dev/slow/score', at('b'))
    const third = await gateway.score('/dev/slow/score', at('c'))
    assert.equal(third.status, 429)
    assert.equal(third.headers.get('retry-after'), '1')
    assert.deepEqual([(await running).status, (await waiting).status], [408, 408])
    assert.equal(existsSync(at('b.begun')), false)
    finish('a')
    finish('d')
    assert.equal((await gateway.score('/dev/slow/score', at('d'))).status, 200)
  })

  test('kill -9 fails only what the instance had; what waited is served when it is back', async () => {
    const first = await gateway.instance('frail.sock', obedient)
    gateway.apply({ 'dev/frail': endpoint({ frail: 100 }, { frail: { requestTimeoutMs: 30_000 } }) })
    const running = gateway.score('/dev/frail/score', at('e'))
    await until(() => existsSync(at('e.begun')))
    finish('f')
    const waiting = gateway.score('/dev/frail/score', at('f'))
    first.kill('SIGKILL')
    const lost = await running
    assert.equal(lost.status, 424)
    assert.equal(lost.headers.get('ms-azureml-model-error-reason'), 'model_crashed')
    await gateway.instance('frail.sock', obedient)
    assert.equal((await waiting).status, 200)
  })

  test('a request that wakes a sleeping deployment is answered, and its cold start is measured', async () => {
    await gateway.instance('sleepy.sock', echo('sleepy'))
    const route = { asleepMs: 20_000, queueWaitMs: 1 }
    gateway.apply({ 'dev/sleepy': endpoint({ s: 100 }, { s: { ...route, instances: [] } }) })
    const answer = gateway.score('/dev/sleepy/score', '[1]')
    const metrics = async () => (await fetch(`${gateway.base}/metrics`)).text()
    while (
      !/twinloop_scoring_requests_waiting\{endpoint="dev\/sleepy",deployment="s"\} 1/.test(await metrics())
    );
    gateway.apply({
      'dev/sleepy': endpoint({ s: 100 }, { s: { ...route, instances: sockets('sleepy.sock') } }),
    })
    assert.equal((await answer).status, 200)
    assert.equal((await gateway.score('/dev/sleepy/score', '[1]')).status, 200)
    assert.match(
      await metrics(),
      /twinloop_scoring_cold_start_duration_seconds_count\{endpoint="dev\/sleepy",deployment="s"\} 1/,
    )
  })

  test('SIGTERM loses nothing: the replacement takes over while requests keep coming', async () => {
    const script = 'def init(): pass\ndef run(raw): return raw\n'
    const old = await gateway.instance('old.sock', script)
    const route = { requestTimeoutMs: 30_000, concurrency: 2 }
    gateway.apply({ 'dev/drain': endpoint({ d: 100 }, { d: { ...route, instances: sockets('old.sock') } }) })
    const statuses: number[] = []
    const stopping = new AbortController()
    const callers = [1, 2, 3].map(async () => {
      while (!stopping.signal.aborted) statuses.push((await gateway.score('/dev/drain/score', 'x')).status)
    })
    await until(() => statuses.length > 100)
    await gateway.instance('new.sock', script)
    const seen = statuses.length
    const exited = once(old, 'exit')
    old.kill('SIGTERM')
    gateway.apply({ 'dev/drain': endpoint({ d: 100 }, { d: { ...route, instances: sockets('new.sock') } }) })
    assert.deepEqual(await exited, [0, null])
    await until(() => statuses.length > seen + 100)
    stopping.abort()
    await Promise.all(callers)
    assert.deepEqual([...new Set(statuses)], [200])
  })
})
