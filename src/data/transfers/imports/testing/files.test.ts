import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { AnalyticsError } from '../../../../analytics/analytics.ts'
import { startTestApp, type TestApp } from '../../../../testing/app.ts'
import { containerOf } from '../../../containers.ts'
import { withTables } from '../../../tables/with-tables.ts'

describe('imports of files', () => {
  let t: TestApp
  let container: string
  before(async () => {
    t = await startTestApp()
    container = containerOf(await t.app.platform.resources.get(t.workspace), 'blobstore')
  })
  after(() => t.end())

  const store = 'azureml://datastores/workspaceblobstore/paths'
  const write = (path: string, text: string) =>
    t.app.platform.artifacts.put({ container, path }, Buffer.from(text))
  const idOf = (name: string) => `${t.workspace}/providers/Twinloop/dataImports/${name}`
  const run = async (name: string, properties: object) => {
    const { status, body } = await t.send('PUT', idOf(name), { properties })
    assert.equal(status, 201, JSON.stringify(body))
    await t.until(idOf(name), (p) => ['Completed', 'Failed', 'Canceled'].includes(String(p['status'])))
    return (await t.send('GET', idOf(name))).body.properties
  }
  const files = async (uri: string) => {
    const path = `${/\/paths\/(.*)$/.exec(uri)?.[1] ?? ''}/`
    return (await t.app.platform.artifacts.list(container, path)).blobs.map((blob) =>
      blob.path.slice(path.length),
    )
  }
  const count = (uri: string) =>
    withTables(
      t.app.platform,
      t.workspace,
      { t: uri },
      async (session) => (await session.all('select count(*), max(id) from t')).rows,
    )

  test('a table in files becomes Parquet, by a column only what is new', async () => {
    await write('in/a.csv', 'id,name\n1,a\n2,b\n')
    const properties = {
      assetName: 'names',
      source: { sourceType: 'file_system', path: `${store}/in/` },
      incremental: { column: 'ID' },
    }
    const first = await run('names_1', properties)
    assert.equal(first.status, 'Completed', JSON.stringify(first.error))
    assert.deepEqual([first.progress.rows, first.watermark], [2, '2'])
    assert.deepEqual(await files(first.dataUri), ['MLTable', 'names_1-0.parquet'])
    await write('in/b.csv', 'id,name\n10,c\n3,d\n')
    const second = await run('names_2', properties)
    assert.deepEqual(
      [second.status, second.progress.rows, second.watermark],
      ['Completed', 2, '10'],
      JSON.stringify(second.error),
    )
    assert.deepEqual(await files(second.dataUri), ['MLTable', 'names_1-0.parquet', 'names_2-0.parquet'])
    assert.deepEqual(await count(second.dataUri), [[4, 10]])
    const third = await run('names_3', properties)
    assert.deepEqual([third.status, third.assetId], ['Completed', second.assetId])
    assert.deepEqual(await files(third.dataUri), [])
  })

  test('a folder of any files is copied as it is, into a place of its own', async () => {
    await write('pictures/x/1.png', 'one')
    await write('pictures/2.png', 'two')
    const done = await run('pictures_1', {
      assetName: 'pictures',
      dataType: 'uri_folder',
      dataUri: `${store}/landed/\${{name}}/files`,
      source: { sourceType: 'file_system', path: `${store}/pictures` },
    })
    assert.equal(done.status, 'Completed', JSON.stringify(done.error))
    assert.match(done.dataUri, /paths\/landed\/pictures_1\/files$/)
    assert.deepEqual(await files(done.dataUri), ['2.png', 'x/1.png'])
    assert.deepEqual(done.progress, { rows: 0, bytes: 6, parts: 2 })
    const { body } = await t.send('GET', done.assetId)
    assert.equal(body.properties.dataType, 'uri_folder')
  })

  test('a name as long as a name may be is one, with files of its own', async () => {
    await write('long/a.csv', 'id\n1\n')
    const source = { sourceType: 'file_system', path: `${store}/long/` }
    const [one, two] = ['1', '2'].map((end) => `${'n'.repeat(254)}${end}`)
    const incremental = { column: 'id' }
    const first = await run(one ?? '', { assetName: 'long', source, incremental })
    assert.equal(first.status, 'Completed', JSON.stringify(first.error))
    await write('long/b.csv', 'id\n2\n')
    const second = await run(two ?? '', { assetName: 'long', source, incremental })
    assert.equal(second.status, 'Completed', JSON.stringify(second.error))
    assert.deepEqual(await count(second.dataUri), [[2, 2]])
  })

  test('goes on when the process that reads has been killed', async (context) => {
    await write('killed/a.csv', 'id\n1\n2\n')
    const { analytics } = t.app.platform
    const session = analytics.session.bind(analytics)
    let kills = 1
    analytics.session = (options, use) =>
      session(options, (open) =>
        use({
          ...open,
          run: (sql, values) =>
            sql.startsWith('copy') && kills-- > 0
              ? Promise.reject(new AnalyticsError('lost', 'The process was killed.'))
              : open.run(sql, values),
        }),
      )
    context.after(() => (analytics.session = session))
    const path = `${store}/killed/a.csv`
    const made = await run('killed', {
      assetName: 'killed',
      source: { sourceType: 'file_system', path },
      dataType: 'mltable',
    })
    assert.equal(made.status, 'Completed', JSON.stringify(made.error))
    assert.ok(kills < 0)
    assert.deepEqual(await count(made.dataUri), [[2, 2]])
  })

  test('what is not there fails, and leaves nothing', async () => {
    const failed = await run('none_1', {
      assetName: 'none',
      source: { sourceType: 'file_system', path: `${store}/none` },
    })
    assert.equal(failed.status, 'Failed')
    assert.match(failed.error.message, /none/)
    assert.deepEqual(await files(failed.dataUri), [])
    assert.equal((await t.send('GET', `${t.workspace}/data/none`)).status, 404)
  })
})
