import assert from 'node:assert/strict'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { ContainerClient } from '@azure/storage-blob'
import { startTestApp, type TestApp } from '../../testing/app.ts'

describe('a local folder by the Blob face, as the real Azure client sees it', () => {
  let t: TestApp
  let root: string
  let client: ContainerClient
  const nas = () => `${t.workspace}/datastores/nas`
  before(async () => {
    root = mkdtempSync(join(tmpdir(), 'twinloop-'))
    mkdirSync(join(root, 'a/deep'), { recursive: true })
    mkdirSync(join(root, 'other'))
    for (const name of ['a/1', 'a/2', 'a/deep/3', 'b']) writeFileSync(join(root, name), `is ${name}`)
    t = await startTestApp({ dataRoots: root })
    await t.send('PUT', nas(), { properties: { datastoreType: 'LocalFolder', path: root } })
    const { body } = await t.send('POST', `${nas()}/listSecrets`, {})
    const { containerName } = (await t.send('GET', nas())).body.properties
    const url = `${t.app.platform.urls.http}/devstoreaccount1/${containerName}?${body.sasToken}`
    client = new ContainerClient(url, undefined, { retryOptions: { maxTries: 1 } })
  })
  after(async () => {
    await t.end()
    rmSync(root, { recursive: true, force: true })
  })

  test('is listed page by page, folders rolled up once', async () => {
    const flat: string[] = []
    for await (const page of client.listBlobsFlat({ prefix: 'a/' }).byPage({ maxPageSize: 2 }))
      flat.push(...page.segment.blobItems.map((b) => b.name))
    assert.deepEqual(flat, ['a/1', 'a/2', 'a/deep/3'])
    const rolled: string[] = []
    for await (const page of client.listBlobsByHierarchy('/').byPage({ maxPageSize: 1 }))
      rolled.push(
        ...(page.segment.blobPrefixes ?? []).map((p) => p.name),
        ...page.segment.blobItems.map((b) => b.name),
      )
    assert.deepEqual(rolled, ['a/', 'b'])
  })

  test('is read, whole and in part, and said not to have what it has not', async () => {
    const blob = client.getBlobClient('a/deep/3')
    assert.equal((await blob.downloadToBuffer()).toString(), 'is a/deep/3')
    assert.equal((await blob.downloadToBuffer(3, 1)).toString(), 'a')
    assert.equal(await client.getBlobClient('a/deep').exists(), false)
    await assert.rejects(client.getBlobClient('none').download(), { statusCode: 404 })
  })

  test('is written at once, in blocks, and by a copy; and removed', async () => {
    await client.getBlockBlobClient('new/x').upload('xyz', 3, { metadata: { upload_status: 'completed' } })
    assert.equal(readFileSync(join(root, 'new/x'), 'utf8'), 'xyz')
    await assert.rejects(
      client.getBlockBlobClient('new/x').upload('other', 5, { conditions: { ifNoneMatch: '*' } }),
      { statusCode: 409 },
    )
    const large = Buffer.alloc(300_000, 'ab')
    await client
      .getBlockBlobClient('new/large')
      .uploadData(large, { blockSize: 100_000, maxSingleShotSize: 1000 })
    assert.ok(readFileSync(join(root, 'new/large')).equals(large))
    const copied = client.getBlockBlobClient('new/copy')
    await copied.syncCopyFromURL(client.getBlobClient('new/x').url)
    assert.equal(readFileSync(join(root, 'new/copy'), 'utf8'), 'xyz')
    await copied.delete()
    assert.equal(existsSync(join(root, 'new/copy')), false)
    await assert.rejects(copied.delete(), { statusCode: 404 })
  })

  test('a body that is not what was announced leaves nothing', async () => {
    const blobContentMD5 = Buffer.alloc(16)
    const wrong = client.getBlockBlobClient('new/wrong')
    await assert.rejects(wrong.upload('xyz', 3, { blobHTTPHeaders: { blobContentMD5 } }), { statusCode: 400 })
    assert.equal(existsSync(join(root, 'new/wrong')), false)
  })

  test('paths do not leave the folder', async () => {
    const url = new URL(client.url)
    const answer = await fetch(`${url.origin}${url.pathname}/a/..%2f..%2fetc%2fpasswd${url.search}`)
    assert.ok([400, 403, 404].includes(answer.status), String(answer.status))
  })

  test('what is shown of the datastore can be put back, and changed where it is ours', async () => {
    const { body: shown } = await t.send('GET', nas())
    assert.equal(shown.properties.datastoreType, 'AzureBlob')
    assert.deepEqual(shown.properties.store.type, 'LocalFolder')
    const put = async (properties: object) => (await t.send('PUT', nas(), { properties })).body
    const described = await put({ ...shown.properties, description: 'ours' })
    assert.deepEqual(described.properties.store, shown.properties.store)
    assert.equal(described.properties.description, 'ours')
    const store = { ...shown.properties.store, path: join(root, 'other') }
    assert.equal((await put({ ...shown.properties, store })).properties.store.path, join(root, 'other'))
    const outside = { ...shown.properties.store, path: '/etc' }
    assert.match((await put({ ...shown.properties, store: outside })).error.message, /does not lie below/)
    const gone = await t.send('DELETE', nas())
    assert.ok(gone.status < 300)
    await assert.rejects(client.getBlobClient('b').download(), { statusCode: 404, code: 'ContainerNotFound' })
  })
})
