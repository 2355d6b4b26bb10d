import assert from 'node:assert/strict'
import { readFileSync, statSync } from 'node:fs'
import { request } from 'node:https'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { connect, type PeerCertificate } from 'node:tls'
import { Hono } from 'hono'
import { startTestApp, type TestApp } from '../../testing/app.ts'
import type { Frame } from '../rest/arm.ts'
import { openAuthority } from '../tls/authority.ts'
import { isLoopback, listen } from './listen.ts'

describe('HTTPS with an authority of its own', () => {
  let t: TestApp
  let ca: string
  before(async () => {
    t = await startTestApp()
    ca = readFileSync(join(t.home, 'ca.pem'), 'utf8')
  })
  after(() => t.end())

  const port = () => Number(new URL(t.app.platform.urls.https).port)

  /** Sends a PUT over TLS as a client that trusts `ca` alone. */
  async function put(host: string, path: string, body: unknown, trusted: string | undefined = ca) {
    const done = Promise.withResolvers<{ status: number; headers: NodeJS.Dict<string | string[]> }>()
    const headers = { authorization: `Bearer ${t.token}`, 'content-type': 'application/json' }
    const sent = request(
      { host, port: port(), path, method: 'PUT', headers, ...(trusted === undefined ? {} : { ca: trusted }) },
      (answer) => {
        answer
          .resume()
          .on('end', () => done.resolve({ status: answer.statusCode ?? 0, headers: answer.headers }))
      },
    )
    sent.on('error', done.reject).end(JSON.stringify(body))
    return done.promise
  }

  async function handshake(servername: string): Promise<PeerCertificate> {
    const done = Promise.withResolvers<PeerCertificate>()
    const socket = connect({ host: '127.0.0.1', port: port(), ca, servername }, () => {
      done.resolve(socket.getPeerCertificate())
      socket.destroy()
    })
    socket.on('error', done.reject)
    return done.promise
  }

  test('a client that trusts ca.pem is served, and stays on https', async () => {
    const body = { properties: { computeType: 'AmlCompute' } }
    for (const host of ['127.0.0.1', 'localhost']) {
      const { status, headers } = await put(host, `${t.workspace}/computes/over-tls`, body)
      assert.ok(status === 200 || status === 201)
      assert.ok(String(headers['azure-asyncoperation']).startsWith(`https://${host}:${port()}/`))
    }
  })

  test('a client that does not trust it refuses', async () => {
    await assert.rejects(put('127.0.0.1', '/healthz', {}, 'nobody'), {
      code: /UNABLE_TO_VERIFY|SELF_SIGNED|UNABLE_TO_GET/,
    })
  })

  test('a name that only the client knows gets a certificate of its own', async () => {
    assert.match((await handshake('localhost')).subjectaltname ?? '', /IP Address:127\.0\.0\.1/)
    assert.equal((await handshake('ml.example.org')).subjectaltname, 'DNS:ml.example.org')
    assert.equal((await handshake('ml.example.org')).subjectaltname, 'DNS:ml.example.org')
  })

  test('the certificate is served in the open on plain HTTP, and its key is nowhere in the open', async () => {
    const answer = await fetch(`${t.app.platform.urls.http}/ca.pem`)
    assert.equal(await answer.text(), ca)
    assert.doesNotMatch(ca, /PRIVATE/)
    assert.equal(statSync(join(t.home, 'ca.pem')).mode & 0o777, 0o644)
    for (const { value } of await t.app.platform.store.db.selectFrom('secrets').selectAll().execute())
      assert.doesNotMatch(value, /PRIVATE/)
  })

  test('the same authority is there after a restart, and again from a restored store', async () => {
    const again = await openAuthority({ ...t.app.platform, home: t.home })
    assert.equal(again.certificate, ca)
  })

  test('a port that is taken is named, with what to do, and the other one is given back', async () => {
    const { config } = t.app.platform
    const authority = await openAuthority({ ...t.app.platform, home: t.home })
    const listening = listen(new Hono<Frame>(), { ...config, httpsPort: port() }, authority)
    await assert.rejects(listening, (error: Error) => {
      assert.match(error.message, new RegExp(`Port ${port()} .*TWINLOOP_HTTPS_PORT`))
      return true
    })
  })

  test('an authority that would end before a server certificate is replaced', async () => {
    const later = () => new Date(Date.now() + 3650 * 86_400_000)
    const next = await openAuthority({ ...t.app.platform, home: t.home, clock: later })
    assert.notEqual(next.certificate, ca)
    assert.equal(readFileSync(join(t.home, 'ca.pem'), 'utf8'), next.certificate)
  })
})

test('beyond loopback there is only HTTPS', async () => {
  const t = await startTestApp({ host: '0.0.0.0' })
  assert.match(t.app.platform.urls.http, /^http:\/\/127\.0\.0\.1:/)
  assert.doesNotMatch(t.app.platform.urls.https, /0\.0\.0\.0/)
  await t.end()
  assert.deepEqual(
    ['127.0.0.1', '127.8.8.8', '::1', 'localhost', '10.0.0.1', '0.0.0.0', '127.evil.org'].map(isLoopback),
    [true, true, true, true, false, false, false],
  )
})
