import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before, describe, test } from 'node:test'
import { startTestApp, type TestApp } from '../../testing/app.ts'

describe('steps that import data', () => {
  const root = mkdtempSync(join(tmpdir(), 'twinloop-'))
  let t: TestApp
  before(async () => {
    const database = new DatabaseSync(join(root, 'shop.db'))
    database.exec('create table sales (id integer, price real); insert into sales values (1, 0.5), (2, 1)')
    database.close()
    t = await startTestApp({ dataRoots: root })
    await t.send('PUT', `${t.workspace}/connections/shop`, {
      properties: { category: 'Sqlite', authType: 'None', target: join(root, 'shop.db') },
    })
  })
  after(async () => {
    await t.end()
    rmSync(root, { recursive: true, force: true })
  })

  const endless =
    'with recursive i (n) as (select 1 union all select n + 1 from i) select n from i where n < 0'
  const step = (query: string, more: object = {}) => ({
    type: 'data_transfer',
    task: 'import_data',
    source: { type: 'database', connection: 'azureml:shop', query },
    outputs: { sink: { job_output_type: 'mltable', name: 'sold' } },
    componentId: 'azureml://registries/azureml/components/import_data_database/versions/0.0.1',
    ...more,
  })
  const jobId = (name: string) => `${t.workspace}/jobs/${name}`
  const submit = (name: string, jobs: object) =>
    t.send('PUT', jobId(name), {
      properties: { jobType: 'Pipeline', jobs, properties: { 'azureml.materializationAssetName': 'sold' } },
    })
  const ended = (p: Record<string, unknown>) =>
    ['Completed', 'Failed', 'Canceled'].includes(String(p['status']))

  test('the step is a job that ends as its import does, and its asset is its output', async () => {
    assert.equal((await submit('good', { bring: step('select * from sales') })).status, 201)
    assert.equal((await t.until(jobId('good'), ended))['status'], 'Completed')
    const { body: made } = await t.send('GET', `${t.workspace}/data/sold/versions/1`)
    assert.deepEqual(
      [made.properties.dataType, made.properties.properties['twinloop.import.rows']],
      ['mltable', '2'],
    )
    const { body: child } = await t.send('GET', jobId('good_bring'))
    assert.equal(child.properties.status, 'Completed')
    assert.equal(child.properties.outputs.sink.uri, made.properties.dataUri)
    const { value } = (await t.send('GET', `${t.workspace}/jobs?assetName=sold`)).body
    assert.deepEqual(
      value.map(({ name }: { name: string }) => name),
      ['good'],
    )
    assert.deepEqual((await t.send('GET', `${t.workspace}/jobs?assetName=other`)).body.value, [])
  })

  test('a failure is told on the step and on the pipeline', async () => {
    await submit('bad', { bring: step('select * from nowhere') })
    const failed = await t.until(jobId('bad'), ended)
    assert.equal(failed['status'], 'Failed')
    assert.match(JSON.stringify(failed['error']), /Step 'bring' .* failed: .*no such table: nowhere/)
  })

  test('canceled with its pipeline, the import is canceled', async () => {
    await submit('slow', { bring: step(endless) })
    const importId = `${t.workspace}/providers/Twinloop/dataImports/slow_bring`
    await t.until(importId, (p) => p['status'] === 'Running')
    await t.send('POST', `${jobId('slow')}/cancel`)
    assert.equal((await t.until(jobId('slow'), ended))['status'], 'Canceled')
    assert.equal((await t.send('GET', importId)).body.properties.status, 'Canceled')
  })

  test('what cannot be imported is refused when it is submitted', async () => {
    const refused = async (node: object) => {
      const { status, body } = await submit('refused', { bring: node })
      assert.ok(status >= 400, JSON.stringify(body))
      return `${body.error.target} ${body.error.message}`
    }
    assert.match(
      await refused(step('select 1', { task: 'export_data' })),
      /jobs.bring.task .*twinloop data export/,
    )
    assert.match(await refused(step('select 1', { task: 'copy_data' })), /has the task 'copy_data'/)
    assert.match(
      await refused(step('select 1', { outputs: {} })),
      /jobs.bring.outputs.sink .* needs its name/,
    )
    assert.match(await refused(step('select 1', { source: { type: 'ftp' } })), /file_system, not 'ftp'/)
    assert.match(await refused(step('')), /needs source.query/)
    const source = { type: 'database', connection: 'azureml:shap', query: 'select 1' }
    assert.match(await refused(step('', { source })), /'shap'.*shop/)
    const alone = await t.send('PUT', jobId('alone'), { properties: { jobType: 'DataTransfer' } })
    assert.match(alone.body.error.message, /twinloop data import/)
  })
})
