import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { after, before, describe, test } from 'node:test'
import { UserError } from '../../../kernel/errors.ts'
import { httpsFile } from './https-file.ts'
import { readableContract } from '../store.contract.ts'

const text = Buffer.from('hello, flights')
let base = ''
let failing = 0

/** Each path is a server of another temper. */
const answers: Readonly<Record<string, (request: IncomingMessage, response: ServerResponse) => void>> = {
  '/ranges': (request, response) => {
    response.setHeader('etag', '"v1"')
    const range = /bytes=(\d+)-(\d*)/.exec(request.headers.range ?? '')
    if (range === null) return response.setHeader('content-length', text.length).end(text)
    const [start, end] = [Number(range[1]), Math.min(Number(range[2] || text.length), text.length - 1)]
    if (start >= text.length) return response.writeHead(416).end()
    response.writeHead(206, { 'content-range': `bytes ${start}-${end}/${text.length}` })
    return response.end(text.subarray(start, end + 1))
  },
  '/plain': (request, response) => {
    if (request.method === 'HEAD') return response.writeHead(405).end()
    response.setHeader('last-modified', 'Mon, 01 Jun 2026 00:00:00 GMT')
    return response.setHeader('content-length', text.length).end(text)
  },
  '/tired': (_request, response) => response.writeHead(failing-- > 0 ? 503 : 200).end('awake'),
  '/closed': (_request, response) => response.writeHead(403).end('geheim'),
}

const server = createServer((request, response) => {
  const answer = answers[request.url?.split('?')[0] ?? '']
  if (answer === undefined) response.writeHead(404).end()
  else answer(request, response)
})
before(async () => {
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
after(() => {
  server.closeAllConnections()
  server.close()
})

const at = (path: string) => httpsFile(`${base}${path}`, { pausesMs: [0, 0, 0] })
const open = (path: string) => async () => ({ store: at(path), path: '', missing: at('/gone') })

readableContract('a URL of a server with ranges and ETags', open('/ranges?sig=geheim'))
readableContract('a URL of a server with neither, nor with HEAD', open('/plain'))

describe('a URL', () => {
  const refused = (pattern: RegExp) => (error: unknown) => {
    assert.ok(error instanceof UserError)
    assert.match(error.message, pattern)
    assert.doesNotMatch(error.message, /geheim/)
    return true
  }

  test('is asked again by a server that is busy, and not for ever', async () => {
    failing = 2
    assert.equal((await buffer(await at('/tired').read(''))).toString(), 'awake')
    failing = 100
    await assert.rejects(at('/tired').read(''), refused(/cannot answer now \(503\)/))
  })

  test('that is closed to us says so, without its query', async () => {
    await assert.rejects(
      at('/closed?sig=geheim').head(''),
      refused(/^'http:\S+\/closed': \S+ refuses access without credentials \(403\)\.$/),
    )
  })

  test('of a host that is not there says so at once', async () => {
    const closed = createServer()
    await new Promise<void>((listening) => closed.listen(0, '127.0.0.1', listening))
    const { port } = closed.address() as AddressInfo
    await new Promise((done) => closed.close(done))
    await assert.rejects(
      httpsFile(`http://127.0.0.1:${port}/x?sig=geheim`).head(''),
      refused(/cannot be reached at 127\.0\.0\.1:\d+: nothing answers there/),
    )
  })
})
