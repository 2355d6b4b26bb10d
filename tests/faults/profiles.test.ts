import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { startKillable } from './killable.ts'
import type { Killable } from './killable.ts'

let t: Killable
before(async () => {
  t = await startKillable()
})
after(() => t.end())

describe('a server that is killed while it profiles data', () => {
  it('makes the profile when it is back', async () => {
    const version = `${t.workspace}/data/flights/versions/1`
    const upload = await t.send('POST', `${version}/startPendingUpload`, {
      pendingUploadType: 'TemporaryBlobReference',
    })
    const { blobUri, credential } = upload.body.blobReferenceForConsumption
    const file = readFileSync(
      join(import.meta.dirname, '../../examples/flights/data/flights-2013-02.parquet'),
    )
    const address = new URL(credential.sasUri)
    address.pathname = `${address.pathname}/flights.parquet`
    address.host = new URL(t.http).host
    address.protocol = 'http:'
    const stored = await fetch(address, {
      method: 'PUT',
      headers: { 'x-ms-blob-type': 'BlockBlob' },
      body: file,
    })
    assert.equal(stored.status, 201)
    const made = await t.send('PUT', version, {
      properties: { dataType: 'uri_file', dataUri: `${blobUri}/flights.parquet` },
    })
    assert.equal(made.status, 201, JSON.stringify(made.body))

    const profile = `${version}/providers/Twinloop/profiles/default`
    const asked = await t.send('PUT', profile, { properties: {} })
    assert.equal(asked.body.properties.provisioningState, 'Running')
    await t.kill()
    await t.start()
    const { provisioningState, rows } = await t.until(profile, (p) => p['provisioningState'] !== 'Running')
    assert.deepEqual([provisioningState, rows], ['Succeeded', 24_951])
    const { body } = await t.send('GET', `${profile}/result`)
    assert.equal(body.columns.length, 30)
  })
})
