import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { CreateBucketCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3'
import { ContainerClient, StorageSharedKeyCredential } from '@azure/storage-blob'
import { startTestApp } from '../../testing/app.ts'
import type { TestApp } from '../../testing/app.ts'
import { azuriteAccount, startAzurite, startS3 } from '../../testing/cloud-stores.ts'
import type { CloudStore } from '../../testing/cloud-stores.ts'
import { ownPython, useOwnPython } from '../../testing/own-python.ts'
import { testShell } from './io.ts'
import type { TestShell } from './io.ts'

const keys = { accessKeyId: 'key', secretAccessKey: 'geheim' }

describe('data stores elsewhere, from the command line', () => {
  let server: TestApp
  let shell: TestShell
  let azure: CloudStore
  let s3: CloudStore
  let bucket: S3Client
  let nas: string
  before(async () => {
    ;[azure, s3] = await Promise.all([startAzurite(), startS3()])
    const { name, key } = azuriteAccount
    const raw = new ContainerClient(`${azure.url}/${name}/raw`, new StorageSharedKeyCredential(name, key))
    await raw.create()
    await raw.getBlockBlobClient('taxi/2026/jan.csv').upload('fare\n1\n2\n', 9)
    await raw.getBlockBlobClient('taxi/2026/feb.csv').upload('fare\n3\n', 7)
    bucket = new S3Client({ region: 'us-east-1', endpoint: s3.url, forcePathStyle: true, credentials: keys })
    await bucket.send(new CreateBucketCommand({ Bucket: 'lake' }))
    nas = mkdtempSync(join(tmpdir(), 'twinloop-'))
    mkdirSync(join(nas, 'in'))
    writeFileSync(join(nas, 'in', 'more.csv'), 'fare\n4\n')
    server = await startTestApp({ dataRoots: nas })
    useOwnPython(server.home)
    shell = testShell({ url: server.app.platform.urls.http, token: server.token })
    shell.write({
      'raw.yml': `name: raw
type: azure_blob
account_name: ${name}
container_name: raw
endpoint: ${new URL(azure.url).host}
protocol: http
credentials: {account_key: ${key}}
`,
      'gone.yml': `name: gone
type: azure_data_lake_gen2
account_name: ${name}
filesystem: gone
endpoint: ${azure.url}/${name}
credentials: {account_key: ${key}}
`,
      'keys.yml': `name: minio
type: s3
target: ${s3.url}/lake
credentials: {type: access_key, access_key_id: key, secret_access_key: geheim}
`,
      'lake.yml': `name: lake
type: s3
bucket: lake
endpoint: ${s3.url}
connection: azureml:minio
`,
      'nas.yml': `name: nas\ntype: local_folder\npath: ${nas}\n`,
      'job.yml': `command: >-
  python add.py \${{inputs.taxi}} \${{inputs.more}} \${{outputs.sums}}
code: .
environment: ${ownPython}
compute: azureml:cpu
inputs:
  taxi: {type: uri_folder, path: azureml://datastores/raw/paths/taxi/2026}
  more: {type: uri_file, path: azureml://datastores/nas/paths/in/more.csv, mode: download}
outputs:
  sums: {type: uri_folder, path: "azureml://datastores/lake/paths/\${{name}}/sums", name: sums}
`,
      'add.py': `import glob, os, sys
taxi, more, out = sys.argv[1:]
total = 0
for file in sorted(glob.glob(taxi + "/*.csv")) + [more]:
    total += sum(int(line) for line in open(file).read().split()[1:])
os.makedirs(out + "/deep", exist_ok=True)
open(out + "/total.txt", "w").write(str(total))
open(out + "/deep/x.txt", "w").write("x")
`,
    })
    await ran('compute', 'create', '-n', 'cpu', '-t', 'amlcompute')
    for (const file of ['raw', 'gone', 'lake', 'nas'])
      if (file === 'lake') {
        await ran('connection', 'create', '-f', 'keys.yml')
        await ran('datastore', 'create', '-f', 'lake.yml')
      } else await ran('datastore', 'create', '-f', `${file}.yml`)
  })
  after(async () => {
    shell.end()
    bucket.destroy()
    await server.end()
    await Promise.all([azure.end(), s3.end()])
    rmSync(nas, { recursive: true, force: true })
  })

  const ran = async (...line: readonly string[]) => {
    const { code, out, err } = await shell.run(...line)
    assert.equal(code, 0, `${line.join(' ')}: ${err}`)
    return out
  }
  const objects = async () =>
    ((await bucket.send(new ListObjectsV2Command({ Bucket: 'lake' }))).Contents ?? []).map((o) => o.Key)

  test('each is checked, and says in a sentence what is wrong', async () => {
    for (const name of ['raw', 'lake', 'nas', 'workspaceblobstore']) {
      const out = await ran('datastore', 'check', '-n', name, '--write', '-o', 'table')
      assert.match(out, /list +Passed/)
      assert.match(out, /write +Passed/)
    }
    assert.deepEqual(await objects(), [], 'a check leaves nothing behind')
    const { code, err } = await shell.run('datastore', 'check', '-n', 'gone')
    assert.equal(code, 1)
    assert.match(err, /Datastore 'gone': there is no container 'gone' at 127\.0\.0\.1:\d+\./)
  })

  test('what moves is told its credentials again, and what is wrong is refused', async () => {
    const moved = await shell.run('datastore', 'create', '-f', 'raw.yml', '--set', 'container_name=b')
    assert.equal(moved.code, 0, 'the file has the key in it')
    await ran('datastore', 'create', '-f', 'raw.yml')
    const refused = async (sets: readonly string[], pattern: RegExp) => {
      const { code, err } = await shell.run('datastore', 'create', '-f', 'lake.yml', '--set', ...sets)
      assert.equal(code, 1)
      assert.match(err, pattern)
    }
    await refused(['endpoint=ftp://x'], /'ftp:\/\/x' is no endpoint of a datastore/)
    await refused(['connection=azureml:none'], /none/)
    await refused(['credentials.account_key=x'], /type S3 takes credentials of type None or AccessKey/)
    const { error } = (
      await server.send('PUT', `${server.workspace}/datastores/raw`, {
        properties: {
          datastoreType: 'AzureBlob',
          accountName: 'acme',
          containerName: 'raw',
          endpoint: 'evil.example.com',
          credentials: { credentialsType: 'AccountKey' },
        },
      })
    ).body
    assert.match(error.message, /were given for another place; give them again/)
  })

  test('a job reads from one and writes to another', async () => {
    const { name } = JSON.parse(await ran('job', 'create', '-f', 'job.yml')) as { name: string }
    const done = await server.until(`${server.workspace}/jobs/${name}`, (p) =>
      ['Completed', 'Failed'].includes(String(p['status'])),
    )
    assert.equal(done['status'], 'Completed', JSON.stringify(done['error']))
    assert.deepEqual(await objects(), [`${name}/sums/deep/x.txt`, `${name}/sums/total.txt`])
    const shown = JSON.parse(await ran('data', 'show', '-n', 'sums', '-l', 'latest')) as { path: string }
    assert.match(shown.path, new RegExp(`/datastores/lake/paths/${name}/sums`))
    await ran('job', 'download', '-n', name, '--output-name', 'sums', '-p', 'got')
    assert.equal(readFileSync(join(shell.folder, 'got/named-outputs/sums/total.txt'), 'utf8'), '10')
  })

  test('URLs of what is in them lead there, with their credentials', async () => {
    const total = (await objects()).find((key) => key?.endsWith('total.txt'))
    const asset = ['data', 'create', '-n', 'total', '-t', 'uri_file', '-p', `s3://lake/${total}`]
    assert.match(await ran(...asset), /s3:\/\/lake/)
    const raw = `${azure.url}/${azuriteAccount.name}/raw/taxi/2026`
    const sets = [`inputs.taxi.path=${raw}`, 'inputs.more.path=azureml:total@latest', 'outputs.sums.path=']
    const { name } = JSON.parse(await ran('job', 'create', '-f', 'job.yml', '--set', ...sets)) as {
      name: string
    }
    const done = await server.until(`${server.workspace}/jobs/${name}`, (p) =>
      ['Completed', 'Failed'].includes(String(p['status'])),
    )
    assert.equal(done['status'], 'Completed', JSON.stringify(done['error']))
    await ran('job', 'download', '-n', name, '--output-name', 'sums', '-p', 'again')
    assert.equal(readFileSync(join(shell.folder, 'again/named-outputs/sums/total.txt'), 'utf8'), '6')
  })

  test('files are uploaded to any of them, and downloaded', async () => {
    for (const datastore of ['raw', 'lake', 'nas']) {
      const line = ['data', 'create', '-n', `to-${datastore}`, '-t', 'uri_file', '-p', 'add.py']
      const made = JSON.parse(await ran(...line, '--datastore', datastore)) as { path: string }
      assert.match(made.path, new RegExp(`/datastores/${datastore}/paths/LocalUpload/[0-9a-f]{64}/add.py$`))
    }
  })

  test('a job whose output cannot be kept fails with the sentence, and leaves nothing', async () => {
    const line = ['job', 'create', '-f', 'job.yml', '--set']
    const out = 'outputs.sums.path=azureml://datastores/gone/paths/x'
    const { name } = JSON.parse(await ran(...line, out, 'outputs.sums.name=lost')) as { name: string }
    const done = await server.until(`${server.workspace}/jobs/${name}`, (p) =>
      ['Completed', 'Failed'].includes(String(p['status'])),
    )
    assert.equal(done['status'], 'Failed')
    assert.match(JSON.stringify(done['error']), /there is no container 'gone'/)
    assert.equal((await shell.run('data', 'show', '-n', 'lost')).code, 1)
  })

  test('a store that is away keeps a job waiting with its outputs, until it is back or the job is cancelled', async () => {
    const off = { datastoreType: 'S3', bucket: 'lake', endpoint: 'http://127.0.0.1:1' }
    await server.send('PUT', `${server.workspace}/datastores/off`, { properties: off })
    const begin = async () => {
      const sets = ['outputs.sums.path=azureml://datastores/off/paths/${{name}}']
      const line = ['job', 'create', '-f', 'job.yml', '--set', ...sets]
      const { name } = JSON.parse(await ran(...line)) as { name: string }
      await server.until(`${server.workspace}/jobs/${name}`, (p) =>
        /is tried again: .*cannot be reached at 127\.0\.0\.1:1/.test(JSON.stringify(p['warnings'])),
      )
      return name
    }
    const ended = async (name: string) =>
      (
        await server.until(`${server.workspace}/jobs/${name}`, (p) =>
          ['Completed', 'Failed', 'Canceled'].includes(String(p['status'])),
        )
      )['status']
    const [patient, given] = [await begin(), await begin()]
    await ran('job', 'cancel', '-n', given)
    assert.equal(await ended(given), 'Canceled')
    const credentials = { credentialsType: 'AccessKey', accessKeyId: 'key', secrets: { ...keys } }
    await server.send('PUT', `${server.workspace}/datastores/off`, {
      properties: { ...off, endpoint: s3.url, credentials },
    })
    server.app.platform.wake('training.jobs', `${server.workspace}/jobs/${patient}`.toLowerCase())
    assert.equal(await ended(patient), 'Completed')
    assert.ok((await objects()).includes(`${patient}/total.txt`))
  })
})
