import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { ContainerClient } from '@azure/storage-blob'
import { startTestApp, type TestApp } from '../../testing/app.ts'
import { containerOf } from '../containers.ts'
import { sweep } from '../stores/sweep.ts'

describe('the data room', () => {
  let t: TestApp
  let roots: string
  const guid = '11111111-2222-4333-8444-555555555555'
  const uri = (path: string, datastore = 'workspaceblobstore') =>
    `azureml://datastores/${datastore}/paths/${path}`
  const put = (path: string, properties: object) => t.send('PUT', `${t.workspace}/${path}`, { properties })
  const get = (path: string) => t.send('GET', `${t.workspace}/${path}`)

  before(async () => {
    roots = mkdtempSync(join(tmpdir(), 'twinloop-'))
    mkdirSync(join(roots, 'open/sub'), { recursive: true })
    mkdirSync(join(roots, 'closed'))
    symlinkSync(join(roots, 'closed'), join(roots, 'open/way-out'))
    writeFileSync(join(roots, 'open/file'), '')
    t = await startTestApp({ dataRoots: join(roots, 'open') })
  })
  after(async () => {
    await t.end()
    rmSync(roots, { recursive: true, force: true })
  })

  describe('datastores', () => {
    test('a workspace has its two as soon as the server is up, one of them the default', async () => {
      const all = await get('datastores')
      assert.deepEqual(all.body.value.map((d: { name: string }) => d.name).sort(), [
        'workspaceartifactstore',
        'workspaceblobstore',
      ])
      const { body } = await get('datastores?count=30&isDefault=true&orderByAsc=false')
      assert.equal(body.value.length, 1)
      const [{ name, properties }] = body.value
      assert.equal(name, 'workspaceblobstore')
      assert.equal(properties.isDefault, true)
      assert.equal(properties.datastoreType, 'AzureBlob')
      assert.match(properties.containerName, /^[0-9a-f-]{36}-blobstore$/)
      assert.match(properties.accountName, /^127\.0\.0\.1:\d+\/devstoreaccount1$/)
      assert.equal((await t.send('GET', t.workspace)).body.properties.provisioningState, 'Succeeded')
    })

    test('another workspace gets its own, then is ready', async () => {
      const id = t.workspace.replace(/[^/]+$/, 'other')
      await t.send('PUT', id, { location: 'local', properties: {} })
      await t.until(id, (p) => p['provisioningState'] === 'Succeeded')
      const own = await t.send('GET', `${id}/datastores/workspaceblobstore`)
      assert.notEqual(
        own.body.properties.containerName,
        (await get('datastores/workspaceblobstore')).body.properties.containerName,
      )
    })

    test('their secret is a SAS that uploads and downloads', async () => {
      const { body: datastore } = await get('datastores/workspaceblobstore')
      const secret = await t.send('POST', `${t.workspace}/datastores/workspaceblobstore/listSecrets`, {
        expirableSecret: true,
        expireAfterHours: 1,
      })
      assert.equal(secret.status, 200)
      assert.equal(secret.body.secretsType, 'Sas')
      const url = `${t.app.platform.urls.http}/devstoreaccount1.blob.core.windows.net/${datastore.properties.containerName}`
      const client = new ContainerClient(`${url}?${secret.body.sasToken}`)
      await client.getBlockBlobClient('LocalUpload/h/iris.csv').upload('1,2', 3)
      assert.equal(
        (await client.getBlobClient('LocalUpload/h/iris.csv').downloadToBuffer()).toString(),
        '1,2',
      )
    })

    test('the own ones can be described but not bent or deleted', async () => {
      const own = 'datastores/workspaceblobstore'
      const { body } = await get(own)
      const described = await put(own, { ...body.properties, description: 'ours' })
      assert.equal(described.status, 200)
      assert.equal(described.body.properties.description, 'ours')
      assert.equal((await put(own, { ...body.properties, containerName: 'elsewhere' })).status, 400)
      assert.equal((await put(own, { datastoreType: 'LocalFolder', path: join(roots, 'open') })).status, 400)
      assert.equal((await t.send('DELETE', `${t.workspace}/${own}`)).status, 409)
      assert.equal((await get(own)).body.properties.containerName, body.properties.containerName)
    })

    test('one in Azure is remembered, its secret kept apart', async () => {
      const made = await put('datastores/lake', {
        datastoreType: 'azureblob',
        accountName: 'acc',
        containerName: 'con',
        credentials: {
          credentialsType: 'accountkey',
          secrets: { secretsType: 'AccountKey', key: 'top-secret' },
        },
      })
      assert.equal(made.status, 201)
      assert.equal(made.body.properties.datastoreType, 'AzureBlob')
      assert.ok(!JSON.stringify([made.body, (await get('datastores/lake')).body]).includes('top-secret'))
      const secret = await t.send('POST', `${t.workspace}/datastores/lake/listSecrets`, {})
      assert.deepEqual(secret.body, { secretsType: 'AccountKey', key: 'top-secret' })
      const incomplete = await put('datastores/lake2', {
        datastoreType: 'AzureDataLakeGen2',
        accountName: 'acc',
      })
      assert.equal(incomplete.status, 400)
      assert.match(incomplete.body.error.message, /needs filesystem/)
      assert.match(
        (await put('datastores/lake3', { datastoreType: 'AzureBlop' })).body.error.message,
        /did you mean AzureBlob/,
      )
    })

    test('a local folder must lie below what the administrator has opened', async () => {
      const status = async (path: string) =>
        (await put('datastores/nas', { datastoreType: 'LocalFolder', path })).status
      for (const path of ['closed', 'open/../closed', 'open/way-out', 'open/file', 'open/missing'])
        assert.equal(await status(join(roots, 'open', '..') + `/${path}`), 400, path)
      assert.equal(await status('open'), 400)
      assert.equal(await status('/'), 400)
      assert.equal(await status(join(roots, 'open/sub')), 201)
    })
  })

  test('what a deleted workspace leaves goes with the next sweep, and nothing else', async () => {
    const { platform } = t.app
    const id = t.workspace.replace(/[^/]+$/, 'passing')
    await t.send('PUT', id, { location: 'local', properties: {} })
    const passing = containerOf(await platform.resources.get(id), 'artifacts')
    const staying = containerOf(await platform.resources.get(t.workspace), 'artifacts')
    for (const container of [passing, staying, 'not-ours'])
      await platform.artifacts.put({ container, path: 'x' }, Buffer.from('x'))
    await sweep(platform)
    assert.ok((await platform.artifacts.containers()).includes(passing))
    await t.until(id, (p) => p['provisioningState'] === 'Succeeded')
    assert.ok((await t.send('DELETE', id)).status < 300)
    await sweep(platform)
    const left = await platform.artifacts.containers()
    assert.deepEqual(
      [left.includes(passing), left.includes(staying), left.includes('not-ours')],
      [false, true, true],
    )
  })

  describe('data', () => {
    test('a first version makes its container, which tells the next', async () => {
      assert.equal((await get('data/flights')).status, 404)
      const first = await put('data/flights/versions/1', {
        dataType: 'UriFile',
        dataUri: uri('LocalUpload/x/f.csv'),
        tags: { a: 1 },
      })
      assert.equal(first.status, 201)
      assert.equal(first.body.properties.dataType, 'uri_file')
      assert.deepEqual(first.body.properties.tags, { a: '1' })
      assert.equal(first.body.properties.isArchived, false)
      const container = await get('data/flights')
      assert.equal(container.body.properties.dataType, 'uri_file')
      assert.equal(container.body.properties.latestVersion, '1')
      assert.equal(container.body.properties.nextVersion, '2')
    })

    test('what a version is cannot change; what is said of it can', async () => {
      const again = { dataType: 'uri_file', dataUri: uri('LocalUpload/x/f.csv'), tags: { a: 1 } }
      assert.equal((await put('data/flights/versions/1', again)).status, 200)
      const moved = await put('data/flights/versions/1', { ...again, dataUri: uri('other.csv') })
      assert.equal(moved.status, 400)
      assert.equal(moved.body.error.code, 'ImmutablePropertyChanged')
      const described = await put('data/flights/versions/1', { ...again, description: 'late flights' })
      assert.equal(described.body.properties.description, 'late flights')
      const other = await put('data/flights/versions/2', { ...again, dataType: 'uri_folder' })
      assert.equal(other.status, 400)
      assert.match(other.body.error.message, /is uri_file/)
      assert.equal((await get('data/flights/versions/2')).status, 404)
    })

    test('an archived version leaves the list and is no longer the latest', async () => {
      const version = { dataType: 'mltable', dataUri: uri('t/') }
      await put('data/table/versions/1', version)
      await put('data/table/versions/2', version)
      await put('data/table/versions/2', { ...version, isArchived: true })
      const names = async (query: string) =>
        (await get(`data/table/versions${query}`)).body.value.map((v: { name: string }) => v.name)
      assert.deepEqual(await names(''), ['1'])
      assert.deepEqual(await names('?listViewType=ArchivedOnly'), ['2'])
      assert.equal((await get('data/table')).body.properties.latestVersion, '1')
      assert.equal((await get('data/table')).body.properties.nextVersion, '3')
    })

    test('bad places are refused, each with its reason, and nothing is made', async () => {
      const elsewhere = `azureml://subscriptions/x/resourcegroups/y/workspaces/z/datastores/d/paths/p`
      for (const [dataUri, status, why] of [
        ['./local.csv', 400, /uploaded first/],
        ['/etc/passwd', 400, /uploaded first/],
        [uri('../x'), 400, /may not contain/],
        [uri('x', 'workspaceblobstor'), 404, /Did you mean 'workspaceblobstore'/],
        [elsewhere, 403, /workspace 'z'/],
        ['azureml:flights:1', 400, /names a resource/],
        [`https://h/devstoreaccount1/${guid}-blobstore/x`, 403, /does not belong/],
        ['', 400, /dataUri/],
      ] as const) {
        const answer = await put('data/refused/versions/1', { dataType: 'uri_file', dataUri })
        assert.equal(answer.status, status, dataUri)
        assert.match(answer.body.error.message, why)
        assert.equal(answer.body.error.target, 'properties.dataUri')
      }
      assert.equal((await get('data/refused')).status, 404)
    })

    test('data elsewhere may be named', async () => {
      const { status } = await put('data/iris/versions/1', {
        dataType: 'uri_file',
        dataUri: 'https://example.org/iris.csv',
      })
      assert.equal(status, 201)
      const { body } = await put('data/adls/versions/1', {
        dataType: 'uri_folder',
        dataUri: 'abfss://c@a.dfs.core.windows.net/x',
      })
      assert.equal(body.properties.dataUri, 'abfss://c@a.dfs.core.windows.net/x')
    })
  })

  describe('codes', () => {
    const hash = 'ab'.repeat(32)
    const versions = `codes/${guid}/versions`

    test('are uploaded where nothing else is, registered, and found again by their hash', async () => {
      const search = `${versions}?hash=${hash}&hashVersion=202208`
      assert.deepEqual((await get(search)).body.value, [])
      const ask = () =>
        t.send('POST', `${t.workspace}/${versions}/1/startPendingUpload`, {
          pendingUploadType: 'TemporaryBlobReference',
        })
      const [first, second] = [await ask(), await ask()]
      assert.equal(first.status, 200)
      const { blobUri, credential } = first.body.blobReferenceForConsumption
      assert.notEqual(blobUri, second.body.blobReferenceForConsumption.blobUri)
      assert.equal(credential.credentialType, 'SAS')

      const sasUri = credential.sasUri.replace(t.app.platform.urls.https, t.app.platform.urls.http)
      const client = new ContainerClient(sasUri)
      const blob = (name: string) => new URL(sasUri.replace('?', `/${name}?`))
      const sent = await fetch(blob('src/train.py'), {
        method: 'PUT',
        body: 'print(1)',
        headers: { 'x-ms-blob-type': 'BlockBlob', 'if-none-match': '*' },
      })
      assert.equal(sent.status, 201)
      assert.equal((await fetch(blob('src/train.py'))).status, 200)
      const names = []
      for await (const item of client.listBlobsFlat()) names.push(item.name)
      assert.deepEqual(names, ['src/train.py'])

      const made = await put(`${versions}/1`, {
        codeUri: `${blobUri}/src`,
        isAnonymous: true,
        properties: { hash_sha256: hash, hash_version: '202208' },
      })
      assert.equal(made.status, 201)
      assert.equal((await get(search)).body.value.length, 1)
      assert.equal((await get(`${versions}?hash=${'cd'.repeat(32)}&hashVersion=202208`)).body.value.length, 0)

      const twice = await put(`${versions}/1`, {
        codeUri: `${second.body.blobReferenceForConsumption.blobUri}/src`,
        isAnonymous: true,
        properties: { hash_sha256: hash, hash_version: '202208' },
      })
      assert.equal(twice.status, 200)
      assert.equal(twice.body.properties.codeUri, `${blobUri}/src`)
      const changed = await put(`${versions}/1`, { codeUri: uri('other'), properties: { hash_sha256: 'ff' } })
      assert.equal(changed.status, 400)
    })

    test('a pending upload reaches no other folder', async () => {
      const { body } = await t.send('POST', `${t.workspace}/data/new/versions/1/startPendingUpload`, {})
      const { sasUri } = body.blobReferenceForConsumption.credential
      const outside = new URL(sasUri.replace(t.app.platform.urls.https, t.app.platform.urls.http))
      outside.pathname = outside.pathname.replace(/[^/]+$/, 'stolen/x')
      assert.equal((await fetch(outside, { method: 'PUT', body: 'x' })).status, 403)
      const hostile = await t.send('POST', `${t.workspace}/data/new/versions/1/startPendingUpload`, {
        pendingUploadId: '../../x',
      })
      assert.equal(hostile.status, 400)
      const nowhere = await t.send(
        'POST',
        `${t.workspace.replace(/[^/]+$/, 'nosuch')}/codes/${guid}/versions/1/startPendingUpload`,
        {},
      )
      assert.equal(nowhere.status, 404)
    })
  })
})
