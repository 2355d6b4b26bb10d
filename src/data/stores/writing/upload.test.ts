import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, afterEach, before, beforeEach, describe, test } from 'node:test'
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3'
import { ContainerClient, StorageSharedKeyCredential } from '@azure/storage-blob'
import { UnsafeName } from '../../../artifacts/artifacts.ts'
import { azuriteAccount, startAzurite, startS3 } from '../../../testing/cloud-stores.ts'
import type { CloudStore } from '../../../testing/cloud-stores.ts'
import { azureStore } from '../azure/azure-store.ts'
import { filesBelow } from '../file-store.ts'
import type { FileStore } from '../file-store.ts'
import { localStore } from '../local/local-store.ts'
import { s3Store } from '../s3/s3-store.ts'
import { uploadTo } from './upload.ts'

const pathsIn = async (store: FileStore) =>
  (await Array.fromAsync(filesBelow(store, ''))).map(({ path }) => path)

describe('an upload of a folder', () => {
  let folder: string
  let store: FileStore
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'twinloop-'))
    mkdirSync(join(folder, 'out/deep'), { recursive: true })
    mkdirSync(join(folder, 'store'))
    for (const name of ['a', 'b', 'c', 'd', 'e', 'deep/f']) writeFileSync(join(folder, 'out', name), name)
    store = localStore({ name: 'store', folder: join(folder, 'store'), roots: [folder] })
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  test('stores every file below its path; twice is once; one file is that path', async () => {
    for (const _ of [1, 2])
      assert.deepEqual(await uploadTo(store, join(folder, 'out'), 'j/o'), { files: 6, bytes: 11 })
    await uploadTo(store, join(folder, 'out/a'), 'j/one')
    assert.equal((await pathsIn(store)).join(' '), 'j/o/a j/o/b j/o/c j/o/d j/o/deep/f j/o/e j/one')
  })

  test('that fails in the middle takes back what is new, and leaves what was there', async () => {
    await uploadTo(store, join(folder, 'out/a'), 'j/o/b')
    const failing: FileStore = {
      ...store,
      write: async (path, ...rest) => {
        if (path === 'j/o/e') throw new Error('the store is full')
        return store.write(path, ...rest)
      },
    }
    await assert.rejects(uploadTo(failing, join(folder, 'out'), 'j/o'), /the store is full/)
    assert.deepEqual(await pathsIn(store), ['j/o/b'])
  })

  test('of a link that leads outside stores nothing', async () => {
    symlinkSync('/etc/hostname', join(folder, 'out/way-out'))
    await assert.rejects(uploadTo(store, join(folder, 'out'), 'j/o'), UnsafeName)
    assert.deepEqual(await pathsIn(store), [])
  })
})

describe('a server that is killed in the middle of a file', () => {
  let azure: CloudStore
  let s3: CloudStore
  let folder: string
  before(async () => {
    ;[azure, s3] = await Promise.all([startAzurite(), startS3()])
    folder = mkdtempSync(join(tmpdir(), 'twinloop-'))
  })
  after(async () => {
    await Promise.all([azure.end(), s3.end()])
    rmSync(folder, { recursive: true, force: true })
  })

  /** Begins to write `large` in a process of its own, and kills it when the store has had most of it. */
  const killWhileWriting = async (open: string) => {
    const program = `${open}
      const store = await open()
      await store.write('large', (async function* () {
        for (let i = 0; i < 40; i++) yield Buffer.alloc(1024 * 1024)
        process.stdout.write('written')
        await new Promise(() => setInterval(() => {}, 1000))
      })())`
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
      cwd: import.meta.dirname,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await once(child.stdout, 'data')
    child.kill('SIGKILL')
    await once(child, 'close')
  }
  const nothingThere = async (store: FileStore) => {
    assert.equal(await store.head('large'), undefined)
    assert.deepEqual(await pathsIn(store), [])
    await store.write(
      'large',
      (async function* () {
        yield Buffer.from('whole')
      })(),
    )
    assert.equal((await store.head('large'))?.size, 5)
  }
  const calling = (file: string, name: string, options: object) =>
    `import { ${name} } from '${join(import.meta.dirname, file)}'
     const open = async () => ${name}(${JSON.stringify(options)})`

  test('leaves no part of it in a local folder', async () => {
    const options = { name: 'nas', folder, roots: [folder] }
    await killWhileWriting(calling('../local/local-store.ts', 'localStore', options))
    assert.equal(readdirSync(folder).length, 1, 'it was in the middle of it')
    await nothingThere(localStore(options))
  })

  test('leaves no part of it in Azure', async () => {
    const { name: account, key } = azuriteAccount
    const serviceUrl = `${azure.url}/${account}`
    await new ContainerClient(`${serviceUrl}/raw`, new StorageSharedKeyCredential(account, key)).create()
    const access = { by: 'accountKey', key } as const
    const options = { name: 'raw', serviceUrl, account, container: 'raw', access }
    await killWhileWriting(calling('../azure/azure-store.ts', 'azureStore', options))
    await nothingThere(await azureStore(options))
  })

  test('leaves no part of it in a bucket', async () => {
    const keys = { accessKeyId: 'key', secretAccessKey: 'geheim' }
    const options = { name: 'lake', bucket: 'lake', endpoint: s3.url, keys }
    const client = new S3Client({
      region: 'us-east-1',
      endpoint: s3.url,
      forcePathStyle: true,
      credentials: keys,
    })
    await client.send(new CreateBucketCommand({ Bucket: 'lake' }))
    client.destroy()
    await killWhileWriting(calling('../s3/s3-store.ts', 's3Store', options))
    await nothingThere(await s3Store(options))
  })
})
