import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'

const loaded: string[] = []
registerHooks({
  resolve(specifier, context, next) {
    const found = next(specifier, context)
    loaded.push(found.url)
    return found
  },
})
const clouds = () =>
  [
    ...new Set(
      loaded.map((url) => /node_modules\/(@azure\/[\w-]+|@aws-sdk\/client-s3|pg|mysql2)\//.exec(url)?.[1]),
    ),
  ].filter((name) => name !== undefined)

const folder = mkdtempSync(join(tmpdir(), 'twinloop-'))
writeFileSync(join(folder, 'a.csv'), 'a')
after(() => rmSync(folder, { recursive: true, force: true }))

test('the clients of clouds and databases are loaded when a store of that kind is opened, and not before', async () => {
  const { startTestApp } = await import('../../testing/app.ts')
  const t = await startTestApp({ dataRoots: folder })
  after(() => t.end())
  const { resolve } = await import('../resolve.ts')
  const { kindAt } = await import('../transfer.ts')
  const kindOf = async (reference: string) =>
    kindAt(t.app.platform, (await resolve(t.app.platform, t.workspace, reference)).location)
  const put = (name: string, properties: object) =>
    t.send('PUT', `${t.workspace}/datastores/${name}`, { properties })

  await put('nas', { datastoreType: 'LocalFolder', path: folder })
  await put('raw', {
    datastoreType: 'AzureBlob',
    accountName: 'acme',
    containerName: 'raw',
    endpoint: 'http://127.0.0.1:1/acme',
    credentials: { credentialsType: 'AccountKey', secrets: { key: 'a2V5' } },
  })
  await put('lake', { datastoreType: 'S3', bucket: 'lake', endpoint: 'http://127.0.0.1:1' })
  assert.equal(await kindOf('azureml://datastores/nas/paths/a.csv'), 'file')
  assert.equal(await kindOf('azureml://datastores/workspaceblobstore/paths/none'), undefined)
  assert.deepEqual(clouds(), [])

  await assert.rejects(kindOf('azureml://datastores/raw/paths/x'), /nothing answers there/)
  assert.ok(clouds().includes('@azure/storage-blob'))
  assert.ok(!clouds().includes('@aws-sdk/client-s3'))
  await assert.rejects(kindOf('azureml://datastores/lake/paths/x'), /nothing answers there/)
  assert.ok(clouds().includes('@aws-sdk/client-s3'))
  assert.ok(!clouds().includes('@azure/identity'))
})
