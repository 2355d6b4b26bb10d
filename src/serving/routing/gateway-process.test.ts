import assert from 'node:assert/strict'
import { request } from 'node:https'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { once } from 'node:events'
import { test } from 'node:test'
import { startTestApp } from '../../testing/app.ts'
import { settled } from '../../testing/serving.ts'

const healthy = (url: string, ca: string) =>
  new Promise<string>((resolve, reject) => {
    request(url, { ca }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (part: string) => (text += part))
      response.on('end', () => resolve(text))
    })
      .on('error', reject)
      .end()
  })

test('on an address that is not loopback the gateway speaks HTTPS only, with a certificate of the server’s authority', async () => {
  const twin = await startTestApp({ host: '0.0.0.0' })
  try {
    const id = `${twin.workspace}/onlineEndpoints/far`
    await twin.send('PUT', id, { location: 'local', properties: { authMode: 'Key' } })
    await settled(twin, id)
    const uri = new URL(String((await twin.send('GET', id)).body.properties.scoringUri))
    assert.equal(uri.protocol, 'https:')
    const ca = readFileSync(join(twin.home, 'ca.pem'), 'utf8')
    assert.equal(await healthy(`https://127.0.0.1:${uri.port}/`, ca), 'Healthy')
    await assert.rejects(fetch(`http://127.0.0.1:${uri.port}/`))
  } finally {
    await twin.end()
  }
})

test('a port that is taken fails the endpoint with the reason', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  const { port } = other.address() as AddressInfo
  const twin = await startTestApp({ gatewayPort: port })
  try {
    const id = `${twin.workspace}/onlineEndpoints/blocked`
    await twin.send('PUT', id, { location: 'local', properties: { authMode: 'Key' } })
    const { provisioningState, error } = await settled(twin, id)
    assert.equal(provisioningState, 'Failed')
    assert.match((error as { message: string }).message, new RegExp(`Port ${port} on 127.0.0.1 is taken`))
  } finally {
    await twin.end()
    other.close()
  }
})
