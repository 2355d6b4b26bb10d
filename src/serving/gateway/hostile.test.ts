import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { after, before, describe, test } from 'node:test'
import * as fc from 'fast-check'
import { endpoint, runGateway } from '../../testing/gateway.ts'

const script = `
import json
def init(): pass
def run(raw): return len(raw)
`

describe('bodies and bytes that nobody should send', () => {
  let gateway: Awaited<ReturnType<typeof runGateway>>
  before(async () => {
    gateway = await runGateway({ maxBodyBytes: 5000, bodyBudgetBytes: 12_000 })
    await gateway.instance('blue.sock', script)
    gateway.apply({ 'dev/flights': endpoint({ blue: 100 }, { blue: { concurrency: 50 } }) })
  })
  after(() => gateway.stop())

  const port = () => Number(new URL(gateway.base).port)
  const alive = async () => assert.equal((await gateway.score('/dev/flights/score', 'x')).status, 200)

  /** Sends bytes as they are and answers with what came back until the other side closed, or `wait` was over. */
  async function raw(bytes: string | Uint8Array, wait = 200): Promise<string> {
    const socket = connect(port(), '127.0.0.1')
    let got = ''
    socket.setEncoding('latin1').on('data', (text: string) => (got += text))
    socket.on('error', () => {})
    await once(socket, 'connect')
    socket.write(bytes)
    await Promise.race([once(socket, 'close'), new Promise((resolve) => setTimeout(resolve, wait))])
    socket.destroy()
    return got
  }

  test('any body is answered: text that is taken, bytes that are no text, every encoding that it is not', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 300 }),
        fc.constantFrom('identity', 'gzip', 'deflate', 'br', 'zstd', ''),
        fc.constantFrom('score', 'invocations', 'v2/models/flights/infer'),
        async (body, encoding, path) => {
          const headers = {
            authorization: 'Bearer key',
            ...(encoding === '' ? {} : { 'content-encoding': encoding }),
          }
          const answer = await fetch(`${gateway.base}/dev/flights/${path}`, { method: 'POST', body, headers })
          // A script that answers infer with what is no tensor, or raises, is the model's fault.
          assert.ok([200, 400, 415, 424].includes(answer.status), String(answer.status))
          JSON.parse(await answer.text())
        },
      ),
      { numRuns: 60 },
    )
    await alive()
  })

  test('any path and any headers are answered, and none with 500', async () => {
    await fc.assert(
      fc.asyncProperty(fc.webPath(), fc.webQueryParameters(), async (path, query) => {
        const answer = await fetch(`${gateway.base}/dev/flights${path}?${query}`, {
          method: 'POST',
          body: '{}',
        })
        assert.ok([401, 404, 405].includes(answer.status), `${answer.status} ${path}`)
      }),
      { numRuns: 60 },
    )
    const head = 'POST /dev/flights/score HTTP/1.1\r\nhost: x\r\nauthorization: Bearer key\r\n'
    const refused: [string, RegExp][] = [
      [`${head}content-length: -1\r\n\r\n`, /^HTTP\/1.1 400/],
      [`${head}content-length: 1\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`, /^HTTP\/1.1 400/],
      [`${head}transfer-encoding: chunked\r\n\r\nzz\r\n`, /^HTTP\/1.1 400/],
      [`${head}x-long: ${'x'.repeat(20_000)}\r\n\r\n`, /^HTTP\/1.1 431/],
      ['GET / HTTP/9.9\r\n\r\n', /^HTTP\/1.1 400/],
      ['\u0016\u0003\u0001 not HTTP at all\r\n\r\n', /^HTTP\/1.1 400/],
    ]
    for (const [bytes, expected] of refused) assert.match(await raw(bytes), expected, bytes.slice(0, 120))
    const triton = await fetch(`${gateway.base}/dev/flights/v2/models/flights/infer`, {
      method: 'POST',
      body: new Uint8Array([123, 125, 0, 1]),
      headers: { authorization: 'Bearer key', 'inference-header-content-length': '2' },
    })
    assert.equal(triton.status, 415)
    assert.match(await triton.text(), /binary_data=False/)
    await alive()
  })

  test('slow callers hold no instance, and no more memory than the budget', async () => {
    const slow = await Promise.all(
      Array.from({ length: 30 }, async () => {
        const socket = connect(port(), '127.0.0.1')
        socket.on('error', () => {})
        await once(socket, 'connect')
        socket.write(
          'POST /dev/flights/score HTTP/1.1\r\nhost: x\r\nauthorization: Bearer key\r\ncontent-length: 4000\r\n\r\n',
        )
        socket.write('x'.repeat(500))
        return socket
      }),
    )
    const answers = slow.map((socket) => once(socket, 'data').then(([data]) => String(data).slice(9, 12)))
    const some = await Promise.race(answers)
    assert.equal(some, '503')
    const text = await (await fetch(`${gateway.base}/metrics`)).text()
    assert.match(text, /requests_in_flight\{endpoint="dev\/flights",deployment="blue"\} 0/)
    for (const socket of slow) socket.destroy()
    await Promise.allSettled(answers.map((a) => Promise.race([a, Promise.resolve()])))
    while ((await gateway.score('/dev/flights/score', 'x')).status !== 200);
  })
})
