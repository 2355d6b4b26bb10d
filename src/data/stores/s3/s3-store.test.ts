import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { CreateBucketCommand, ListMultipartUploadsCommand, S3Client } from '@aws-sdk/client-s3'
import { UserError } from '../../../kernel/errors.ts'
import { startS3 } from '../../../testing/cloud-stores.ts'
import type { CloudStore } from '../../../testing/cloud-stores.ts'
import { s3Store } from './s3-store.ts'
import { storeContract } from '../store.contract.ts'

const keys = { accessKeyId: 'test', secretAccessKey: 'geheim' }
let server: CloudStore
let client: S3Client
before(async () => {
  server = await startS3()
  client = new S3Client({
    region: 'us-east-1',
    endpoint: server.url,
    forcePathStyle: true,
    credentials: keys,
  })
})
after(async () => {
  client.destroy()
  await server.end()
})
let next = 0

async function open() {
  const bucket = `bucket-${next++}`
  await client.send(new CreateBucketCommand({ Bucket: bucket }))
  return s3Store({ name: "datastore 'lake'", bucket, endpoint: server.url, keys })
}

storeContract('S3', open)

test('an upload in parts that breaks off leaves no parts behind', async () => {
  const store = await open()
  async function* broken() {
    for (let i = 0; i < 3; i++) yield Buffer.alloc(16 * 1024 * 1024)
    throw new Error('the line went dead')
  }
  await assert.rejects(store.write('large', broken()), /went dead/)
  const bucket = store.identity.split('/').at(-1)
  const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket: bucket }))
  assert.deepEqual(Uploads, [])
})

describe('a bucket that cannot be used', () => {
  const sentence = (pattern: RegExp) => (error: unknown) => {
    assert.ok(error instanceof UserError, String(error))
    assert.match(error.message, pattern)
    assert.doesNotMatch(error.message, /geheim|\n/)
    return true
  }

  test('for it is not there', async () => {
    const store = await s3Store({ name: "datastore 'lake'", bucket: 'none', endpoint: server.url, keys })
    const none = sentence(/^Datastore 'lake': there is no bucket 'none' at 127\.0\.0\.1:\d+\.$/)
    await assert.rejects(store.head('a'), none)
    await assert.rejects(store.read('a'), none)
    await assert.rejects(store.list(''), none)
    await assert.rejects(store.write('a', (async function* () {})()), none)
  })

  test('for its host is not there', async () => {
    const store = await s3Store({
      name: "datastore 'lake'",
      bucket: 'b',
      endpoint: 'http://127.0.0.1:1',
      keys,
    })
    await assert.rejects(
      store.list(''),
      sentence(/^Datastore 'lake' cannot be reached at 127\.0\.0\.1:1: nothing answers there\.$/),
    )
  })
})
