import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { UserError } from '../kernel/errors.ts'
import { startTestApp, type TestApp } from '../testing/app.ts'
import { containerOf } from './containers.ts'
import { resolve, uriOfLocation } from './resolve.ts'
import { fetchTo, kindAt, openLocally, storeAt } from './transfer.ts'

describe('references lead to bytes', () => {
  let t: TestApp
  let folder: string
  let blobstore: string
  let artifacts: string
  const put = async (path: string, properties: object) => {
    const { status, body } = await t.send('PUT', `${t.workspace}/${path}`, { properties })
    assert.ok(status < 300, JSON.stringify(body))
  }
  const at = (reference: string) => resolve(t.app.platform, t.workspace, reference)
  const refused = (status: number, why: RegExp) => (error: unknown) =>
    error instanceof UserError && error.kind.status === status && why.test(error.message)

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'twinloop-'))
    mkdirSync(join(folder, 'nas/sub'), { recursive: true })
    mkdirSync(join(folder, 'secret'))
    writeFileSync(join(folder, 'nas/x.csv'), 'x')
    symlinkSync(join(folder, 'secret'), join(folder, 'nas/out'))
    t = await startTestApp({ dataRoots: join(folder, 'nas') })
    const workspace = await t.app.platform.resources.get(t.workspace)
    blobstore = containerOf(workspace, 'blobstore')
    artifacts = containerOf(workspace, 'artifacts')
    await t.app.platform.artifacts.put({ container: blobstore, path: 'up/a.csv' }, Buffer.from('a'))
    await t.app.platform.artifacts.put({ container: blobstore, path: 'up/b/c.csv' }, Buffer.from('c'))
    await put('data/d/versions/1', {
      dataType: 'uri_file',
      dataUri: 'azureml://datastores/workspaceblobstore/paths/up/a.csv',
    })
    await put('data/d/versions/2', {
      dataType: 'uri_file',
      dataUri: 'azureml://datastores/workspaceblobstore/paths/up/b/c.csv',
    })
    await put('datastores/nas', { datastoreType: 'LocalFolder', path: join(folder, 'nas') })
    await put('datastores/share', { datastoreType: 'AzureFile', accountName: 'a', fileShareName: 's' })
    await put('datastores/emulated', {
      datastoreType: 'AzureBlob',
      accountName: 'here',
      containerName: 'c',
      endpoint: '127.0.0.1:10000',
      protocol: 'http',
    })
    await put('datastores/lake', { datastoreType: 'AzureBlob', accountName: 'a', containerName: 'c' })
  })
  after(async () => {
    await t.end()
    rmSync(folder, { recursive: true, force: true })
  })

  test('an archived asset answers by its versions only', async () => {
    await put('data/old/versions/1', {
      dataType: 'uri_file',
      dataUri: 'azureml://datastores/workspaceblobstore/paths/up/a.csv',
    })
    const at = (reference: string) => resolve(t.app.platform, t.workspace, reference)
    assert.equal((await at('azureml:old@latest')).asset?.name, '1')
    await put('data/old', { dataType: 'uri_file', isArchived: true })
    assert.equal((await at('azureml:old:1')).asset?.name, '1')
    for (const label of ['@latest', '@passed', ''])
      await assert.rejects(at(`azureml:old${label}`), /'old' is archived: name one of its versions/)
    await put('data/old', { dataType: 'uri_file', isArchived: false })
    assert.equal((await at('azureml:old@latest')).asset?.name, '1')
  })

  test('each form, to its place', async () => {
    const blob = (container: string, path: string) => ({ kind: 'blob', container, path })
    const long = `azureml:/${t.workspace.replace(/providers\/[^/]+\//, '')}`.replace(
      'resourceGroups',
      'resourcegroups',
    )
    const local = (path: string) => ({
      kind: 'local',
      path: join(folder, 'nas', path),
      folder: join(folder, 'nas'),
      uri: `${long}/datastores/nas/paths/${path}`,
    })
    const lake = (await t.app.platform.resources.get(`${t.workspace}/datastores/lake`)).key
    const store = (path: string, uri?: string) => ({
      kind: 'store',
      path,
      uri,
      store: {
        kind: 'azure',
        name: "datastore 'lake'",
        account: 'a',
        serviceUrl: 'https://a.blob.core.windows.net',
        container: 'c',
        credentials: { kind: 'datastore', key: lake },
      },
    })
    for (const [reference, location] of [
      ['azureml://datastores/workspaceblobstore/paths/up/', blob(blobstore, 'up')],
      ['azureml://datastores/WorkspaceArtifactStore/paths/x', blob(artifacts, 'x')],
      ['azureml:d:1', blob(blobstore, 'up/a.csv')],
      ['azureml:d@latest', blob(blobstore, 'up/b/c.csv')],
      [`azureml:${t.workspace}/data/d/versions/1`, blob(blobstore, 'up/a.csv')],
      ['runs:/r1/model', blob(artifacts, 'ExperimentRun/dcid.r1/model')],
      [`models:/m-${'0a'.repeat(16)}`, blob(artifacts, `LoggedModels/m-${'0a'.repeat(16)}/artifacts`)],
      [`https://anything/devstoreaccount1/${blobstore}/up/a.csv`, blob(blobstore, 'up/a.csv')],
      ['azureml://datastores/nas/paths/x.csv', local('x.csv')],
      ['azureml://datastores/nas/paths/new/y', local('new/y')],
      ['azureml://datastores/lake/paths/raw/', store('raw', `${long}/datastores/lake/paths/raw/`)],
      ['wasbs://c@a.blob.core.windows.net/raw/x', store('raw/x')],
      ['abfss://c@a.dfs.core.windows.net/raw/x', store('raw/x')],
      ['https://a.blob.core.windows.net/c/raw/x', store('raw/x')],
      ['https://example.org/x.csv', { kind: 'url', url: 'https://example.org/x.csv' }],
    ] as const)
      assert.deepEqual(
        (await at(reference)).location,
        'store' in location ? { ...location, uri: location.uri ?? reference } : location,
        reference,
      )
    assert.equal((await at('azureml:d:1')).asset?.name, '1')
  })

  test('a URL of an account leads to the server that a datastore of that account and container names', async () => {
    const found = async (url: string) => {
      const { location } = await at(url)
      assert.ok(location.kind === 'store' && location.store.kind === 'azure')
      return [location.store.name, location.store.serviceUrl, location.path]
    }
    const here = ["datastore 'emulated'", 'http://127.0.0.1:10000/here', 'raw/x']
    assert.deepEqual(await found('wasbs://c@here.blob.core.windows.net/raw/x'), here)
    assert.deepEqual(await found('abfss://c@here.dfs.core.windows.net/raw/x'), here)
    for (const place of ['other@here', 'c@there']) {
      const [, url] = await found(`wasbs://${place}.blob.core.windows.net/raw/x`)
      assert.equal(url, `https://${place.split('@')[1]}.blob.core.windows.net`)
    }
  })

  test('a location is written down and read again', async () => {
    const workspace = await t.app.platform.resources.get(t.workspace)
    const location = { kind: 'blob', container: artifacts, path: 'a/b' } as const
    const uri = uriOfLocation(workspace, location)
    assert.match(
      uri,
      /^azureml:\/\/subscriptions\/.*\/workspaces\/dev\/datastores\/workspaceartifactstore\/paths\/a\/b$/,
    )
    assert.deepEqual((await at(uri)).location, location)
  })

  test('what is not there, not here or not allowed is said', async () => {
    await assert.rejects(at('azureml:dd:1'), refused(404, /Did you mean 'd'|does not exist/))
    await assert.rejects(at('azureml:d:3'), refused(404, /does not exist/))
    await assert.rejects(at('azureml:d'), refused(400, /azureml:d@latest/))
    await assert.rejects(at('azureml:d@prod'), refused(404, /no label 'prod'/))
    await assert.rejects(
      at('azureml://datastores/share/paths/x'),
      refused(400, /AzureFile, which this server remembers but cannot reach/),
    )
    await assert.rejects(at('azureml://datastores/nsa/paths/x'), refused(404, /Did you mean 'nas'/))
    await assert.rejects(at('azureml://datastores/nas/paths/out/x'), refused(403, /leads outside/))
    await assert.rejects(
      at('azureml://subscriptions/s/resourcegroups/g/workspaces/w/datastores/d/paths/x'),
      refused(403, /workspace 'w'/),
    )
    await assert.rejects(
      at('azureml://locations/x/workspaces/00000000-0000-4000-8000-000000000000/data/d/versions/1'),
      refused(403, /Register the data here/),
    )
    await assert.rejects(at('azureml://registries/r/data/d/versions/1'), refused(404, /registry 'r'/))
    await assert.rejects(
      at(`https://h/devstoreaccount1/${blobstore.replace(/^.{8}/, '00000000')}/x`),
      refused(403, /does not belong/),
    )
    await assert.rejects(at('gs://bucket/x'), refused(400, /cannot be reached.*wasbs, abfss and s3/))
    await assert.rejects(at('wasbs://c@a.blob.core.windows.net/../x'), refused(400, /leaves its root/))
    await assert.rejects(at(`${t.workspace}/computes/c`), refused(400, /has no files/))
  })

  test('bytes are fetched: a file, a folder, what is local, what is on the web', async () => {
    let reads = 0
    const server = createServer((request, response) => {
      response.statusCode = request.url?.startsWith('/iris.csv') ? 200 : 404
      if (request.url === '/iris.csv?kept') response.setHeader('etag', '"v1"')
      if (request.url === '/iris.csv?kept' && request.method === 'GET') reads += 1
      response.end('iris')
    })
    after(() => {
      server.closeAllConnections()
      server.close()
    })
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
    const web = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const fetched = async (reference: string, name: string) =>
      fetchTo(t.app.platform, (await at(reference)).location, join(folder, name))
    const file = await fetched('azureml:d:1', 'one')
    assert.deepEqual(file, { path: join(folder, 'one/a.csv'), files: 1, bytes: 1 })
    const all = await fetched('azureml://datastores/workspaceblobstore/paths/up', 'all')
    assert.deepEqual(all, { path: join(folder, 'all'), files: 2, bytes: 2 })
    assert.equal(readFileSync(join(folder, 'all/b/c.csv'), 'utf8'), 'c')
    assert.equal(
      (await fetched('azureml://datastores/nas/paths/x.csv', 'local')).path,
      join(folder, 'nas/x.csv'),
    )
    const downloaded = await fetched(`${web}/iris.csv?x=1`, 'web')
    assert.deepEqual(downloaded, { path: join(folder, 'web/iris.csv'), files: 1, bytes: 4 })
    for (const name of ['kept-1', 'kept-2']) await fetched(`${web}/iris.csv?kept`, name)
    assert.equal(reads, 1, 'what has an etag is fetched once')
    assert.equal(readFileSync(join(folder, 'kept-2/iris.csv'), 'utf8'), 'iris')
    await assert.rejects(fetched(`${web}/gone`, 'web'), refused(404, /Nothing is at '\S+\/gone'/))
    await assert.rejects(
      fetched('azureml://datastores/workspaceblobstore/paths/nothing', 'x'),
      refused(404, /Nothing is at/),
    )
  })

  test('data is opened to be read in place, and what was laid out for that goes again', async () => {
    const opened = async (reference: string) => openLocally(t.app.platform, (await at(reference)).location)
    const all = await opened('azureml://datastores/workspaceblobstore/paths/up')
    assert.equal(all.kind, 'folder')
    assert.deepEqual(
      all.files.map(({ path, bytes }) => [path.slice(all.path.length), bytes]),
      [
        ['/a.csv', 1],
        ['/b/c.csv', 1],
      ],
    )
    await all.release()
    assert.equal(existsSync(all.path), false)
    const local = await opened('azureml://datastores/nas/paths/x.csv')
    assert.deepEqual([local.kind, local.path], ['file', join(folder, 'nas/x.csv')])
    await local.release()
    assert.equal(existsSync(local.path), true)
    await assert.rejects(opened('azureml://datastores/nas/paths/none'), refused(404, /Nothing is at/))
  })

  test('neither pipes nor what links lead to outside are data', async () => {
    mkdirSync(join(folder, 'nas/mixed'))
    execFileSync('mkfifo', [join(folder, 'nas/mixed/pipe.csv')])
    writeFileSync(join(folder, 'nas/mixed/a.csv'), 'a')
    writeFileSync(join(folder, 'hidden.csv'), 'hidden')
    symlinkSync(join(folder, 'hidden.csv'), join(folder, 'nas/mixed/link.csv'))
    symlinkSync('a.csv', join(folder, 'nas/mixed/own.csv'))
    const opened = async (path: string) =>
      openLocally(t.app.platform, (await at(`azureml://datastores/nas/paths/${path}`)).location)
    const names = (await opened('mixed')).files.map(({ path }) => basename(path))
    assert.deepEqual(names, ['a.csv', 'own.csv'])
    await assert.rejects(opened('mixed/pipe.csv'), refused(404, /Nothing is at/))
    await assert.rejects(opened('mixed/link.csv'), refused(403, /leads outside/))
  })

  test('and stored: into a container or a local folder', async () => {
    mkdirSync(join(folder, 'out'))
    writeFileSync(join(folder, 'out/model.bin'), 'model')
    for (const reference of [
      'azureml://datastores/workspaceblobstore/paths/azureml/j/o',
      'azureml://datastores/nas/paths/j/o',
    ]) {
      const { location } = await at(reference)
      assert.equal(await kindAt(t.app.platform, location), undefined)
      await storeAt(t.app.platform, join(folder, 'out'), location)
      assert.equal(await kindAt(t.app.platform, location), 'folder')
      const inside = (await at(`${reference}/model.bin`)).location
      assert.equal(await kindAt(t.app.platform, inside), 'file')
    }
    await assert.rejects(
      storeAt(t.app.platform, folder, { kind: 'url', url: 'https://x/' }),
      refused(400, /Nothing can be written/),
    )
  })
})
