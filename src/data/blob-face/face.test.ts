import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { readdirSync, watch } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { BlobServiceClient, ContainerClient, RestError, StorageRetryPolicyType } from '@azure/storage-blob'
import { containerOf } from '../containers.ts'
import { startTestApp, type TestApp } from '../../testing/app.ts'
import { blobUrl } from './address.ts'
import { issueSas, readableUrl } from './authorize.ts'
import type { SasGrant } from './sas.ts'

const once1 = { retryOptions: { maxTries: 1, retryPolicyType: StorageRetryPolicyType.FIXED } }

describe('the blob face, as the real Azure client sees it', () => {
  let t: TestApp
  let container: string
  let client: ContainerClient
  const base = () => t.app.platform.urls.http
  const grant = (more: Partial<SasGrant> = {}): SasGrant => ({
    container,
    path: '',
    resource: 'c',
    permissions: ['r', 'a', 'c', 'w', 'd', 'l'],
    expiresOn: new Date(Date.now() + 3_600_000),
    ...more,
  })
  const clientFor = async (more: Partial<SasGrant> = {}) =>
    new ContainerClient(
      `${blobUrl(base(), { container, path: '' })}?${await issueSas(t.app.platform, grant(more))}`,
      undefined,
      once1,
    )
  const code = (expected: string, status: number) => (error: unknown) => {
    assert.ok(error instanceof RestError, String(error))
    assert.deepEqual([error.code, error.statusCode], [expected, status])
    return true
  }
  const text = async (blob: string, offset?: number, count?: number) =>
    (await client.getBlobClient(blob).downloadToBuffer(offset, count)).toString()

  before(async () => {
    t = await startTestApp()
    container = containerOf(await t.app.platform.resources.get(t.workspace), 'blobstore')
    client = await clientFor()
  })
  after(() => t.end())

  test('uploads, reads, describes and deletes', async () => {
    const blob = client.getBlockBlobClient('LocalUpload/abc/ü b+c%.csv')
    const body = Buffer.from('a,b\n1,2\n')
    assert.equal(await blob.exists(), false)
    const put = await blob.upload(body, body.length, {
      metadata: { upload_status: 'started' },
      blobHTTPHeaders: {
        blobContentType: 'text/csv',
        blobContentMD5: createHash('md5').update(body).digest(),
      },
      conditions: { ifNoneMatch: '*' },
    })
    assert.equal(put._response.status, 201)
    const { etag, metadata, contentType, contentLength, contentMD5 } = await blob.getProperties()
    assert.equal(etag, put.etag)
    assert.deepEqual(metadata, { upload_status: 'started' })
    assert.equal(contentType, 'text/csv')
    assert.equal(contentLength, body.length)
    assert.deepEqual(Buffer.from(contentMD5 ?? []), createHash('md5').update(body).digest())
    await blob.setMetadata({ upload_status: 'completed', name: 'd1', version: '1' })
    assert.deepEqual((await blob.getProperties()).metadata, {
      upload_status: 'completed',
      name: 'd1',
      version: '1',
    })
    assert.equal((await blob.downloadToBuffer()).toString(), body.toString())
    const part = await blob.download(4, 3)
    assert.equal(part._response.status, 206)
    assert.equal(part.contentRange, 'bytes 4-6/8')
    const checked = await blob.download(4, 3, { rangeGetContentMD5: true })
    assert.deepEqual(Buffer.from(checked.contentMD5 ?? []), createHash('md5').update('1,2').digest())
    assert.equal(part.contentMD5, undefined)
    await assert.rejects(
      blob.upload('x', 1, { conditions: { ifNoneMatch: '*' } }),
      code('BlobAlreadyExists', 409),
    )
    await blob.delete()
    await assert.rejects(blob.delete(), code('BlobNotFound', 404))
    await assert.rejects(blob.download(), code('BlobNotFound', 404))
  })

  test('takes a large file in blocks, and gives it back in parallel ranges', async () => {
    const megabyte = 1024 * 1024
    const body = randomBytes(70 * megabyte)
    const blob = client.getBlockBlobClient('large.bin')
    await blob.uploadData(body, { blockSize: 8 * megabyte, maxSingleShotSize: megabyte, concurrency: 2 })
    assert.deepEqual(await t.app.platform.artifacts.stagedBlocks({ container, path: 'large.bin' }), [])
    const back = await blob.downloadToBuffer(0, undefined, { blockSize: 16 * megabyte, concurrency: 2 })
    assert.ok(back.equals(body))
  })

  test('stages, lists and commits blocks; refuses those it does not know', async () => {
    const blob = client.getBlockBlobClient('blocks')
    const id = (n: number) => Buffer.from(`block-${n}`).toString('base64')
    await blob.stageBlock(id(2), 'world', 5)
    await blob.stageBlock(id(1), 'hello ', 6)
    const { uncommittedBlocks } = await blob.getBlockList('uncommitted')
    assert.deepEqual(
      uncommittedBlocks?.map((b) => [b.name, b.size]),
      [
        [id(1), 6],
        [id(2), 5],
      ],
    )
    await assert.rejects(blob.commitBlockList([id(1), id(3)]), code('InvalidBlockList', 400))
    await blob.commitBlockList([id(1), id(2)], { metadata: { a: 'b' } })
    assert.equal(await text('blocks'), 'hello world')
    const list = `<?xml version="1.0"?><BlockList><Latest>${id(1)}</Latest><Latest>${id(2)}</Latest></BlockList>`
    const again = await fetch(`${blob.url}&comp=blocklist`, { method: 'PUT', body: list })
    assert.equal(again.status, 201)
    assert.equal(again.headers.get('content-md5'), createHash('md5').update(list).digest('base64'))
    await assert.rejects(blob.stageBlock('not base64!', 'x', 1), code('InvalidBlockId', 400))
  })

  test('an empty blob is read as nothing', async () => {
    await client.getBlockBlobClient('empty').upload('', 0)
    const { contentLength } = await client.getBlobClient('empty').getProperties()
    assert.equal(contentLength, 0)
    assert.equal((await t.app.fetch(new Request(client.getBlobClient('empty').url))).status, 200)
    const ranged = await t.app.fetch(
      new Request(client.getBlobClient('empty').url, { headers: { range: 'bytes=0-9' } }),
    )
    assert.equal(ranged.status, 416)
    assert.equal(ranged.headers.get('x-ms-error-code'), 'InvalidRange')
  })

  test('lists flat and by hierarchy, in pages, with metadata, names as they are', async () => {
    const names = ['l/a/1.csv', 'l/a/2 & <3>.csv', 'l/b.csv', 'l/c/d/e', 'l/\u0001odd', "l/'quoted'"]
    for (const name of names)
      await client.getBlockBlobClient(name).upload(name, Buffer.byteLength(name), { metadata: { k: 'v' } })
    const flat: string[] = []
    for await (const page of client
      .listBlobsFlat({ prefix: 'l/', includeMetadata: true })
      .byPage({ maxPageSize: 2 }))
      for (const item of page.segment.blobItems) {
        flat.push(item.name)
        assert.equal(item.properties.contentLength, Buffer.byteLength(item.name))
        assert.deepEqual(item.metadata, { k: 'v' })
      }
    assert.deepEqual(flat.toSorted(), names.toSorted())
    const top = { prefixes: [] as string[], blobs: [] as string[] }
    for await (const item of client.listBlobsByHierarchy('/', { prefix: 'l/' }))
      (item.kind === 'prefix' ? top.prefixes : top.blobs).push(item.name)
    assert.deepEqual(top.prefixes, ['l/a/', 'l/c/'])
    assert.deepEqual(top.blobs.toSorted(), ['l/\u0001odd', "l/'quoted'", 'l/b.csv'].toSorted())
    for await (const item of client.listBlobsFlat({ prefix: 'nothing' })) assert.fail(item.name)
  })

  test("copies its own blobs and nobody else's", async () => {
    await client.getBlockBlobClient('from').upload('copied', 6)
    const copied = await (
      await client.getBlobClient('to').beginCopyFromURL(client.getBlobClient('from').url)
    ).pollUntilDone()
    assert.equal(copied.copyStatus, 'success')
    assert.equal(await text('to'), 'copied')
    await client.getBlockBlobClient('synced').syncUploadFromURL(client.getBlobClient('from').url)
    assert.equal(await text('synced'), 'copied')
    await assert.rejects(
      client.getBlobClient('to').syncCopyFromURL('https://example.org/x'),
      code('CannotVerifyCopySource', 404),
    )
    const other = containerOf(await t.app.platform.resources.get(t.workspace), 'artifacts')
    await assert.rejects(
      client.getBlobClient('to').syncCopyFromURL(blobUrl(base(), { container: other, path: 'x' })),
      code('AuthenticationFailed', 403),
    )
  })

  test('a container and the account have properties', async () => {
    assert.equal(await client.exists(), true)
    assert.ok((await client.getProperties()).lastModified)
    const service = new BlobServiceClient(`${base()}/devstoreaccount1`)
    assert.equal((await service.getAccountInfo()).accountKind, 'StorageV2')
    await assert.rejects(client.create(), code('ContainerAlreadyExists', 409))
  })

  test('a SAS allows what it says, where and as long as it says', async () => {
    await client.getBlockBlobClient('sas/in/x').upload('x', 1)
    await client.getBlockBlobClient('sas/inn').upload('x', 1)
    const reader = await clientFor({ permissions: ['r'] })
    assert.equal((await reader.getBlobClient('sas/in/x').downloadToBuffer()).toString(), 'x')
    await assert.rejects(
      reader.getBlockBlobClient('sas/y').upload('y', 1),
      code('AuthorizationPermissionMismatch', 403),
    )
    await assert.rejects(
      reader.getBlobClient('sas/in/x').delete(),
      code('AuthorizationPermissionMismatch', 403),
    )
    await assert.rejects(reader.listBlobsFlat().next(), code('AuthorizationPermissionMismatch', 403))

    const creator = await clientFor({ permissions: ['c'] })
    await creator.getBlockBlobClient('sas/created').upload('1', 1)
    await assert.rejects(
      creator.getBlockBlobClient('sas/created').upload('2', 1),
      code('AuthorizationPermissionMismatch', 403),
    )

    const inFolder = await clientFor({ resource: 'd', path: 'sas/in', permissions: ['r', 'l'] })
    assert.equal(await inFolder.getBlobClient('sas/in/x').exists(), true)
    await assert.rejects(inFolder.getBlobClient('sas/inn').download(), code('AuthenticationFailed', 403))
    await assert.rejects(inFolder.listBlobsFlat().next(), code('AuthenticationFailed', 403))
    await assert.rejects(
      inFolder.listBlobsFlat({ prefix: 'sas/in' }).next(),
      code('AuthenticationFailed', 403),
    )
    assert.equal((await inFolder.listBlobsFlat({ prefix: 'sas/in/' }).next()).value.name, 'sas/in/x')

    const late = await clientFor({ expiresOn: new Date(Date.now() - 1000) })
    await assert.rejects(late.getBlobClient('sas/in/x').download(), code('AuthenticationFailed', 403))
    const early = await clientFor({ startsOn: new Date(Date.now() + 60_000) })
    await assert.rejects(early.getBlobClient('sas/in/x').download(), code('AuthenticationFailed', 403))
  })

  test('a changed or foreign signature is refused, and says nothing of the blob', async () => {
    const url = new URL(client.getBlobClient('nothing-here').url)
    for (const [name, value] of [
      ['sp', 'rwdlac'],
      ['se', '2999-01-01T00:00:00Z'],
      ['sig', 'AAAA'],
      ['sr', 'b'],
    ] as const) {
      const forged = new URL(url)
      forged.searchParams.set(name, value)
      const answer = await t.app.fetch(new Request(forged))
      assert.equal(answer.status, 403, name)
      assert.match(await answer.text(), /<Code>AuthenticationFailed<\/Code>/)
    }
    const elsewhere = new URL(url)
    elsewhere.pathname = elsewhere.pathname.replace('-blobstore', '-artifacts')
    assert.equal((await t.app.fetch(new Request(elsewhere))).status, 403)
  })

  test('a Bearer token does as well, by the roles of its actor', async () => {
    const url = blobUrl(base(), { container, path: 'bearer' })
    const put = await t.app.fetch(
      new Request(url, {
        method: 'PUT',
        body: 'x',
        headers: { authorization: `Bearer ${t.token}`, 'x-ms-blob-type': 'BlockBlob' },
      }),
    )
    assert.equal(put.status, 201)
    const open = await t.app.fetch(new Request(url))
    assert.equal(open.status, 401)
    assert.equal(open.headers.get('x-ms-error-code'), 'NoAuthenticationInformation')
    const unknown = blobUrl(base(), { container: container.replace(/^.{8}/, '00000000'), path: 'x' })
    const missing = await t.app.fetch(
      new Request(unknown, { headers: { authorization: `Bearer ${t.token}` } }),
    )
    assert.equal(missing.headers.get('x-ms-error-code'), 'ContainerNotFound')
  })

  test('a readable URL gives one blob to whoever has it', async () => {
    const url = await readableUrl(t.app.platform, base(), { container, path: 'bearer' }, 60_000)
    assert.equal(await (await fetch(url)).text(), 'x')
    assert.equal((await fetch(url.replace('/bearer', '/empty'))).status, 403)
  })

  test('every form of its URLs leads to the same blob', async () => {
    const { searchParams } = new URL(client.url)
    for (const prefix of ['/devstoreaccount1', '/devstoreaccount1.blob.core.windows.net', '']) {
      const url = `${base()}${prefix}/${container}/bearer?${searchParams.toString()}`
      assert.equal(await (await fetch(url)).text(), 'x', prefix)
    }
  })

  test('conditions of reads are kept', async () => {
    const url = client.getBlobClient('bearer').url
    const { headers } = await fetch(url)
    const etag = headers.get('etag') ?? ''
    const status = async (given: Record<string, string>) => (await fetch(url, { headers: given })).status
    assert.equal(await status({ 'if-none-match': etag }), 304)
    assert.equal(await status({ 'if-none-match': '"other"' }), 200)
    assert.equal(await status({ 'if-match': '"other"' }), 412)
    assert.equal(await status({ 'if-modified-since': headers.get('last-modified') ?? '' }), 304)
    assert.equal(await status({ 'if-unmodified-since': 'Mon, 01 Jan 2001 00:00:00 GMT' }), 412)
  })

  test('bad requests are told what is wrong with them', async () => {
    const blob = client.getBlobClient('bad').url
    const put = async (url: string, headers: Record<string, string>, body = 'x') =>
      (await fetch(url, { method: 'PUT', body, headers })).headers.get('x-ms-error-code')
    assert.equal(await put(blob, { 'x-ms-blob-type': 'PageBlob' }), 'InvalidHeaderValue')
    assert.equal(await put(blob, { 'content-md5': '1B2M2Y8AsgTpgAmY7PhCfg==' }), 'Md5Mismatch')
    assert.equal(await put(blob, { 'x-ms-meta-not-a-name': 'x' }), 'InvalidMetadata')
    assert.equal(await put(blob, { 'if-match': '"x"' }), 'UnsupportedHeader')
    assert.equal(await put(`${blob}&comp=lease`, {}), 'NotImplemented')
    assert.equal(await put(`${blob}&comp=blocklist`, {}), 'InvalidXmlDocument')
    assert.equal(await put(client.url, {}), 'InvalidUri')
    assert.equal(await put(client.getBlobClient('x'.repeat(1025)).url, {}), 'InvalidResourceName')
    assert.equal(await put(blob.replace('/bad?', '/%ff?'), {}), 'InvalidUri')
    assert.equal(await put(blob.replace('/bad?', '/a%00b?'), {}), 'InvalidResourceName')
    assert.equal(await client.getBlobClient('bad').exists(), false)
  })

  test('an upload whose connection breaks off leaves nothing', async () => {
    for (const framing of ['content-length: 1000000', 'transfer-encoding: chunked']) {
      const { host, hostname, port, pathname, search } = new URL(client.getBlobClient('broken').url)
      const socket = connect(Number(port), hostname)
      const chunk = framing.includes('chunked') ? `5\r\nhello\r\n` : 'hello'
      socket.write(
        `PUT ${pathname}${search} HTTP/1.1\r\nhost: ${host}\r\nx-ms-blob-type: BlockBlob\r\n${framing}\r\n\r\n${chunk}`,
      )
      await incoming(t.home, (files) => files > 0)
      socket.destroy()
      await once(socket, 'close')
      await incoming(t.home, (files) => files === 0)
      assert.equal(await client.getBlobClient('broken').exists(), false)
    }
  })

  test("an upload that is refused early does not break the client's connection", async () => {
    const body = randomBytes(20 * 1024 * 1024)
    const blob = client.getBlockBlobClient('twice')
    await blob.upload(body, body.length)
    await assert.rejects(
      blob.upload(body, body.length, { conditions: { ifNoneMatch: '*' } }),
      code('BlobAlreadyExists', 409),
    )
    assert.equal(await blob.exists(), true)
  })
})

/** Resolves when what is being written in the home's artifacts is as wanted, told by the file system. */
async function incoming(home: string, wanted: (files: number) => boolean) {
  const folder = join(home, 'artifacts/incoming')
  const { promise, resolve } = Promise.withResolvers<void>()
  const check = () => wanted(readdirSync(folder).length) && resolve()
  const watcher = watch(folder, check)
  check()
  await promise
  watcher.close()
}
