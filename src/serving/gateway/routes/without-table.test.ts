import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { after, before, describe, test } from 'node:test'
import { endpoint } from '../../../testing/gateway.ts'
import { createGateway } from '../gateway.ts'

describe('a gateway without a table that it can read', () => {
  const gateway = createGateway({
    sockets: '',
    maxBodyBytes: 1000,
    ask: () => Promise.reject(new Error('away')),
  })
  let base = ''
  before(async () => {
    gateway.server.listen(0, '127.0.0.1')
    await once(gateway.server, 'listening')
    base = `http://127.0.0.1:${(gateway.server.address() as AddressInfo).port}`
  })
  after(() => gateway.server.close())

  const ask = async (path: string) => {
    const response = await fetch(`${base}${path}`, {
      method: 'POST',
      body: '{}',
      headers: { connection: 'close' },
    })
    return {
      status: response.status,
      retry: response.headers.get('retry-after'),
      text: await response.text(),
    }
  }

  test('answers 503 with the reason, and does not say that there is no such endpoint', async () => {
    const { status, retry, text } = await ask('/dev/flights/score')
    assert.deepEqual([status, retry], [503, '5'])
    assert.match(text, /has not been told its routes yet/)
    gateway.withoutTable('The routing table does not fit (authorizeUrl: expected string).')
    for (const path of ['/dev/flights/score', '/dev/flights/v2/models/m/infer', '/'])
      assert.match((await ask(path)).text, /does not know its routes: .*authorizeUrl/, path)
    assert.equal((await ask('/elsewhere')).status, 404)
  })

  test('with one, only the endpoints that had to be left out are 503', async () => {
    const table = { authorizeUrl: '', tokenKey: '', endpoints: { 'dev/flights': endpoint({}, {}) } }
    gateway.apply({ table, leftOut: { 'dev/fares': 'traffic: expected object' } })
    assert.equal((await ask('/dev/flights/score')).status, 401)
    const { status, text } = await ask('/dev/fares/score')
    assert.equal(status, 503)
    assert.match(text, /traffic: expected object/)
    assert.equal((await ask('/dev/other/score')).status, 404)
    gateway.withoutTable('what comes now does not fit')
    assert.equal((await ask('/dev/flights/score')).status, 401, 'the table in force stays')
    assert.equal((await ask('/')).status, 200)
  })
})
