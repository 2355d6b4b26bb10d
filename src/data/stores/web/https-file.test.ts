import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { after, before, describe, test } from 'node:test'
import { UserError } from '../../../kernel/errors.ts'
import { fileNameOf, httpsFile } from './https-file.ts'
import { fetchOpenly } from './open-web.ts'
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
  '/moved': (_request, response) => response.writeHead(302, { location: '/plain' }).end(),
  '/circle': (_request, response) => response.writeHead(307, { location: '/circle?sig=geheim' }).end(),
  '/metadata': (_request, response) =>
    response.writeHead(302, { location: 'http://169.254.169.254/latest/meta-data/?geheim' }).end(),
  '/file': (_request, response) => response.writeHead(301, { location: 'file:///etc/passwd' }).end(),
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

test('a file from a URL gets a name that leads nowhere else', () => {
  const names: readonly (readonly [path: string, name: string])[] = [
    ['/a/flights%202013.csv?sig=x', 'flights 2013.csv'],
    ['/a/', 'a'],
    ['/', 'download'],
    ['/x%2F..', 'download'],
    ['/%2e%2e%2f%2e%2e', 'download'],
    ['/a%2Fb.csv', 'b.csv'],
    ['/a%00.csv', 'download'],
    ['/100%.csv', '100%.csv'],
    ['/%ff.csv', '%ff.csv'],
    [`/${'é'.repeat(200)}.csv`, 'download.csv'],
  ]
  for (const [path, name] of names) assert.equal(fileNameOf(`https://example.org${path}`), name, path)
})

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

  test('is followed to where it has moved, and no further than that makes sense', async () => {
    assert.equal((await buffer(await at('/moved').read(''))).toString(), text.toString())
    await assert.rejects(at('/circle').read(''), refused(/leads on and on \(5 redirections/))
    await assert.rejects(at('/file').read(''), refused(/cannot be read: expected a URL of https/))
  })

  test('never leads to where a cloud gives its machines their credentials', async () => {
    await assert.rejects(at('/metadata').read(''), refused(/169\.254\.169\.254 is an address of/))
    for (const url of [
      'http://169.254.169.254/latest/meta-data/',
      'http://0xA9FEA9FE/',
      'http://[::ffff:169.254.169.254]/',
      'http://[fe80::1]/',
      'http://[fd00:ec2::254]/latest',
      'http://0/',
    ])
      await assert.rejects(httpsFile(url).head(''), refused(/is not read from/), url)
    const led = fetchOpenly(
      () => Promise.reject(new Error('asked')),
      async () => ['10.0.0.1', '169.254.169.254'],
    )
    await assert.rejects(led('https://data.example/x', {}), refused(/data\.example is an address/))
    await assert.rejects(httpsFile('https://me:geheim@example.org/x').head(''), refused(/a password in it/))
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
