import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { startTestApp, type TestApp } from '../../testing/app.ts'
import { testShell, type TestShell } from './io.ts'

const flights = join(import.meta.dirname, '../../../examples/flights/data')

describe('data diff from the command line', () => {
  let server: TestApp
  let shell: TestShell
  let archive: string
  before(async () => {
    archive = mkdtempSync(join(tmpdir(), 'twinloop-'))
    server = await startTestApp({ dataRoots: archive })
    shell = testShell({ url: server.app.platform.urls.http, token: server.token })
    shell.write({
      'one.csv': 'id,name,size\n1,a,10\n2,b,20\n3,c,30\n',
      'two.csv': 'id,name,weight\n1,a,10\n2,B,20\n4,d,30\n',
      'same.csv': 'id,name,size\n3,c,30\n1,a,10\n2,b,20\n',
    })
    for (const [i, file] of ['one.csv', 'two.csv', 'same.csv'].entries())
      await ok('data', 'create', '-n', 't', '-v', String(i + 1), '-t', 'uri_file', '-p', file)
  })
  after(async () => {
    shell.end()
    await server.end()
    rmSync(archive, { recursive: true })
  })
  const ok = async (...line: string[]) => {
    const ran = await shell.run(...line)
    assert.equal(ran.code, 0, ran.err)
    return ran.out
  }

  test('says what came, went and changed, as git diff does', async () => {
    assert.equal(
      await ok('data', 'diff', 't:1', 't:2', '--key', 'id'),
      `--- t:1  3 rows, 3 columns
+++ t:2  3 rows, 3 columns

schema
~ size → weight  renamed? the values are the same

columns
~ name  ███████··· 0.667  new B, d, gone b, c
~ id    ███······· 0.333  mean 2 → 2.333, range [1, 3] → [1, 4]
= size

rows by id
- 1 removed
    id=3 name=c size=30
+ 1 added
    id=4 name=d weight=30
~ 1 changed of 2 that both have
    in name 1
    2: name b → B
`,
    )
  })

  test('exit codes: 0 unless asked, 1 for differences, as data, too', async () => {
    assert.match(
      await ok('data', 'diff', 't:1', 'azureml:t:3', '--exit-code'),
      /\nthe same columns and the same rows\n/,
    )
    const ran = await shell.run('data', 'diff', 't:1', 't@latest', '--exit-code', '--output', 'json')
    assert.deepEqual(
      [ran.code, (JSON.parse(ran.out) as { equal: boolean }).equal],
      [0, true],
      'latest is t:3',
    )
    const other = await shell.run('data', 'diff', 't:1', 't:2', '--exit-code', '-o', 'json')
    assert.deepEqual([other.code, (JSON.parse(other.out) as { equal: boolean }).equal], [1, false])
    assert.equal(
      await ok('data', 'diff', 't:1', 't:2', '--query', 'keyCandidates', '-o', 'tsv'),
      'id\tname\tsize\n'.replaceAll('\t', '\n'),
    )
  })

  test('a folder of this machine, read at each time anew', async () => {
    writeFileSync(join(archive, 'a b.csv'), 'id,name,size\n1,a,10\n')
    await server.app.platform.resources.put(
      server.app.platform.identity('setup'),
      `${server.workspace}/datastores/archive`,
      { properties: { datastoreType: 'LocalFolder', path: archive } },
    )
    const uri = 'azureml://datastores/archive/paths/a b.csv'
    assert.match(await ok('data', 'diff', uri, 't:1'), /--- archive\/a b\.csv {2}1 row, 3 columns\n/)
    writeFileSync(join(archive, 'a b.csv'), 'id,name,size\n1,a,10\n2,b,20\n3,c,30\n')
    assert.match(await ok('data', 'diff', uri, 't:1'), /the same columns and the same rows/)
  })

  test('two months of real flights', async () => {
    for (const month of ['1', '2'])
      await ok(
        'data',
        'create',
        '-n',
        'flights',
        '-v',
        month,
        '-t',
        'uri_file',
        '-p',
        join(flights, `flights-2013-0${month}.parquet`),
      )
    const out = await ok(
      'data',
      'diff',
      'flights:1',
      'flights:2',
      '--key',
      'time_hour,carrier,flight,origin,sched_dep_time',
      '-o',
      'json',
    )
    const found = JSON.parse(out) as {
      from: { rows: number }
      to: { rows: number }
      keyed: { added: number; removed: number; duplicates: { from: { keys: number } } }
      columns: { name: string; distance: number; goneValues?: { top: { value: string }[] } }[]
    }
    assert.deepEqual([found.from.rows, found.to.rows], [27_004, 24_951])
    assert.deepEqual(
      [found.keyed.added, found.keyed.removed, found.keyed.duplicates.from.keys],
      [24_951, 27_004, 0],
    )
    const month = found.columns.find(({ name }) => name === 'month')
    assert.equal(month?.distance, 1)
    const carrier = found.columns.find(({ name }) => name === 'carrier')
    assert.deepEqual(
      carrier?.goneValues?.top.map(({ value }) => value),
      ['OO'],
    )
  })

  test('what is wrong is said where it is', async () => {
    const said = async (...line: string[]) => {
      const { code, err } = await shell.run('data', 'diff', ...line)
      return `${code} ${err}`
    }
    assert.match(await said('t:1', 't:2', '--key', 'nmae'), /^1 .*no column 'nmae'; did you mean 'name'\?/s)
    assert.match(await said('t:1', 't:9'), /^1 .*version '9' of data 't'.*does not exist/s)
    assert.match(await said('t:1', './two.csv'), /^2 .*no reference to data.*registered first/s)
    assert.match(await said('t:1'), /^2 .*needs two versions/s)
    assert.match(await said('t:1', 'azureml://datastores/nowhere/paths/x.csv'), /^1 .*nowhere/s)
  })

  test('a comparison is a resource: kept as it is, made anew when it had failed', async () => {
    const id = `${server.workspace}/providers/Twinloop/dataDiffs/mine`
    const put = (properties: object) => server.send('PUT', `${id}?api-version=x`, { properties })
    const { headers } = await put({ from: 'azureml:t@latest', to: 'azureml:t:1', keys: ['nope'] })
    assert.ok(headers.has('azure-asyncoperation'))
    const failed = await server.until(id, ({ provisioningState }) => provisioningState === 'Failed')
    assert.match((failed['error'] as { message: string }).message, /no column 'nope'/)
    assert.deepEqual(failed['pinned'], { from: 'azureml:t:3', to: 'azureml:t:1' })
    await put({ from: 'azureml:t@latest', to: 'azureml:t:1' })
    const done = await server.until(id, ({ provisioningState }) => provisioningState === 'Succeeded')
    assert.equal((done['result'] as { equal: boolean }).equal, true)
    const { headers: again } = await server.send('GET', `${id}?api-version=x`)
    await put({ from: 'azureml:t@latest', to: 'azureml:t:1' })
    assert.equal((await server.send('GET', `${id}?api-version=x`)).headers.get('etag'), again.get('etag'))
    const astray = await server.send(
      'PUT',
      `${server.workspace}/data/t/versions/1/providers/Twinloop/dataDiffs/x?api-version=x`,
      {
        properties: { from: 'azureml:t:1', to: 'azureml:t:2' },
      },
    )
    assert.match(`${astray.status} ${astray.body.error.message}`, /^400 .*belongs to a workspace/)
  })
})
