import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { existsSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { after, before, beforeEach, describe, test } from 'node:test'
import { gunzipSync, gzipSync } from 'node:zlib'
import { endpoint, runGateway } from '../../testing/gateway.ts'
import { promtool, startPrometheus } from '../../testing/prometheus.ts'
import type { Scored } from './collecting/scored.ts'
import { signEndpointToken } from './credentials/endpoint-token.ts'

const echo = (said: string) => `
import json
def init(): pass
def run(raw, request_headers):
    got = json.loads(raw)
    return {"by": "${said}", "got": got, "trace": request_headers.get("traceparent"), "id": request_headers.get("x-request-id"), "secret": request_headers.get("authorization")}
`

/** Waits for the file that the body names, or half a minute. */
const obedient = `
import json, os, time
def init(): pass
def run(raw):
    raw = json.loads(raw)
    open(raw + ".begun", "w").close()
    for _ in range(3000):
        if os.path.exists(raw + ".end"): return "done"
        time.sleep(0.01)
`

const { privateKey, publicKey } = generateKeyPairSync('ed25519')

describe('mirrors, sticky callers, tokens, encodings, traces', () => {
  const collected: Scored[] = []
  let gateway: Awaited<ReturnType<typeof runGateway>>
  before(async () => {
    gateway = await runGateway({
      maxBodyBytes: 10_000,
      tokenKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
      collector: { wants: (_, deployment) => deployment !== 'slow', collect: (s) => void collected.push(s) },
    })
    await Promise.all([
      gateway.instance('blue.sock', echo('blue')),
      gateway.instance('green.sock', echo('green')),
      gateway.instance('slow.sock', obedient),
    ])
    const both = { blue: { concurrency: 100, headers: true }, green: { concurrency: 100, headers: true } }
    const mirrored = endpoint({ blue: 100 }, { ...both, slow: { requestTimeoutMs: 60_000 } })
    gateway.apply({
      'dev/mirrored': { ...mirrored, mirror: { green: 25 } },
      'dev/burdened': { ...mirrored, mirror: { slow: 50 } },
      'dev/split': endpoint({ blue: 93, green: 7 }, both),
      'dev/sticky': { ...endpoint({ blue: 50, green: 50 }, both), stickyHeader: 'x-customer' },
      'dev/tokens': { ...mirrored, id: '/e', keys: [], endpointTokens: true },
      'dev/patient': endpoint({ slow: 100 }, { slow: { requestTimeoutMs: 60_000 } }),
      'dev/quick': endpoint({ slow: 100 }, { slow: { requestTimeoutMs: 60_000, queueWaitMs: 50 } }),
    })
  })
  after(() => gateway.stop())
  beforeEach(() => void collected.splice(0))

  const at = (name: string) => join(gateway.sockets, '..', name)
  const until = async (holds: () => boolean | Promise<boolean>) => {
    while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 5))
  }
  const metrics = async () => (await fetch(`${gateway.base}/metrics`)).text()

  test('exactly so many of every hundred requests are mirrored, logged, counted, collected; nobody notices', async () => {
    for (let i = 0; i < 40; i++) {
      const answer = await gateway.score('/dev/mirrored/score', '[1]')
      assert.equal(((await answer.json()) as { by: string }).by, 'blue')
    }
    await until(() => collected.length === 50)
    const copies = collected.filter((s) => s.mirrored)
    assert.equal(copies.length, 10)
    const [copy] = copies
    assert.equal(copy?.deployment, 'green')
    assert.match(copy?.response.body.toString() ?? '', /"by": "green"/)
    assert.ok(collected.some((s) => !s.mirrored && s.requestId === copy?.requestId))
    assert.equal(gateway.log.filter((entry) => entry.mirrored).length, 10)
    assert.match(
      await metrics(),
      /twinloop_scoring_mirrored_total\{endpoint="dev\/mirrored",deployment="green",outcome="answered"\} 10/,
    )
  })

  test('a mirror that hangs takes what fits and drops the rest, and callers wait for nothing', async () => {
    for (let i = 0; i < 20; i++)
      assert.equal((await gateway.score('/dev/burdened/score', JSON.stringify(at('m')))).status, 200)
    await until(async () => /deployment="slow",outcome="dropped"\} 8\n/.test(await metrics()))
    writeFileSync(at('m.end'), '')
  })

  test('a caller with the sticky header stays where it is; callers without are split', async () => {
    const by = async (headers: Record<string, string>) =>
      ((await (await gateway.score('/dev/sticky/score', '1', headers)).json()) as { by: string }).by
    const first = new Map<string, string>()
    for (let i = 0; i < 20; i++) first.set(`c${i}`, await by({ 'X-Customer': `c${i}` }))
    assert.deepEqual([...new Set(first.values())].sort(), ['blue', 'green'])
    for (const [customer, deployment] of first) assert.equal(await by({ 'x-customer': customer }), deployment)
    assert.deepEqual([await by({}), await by({})].sort(), ['blue', 'green'])
  })

  test('the split is exact also when many callers come at once', async () => {
    const served: Record<string, number> = {}
    const caller = async () => {
      for (let i = 0; i < 100; i++) {
        const answer = await gateway.score('/dev/split/score', '1')
        const by = answer.headers.get('azureml-model-deployment') ?? String(answer.status)
        await answer.arrayBuffer()
        served[by] = (served[by] ?? 0) + 1
      }
    }
    await Promise.all(Array.from({ length: 20 }, caller))
    assert.deepEqual(served, { blue: 1860, green: 140 })
  })

  test('tokens for the endpoint are verified without the control plane', async () => {
    const now = Math.floor(Date.now() / 1000)
    const token = (claims: object) =>
      signEndpointToken(privateKey, { sub: 'ann', aud: '/e', iat: now, exp: now + 60, ...claims })
    const status = async (bearer: string) =>
      (await gateway.score('/dev/tokens/score', '1', { authorization: `Bearer ${bearer}` })).status
    assert.equal(await status(token({})), 200)
    assert.equal(await status(token({})), 200)
    assert.equal(await status(token({ exp: now - 1 })), 401)
    assert.equal(await status(token({ aud: '/f' })), 401)
    assert.equal(await status('key'), 401)
  })

  test('gzip comes in and goes out', async () => {
    const headers = { authorization: 'Bearer key', 'content-encoding': 'gzip', 'accept-encoding': 'gzip' }
    const rows = JSON.stringify(Array.from({ length: 1000 }, (_, i) => i))
    const sent = request(`${gateway.base}/dev/sticky/score`, { method: 'POST', headers })
    const answered = new Promise<{ encoding: unknown; body: Buffer }>((resolve, reject) => {
      sent.on('error', reject).on('response', (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('end', () =>
          resolve({ encoding: response.headers['content-encoding'], body: Buffer.concat(chunks) }),
        )
      })
    })
    sent.end(gzipSync(rows))
    const { encoding, body } = await answered
    assert.equal(encoding, 'gzip')
    assert.equal((JSON.parse(gunzipSync(body).toString()) as { got: number[] }).got.length, 1000)
    const bomb = { method: 'POST', headers, body: gzipSync('1'.repeat(20_000)) }
    assert.equal((await fetch(`${gateway.base}/dev/sticky/score`, bomb)).status, 413)
    const unknown = { ...bomb, headers: { ...headers, 'content-encoding': 'zstd' } }
    assert.equal((await fetch(`${gateway.base}/dev/sticky/score`, unknown)).status, 415)
  })

  test('a trace goes on to the model and into the log; what is none does not; credentials never', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
    const told = async (value: string) =>
      (await (await gateway.score('/dev/sticky/score', '1', { traceparent: value })).json()) as {
        trace: string
        secret: string | null
        id: string | null
      }
    const { trace, secret, id } = await told(traceparent)
    assert.deepEqual([trace, secret], [traceparent, null])
    assert.match(String(id), /^[-0-9a-f]{36}$/, 'also where the caller sends none')
    assert.equal(gateway.log.at(-1)?.traceId, '0af7651916cd43dd8448eb211c80319c')
    await told('00-0-0-00')
    assert.equal(gateway.log.at(-1)?.traceId, undefined)
  })

  test('a caller that goes away while it waits gives its place back; who waits too long is 429', async () => {
    const begin = async (path: string, name: string) => {
      const answer = gateway.score(path, JSON.stringify(at(name)))
      await until(() => existsSync(at(`${name}.begun`)))
      return { answer }
    }
    const waiting = (n: number) => async () =>
      (await metrics()).includes(`requests_waiting{endpoint="dev/patient",deployment="slow"} ${n}`)
    const patient = await begin('/dev/patient/score', 'p')
    const leaving = new AbortController()
    const gone = fetch(`${gateway.base}/dev/patient/score`, {
      method: 'POST',
      headers: { authorization: 'Bearer key' },
      body: JSON.stringify(at('never')),
      signal: leaving.signal,
    })
    await until(waiting(1))
    leaving.abort()
    await assert.rejects(gone)
    await until(waiting(0))
    assert.equal(gateway.log.at(-1)?.reason, 'cancelled')
    const quick = await begin('/dev/quick/score', 'q')
    const waited = await gateway.score('/dev/quick/score', JSON.stringify(at('r')))
    assert.equal(waited.status, 429)
    assert.match(await waited.text(), /maxQueueWait/)
    for (const name of ['p', 'q']) writeFileSync(at(`${name}.end`), '')
    assert.deepEqual([(await patient.answer).status, (await quick.answer).status], [200, 200])
    assert.equal(existsSync(at('never.begun')), false)
  })

  test('promtool finds nothing to say about the metrics', async (t) => {
    const tool = await promtool()
    if (tool === undefined) return t.skip('there is no promtool here, nor a Debian package of it')
    const text = await metrics()
    assert.match(text, /twinloop_scoring_errors_total\{[^}]*reason="waited_too_long"/)
    const { status, stdout, stderr } = spawnSync(tool, ['check', 'metrics'], {
      input: text,
      encoding: 'utf8',
    })
    assert.deepEqual([status, stdout, stderr], [0, '', ''])
  })

  test('a real Prometheus scrapes them', async (t) => {
    const prometheus = await startPrometheus(new URL(gateway.base).host)
    if (prometheus === undefined) return t.skip('there is no Prometheus here, nor a Debian package of it')
    try {
      const answered = 'sum(http_server_request_duration_seconds_count{endpoint="dev/quick",status="429"})'
      assert.ok((await prometheus.value(answered)) >= 1)
      assert.equal(await prometheus.value('up{job="twinloop"}'), 1)
    } finally {
      await prometheus.end()
    }
  })

  test('a deployment that goes takes its series with it', async () => {
    await gateway.score('/dev/sticky/score', '1')
    assert.match(await metrics(), /endpoint="dev\/sticky"/)
    gateway.apply({})
    await until(async () => !(await metrics()).includes('endpoint="dev/sticky"'))
  })
})
