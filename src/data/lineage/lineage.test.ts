import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { startTestApp, type TestApp } from '../../testing/app.ts'
import { recordLineage, type LineageEdge } from './record.ts'
import type { Trace } from './trace.ts'

let server: TestApp
before(async () => {
  server = await startTestApp()
})
after(() => server.end())

const api = '?api-version=2024-10-01'
const arm = (method: string, path: string, body?: object, headers?: Record<string, string>) =>
  server.send(method, `${server.workspace}/${path}${api}`, body, headers)

async function ok(answer: ReturnType<TestApp['send']>) {
  const { status, body } = await answer
  assert.ok(status < 300, `${status} ${JSON.stringify(body)}`)
  return body
}

const register = (name: string, version: string, dataUri: string) =>
  ok(arm('PUT', `data/${name}/versions/${version}`, { properties: { dataType: 'uri_file', dataUri } }))

const upload = (name: string) => `azureml://datastores/workspaceblobstore/paths/LocalUpload/${name}/f.csv`

const write = (edges: readonly LineageEdge[]) =>
  server.app.platform.store.transaction((db) => recordLineage(db, server.workspace, edges, Date.now()))

const ask = (path: string, body: object = {}): Promise<Trace> => ok(arm('POST', `${path}/lineage`, body))

/** `flights:1 -read(x)-> prep`, of every edge, sorted. */
function lines({ nodes, edges }: Trace): readonly string[] {
  const names = new Map(
    nodes.map((n) => [
      n.id,
      `${n.name}${n.version === undefined ? '' : `:${n.version}`}${n.deletedAt ? '†' : ''}`,
    ]),
  )
  return edges
    .map(
      (e) =>
        `${names.get(e.from)} -${e.kind}${e.name === undefined ? '' : `(${e.name})`}-> ${names.get(e.to)}`,
    )
    .sort()
}

const job = (name: string) => `${server.workspace}/jobs/${name}`
const data = (name: string, version = '1') => `${server.workspace}/data/${name}/versions/${version}`

describe('lineage', () => {
  test('of what has none is the thing alone, and of what is not there is refused by the nearest name', async () => {
    await register('lonely', '1', upload('lonely'))
    const found = await ask('data/lonely/versions/1')
    assert.deepEqual(found.edges, [])
    assert.deepEqual(
      found.nodes.map((n) => [n.id, n.type, n.name, n.version]),
      [[data('lonely'), 'workspaces/data/versions', 'lonely', '1']],
    )
    assert.equal(found.root, data('lonely'))
    assert.deepEqual([found.truncated, found.withheld], [false, 0])
    const missing = await arm('POST', 'data/lonly/versions/1/lineage', {})
    assert.equal(missing.status, 404)
    const wrong = await arm('POST', 'data/lonely/versions/1/lineage', { direction: 'sideways', depth: 0 })
    assert.equal(wrong.status, 400)
    assert.match(wrong.body.error.message, /direction.*'sideways' is not one of up, down, both/)
  })

  test('goes up and down through jobs and unregistered places, as deep as asked', async () => {
    await register('raw', '1', upload('raw'))
    await write([
      { from: data('raw'), to: job('prep'), kind: 'read', name: 'input' },
      {
        from: job('prep'),
        to: 'azureml://datastores/workspaceblobstore/paths/azureml/prep/clean/',
        kind: 'wrote',
        name: 'clean',
      },
      // Whatever of an output is read, it is that output; and in long form, too.
      {
        from: `azureml:/${server.workspace.replace('/providers/Microsoft.MachineLearningServices', '')}/datastores/workspaceblobstore/paths/azureml/prep/clean/part-1.parquet`,
        to: job('train'),
        kind: 'read',
        name: 'table',
      },
      { from: 'runs:/train', to: `${server.workspace}/models/late/versions/1`, kind: 'registered' },
    ])
    const place = 'azureml://datastores/workspaceblobstore/paths/azureml/prep/clean'
    const all = [
      `${place} -read(table)-> train`,
      `prep -wrote(clean)-> ${place}`,
      'raw:1 -read(input)-> prep',
      'train -registered-> late:1',
    ]
    assert.deepEqual(lines(await ask('data/raw/versions/1', { direction: 'down' })), all)
    assert.deepEqual(lines(await ask('data/raw/versions/1', { direction: 'up' })), [])
    const near = await ask('data/raw/versions/1', { depth: 2 })
    assert.deepEqual([lines(near), near.truncated], [all.slice(1, 3), true])
    const few = await ask('data/raw/versions/1', { limit: 3 })
    assert.deepEqual([few.nodes.length, few.truncated], [3, true])
  })

  test('what is read at a place is read of the asset that is registered there, or of a folder above', async () => {
    const folder = 'azureml://datastores/workspaceblobstore/paths/months'
    await write([{ from: `${folder}/jan.csv`, to: job('before'), kind: 'read', name: 'a' }])
    await register('months', '1', `${folder}/`)
    await write([
      { from: `${folder}/feb.csv`, to: job('reader'), kind: 'read', name: 'b' },
      { from: `${folder}-not/feb.csv`, to: job('reader'), kind: 'read', name: 'c' },
    ])
    assert.deepEqual(lines(await ask('data/months/versions/1')), [
      `${folder} -registered-> months:1`,
      'months:1 -read(b)-> reader',
    ])
  })

  test('URLs are told without what signs them', async () => {
    const url = 'https://user:secret@example.org/flights.csv?sig=secret#secret'
    await register('signed', '1', url)
    const found = await ask('data/signed/versions/1', { direction: 'up' })
    assert.deepEqual(lines(found), ['https://example.org/flights.csv -registered-> signed:1'])
    assert.ok(!JSON.stringify(found).includes('secret'))
  })

  test('ends that name nothing, or another workspace’s, are passed over', async () => {
    await register('own', '1', upload('own'))
    const other = server.workspace.replace(/[^/]+$/, 'other')
    await write([
      { from: '42', to: data('own'), kind: 'read' },
      { from: '/etc/passwd', to: data('own'), kind: 'read' },
      { from: '${{parent.inputs.x}}', to: data('own'), kind: 'read' },
      { from: 'azureml:own@latest', to: data('own'), kind: 'read' },
      { from: `${other}/data/x/versions/1`, to: data('own'), kind: 'read' },
      { from: 'runs:/../../x', to: data('own'), kind: 'read' },
      { from: data('own'), to: data('own'), kind: 'read' },
    ])
    assert.deepEqual(lines(await ask('data/own/versions/1')), [])
  })

  test('a deleted resource leaves its name; what is made later under it has no part in that', async () => {
    await register('gone', '1', upload('gone'))
    await register('kept', '1', upload('kept'))
    await write([
      { from: data('gone'), to: job('j1'), kind: 'read', name: 'x' },
      { from: job('j1'), to: data('kept'), kind: 'wrote', name: 'y' },
    ])
    await ok(arm('DELETE', 'data/gone/versions/1'))
    const up = await ask('data/kept/versions/1', { direction: 'up' })
    assert.deepEqual(
      lines(up),
      ['gone†:1 -read(x)-> j1', 'j1 -wrote(y)-> kept:1'].map((l) => l.replace('gone†:1', 'gone:1†')).sort(),
    )
    const stone = up.nodes.find((n) => n.name === 'gone')
    assert.equal(stone?.state, 'Deleted')
    assert.match(stone?.id ?? '', /\/data\/gone\/versions\/1#deleted-20/)
    assert.ok(stone?.createdBy !== undefined && stone.createdAt !== undefined)
    await register('gone', '1', upload('gone-again'))
    assert.deepEqual(lines(await ask('data/gone/versions/1')), [])
    assert.equal((await ask('data/kept/versions/1')).nodes.find((n) => n.name === 'gone')?.state, 'Deleted')
  })

  test('a job that writes to what it read is a circle that ends', async () => {
    await register('loop', '1', upload('loop'))
    await write([
      { from: data('loop'), to: job('twice'), kind: 'read', name: 'x' },
      { from: job('twice'), to: data('loop'), kind: 'wrote', name: 'y' },
    ])
    assert.deepEqual(lines(await ask('data/loop/versions/1')), [
      'loop:1 -read(x)-> twice',
      'twice -wrote(y)-> loop:1',
    ])
  })

  test('a pipeline’s inputs concern only the steps that read them', async () => {
    for (const name of ['used', 'other']) await register(name, '1', upload(name))
    await write([
      { from: data('used'), to: job('pipe'), kind: 'read', name: 'u' },
      { from: data('other'), to: job('pipe'), kind: 'read', name: 'o' },
      { from: job('pipe'), to: job('step1'), kind: 'ran', name: 'one' },
      { from: job('pipe'), to: job('step2'), kind: 'ran', name: 'two' },
      { from: data('used'), to: job('step1'), kind: 'read', name: 'in' },
    ])
    assert.deepEqual(lines(await ask('data/used/versions/1')), [
      'pipe -ran(one)-> step1',
      'used:1 -read(in)-> step1',
      'used:1 -read(u)-> pipe',
    ])
    assert.deepEqual(lines(await ask('data/other/versions/1')), ['other:1 -read(o)-> pipe'])
  })

  test('MLflow’s runs and what they say that they read are part of it', async () => {
    await register('logged', '1', upload('logged'))
    const mlflow = (path: string, body: object) => ok(server.send('POST', `/api/2.0/mlflow/${path}`, body))
    const { run } = await mlflow('runs/create', { experiment_id: '0', run_name: 'by hand', start_time: 1000 })
    const id = run.info.run_id as string
    const dataset = (name: string, source: object) => ({
      tags: [{ key: 'mlflow.data.context', value: name }],
      dataset: { name, digest: 'd1', source_type: 'x', source: JSON.stringify(source) },
    })
    await mlflow('runs/log-inputs', {
      run_id: id,
      datasets: [
        dataset('training', { uri: 'azureml:logged:1' }),
        dataset('test', { url: 'https://example.org/t.csv' }),
        dataset('local', { uri: '/home/ada/x.csv' }),
        dataset('code', { tags: {} }),
      ],
      models: [{ model_id: `m-${'0'.repeat(32)}` }],
    })
    const found = await ask('data/logged/versions/1')
    assert.deepEqual(lines(found), [`logged:1 -read(training)-> ${id}`])
    const node = found.nodes.find((n) => n.type === 'run')
    assert.deepEqual([node?.displayName, node?.state], ['by hand', 'RUNNING'])
    await mlflow('runs/outputs', { run_id: id, models: [{ model_id: `m-${'1'.repeat(32)}`, step: 1 }] })
    const uri = `azureml://datastores/workspaceartifactstore/paths/ExperimentRun/dcid.${id}/model`
    await ok(
      arm('PUT', 'models/hand/versions/1', { properties: { modelUri: uri, modelType: 'custom_model' } }),
    )
    assert.deepEqual(
      lines(await ask('models/hand/versions/1')),
      [
        `${id} -registered-> hand:1`,
        `dataset:/code/d1 -read(code)-> ${id}`,
        `dataset:/local/d1 -read(local)-> ${id}`,
        `https://example.org/t.csv -read(test)-> ${id}`,
        `logged:1 -read(training)-> ${id}`,
        `models:/m-${'0'.repeat(32)} -read(model)-> ${id}`,
      ].sort(),
    )
    await ok(
      arm('PUT', 'models/copy/versions/1', {
        properties: { modelUri: 'models:/hand/1', modelType: 'custom_model' },
      }),
    )
    const copies = lines(await ask('models/hand/versions/1', { direction: 'down' }))
    assert.deepEqual(copies, ['hand:1 -copied-> copy:1'])
  })

  test('shows what one may read, and says how much it withholds', async () => {
    await register('secret', '1', upload('secret'))
    await register('open', '1', upload('open'))
    await write([
      { from: data('secret'), to: job('mix'), kind: 'read', name: 's' },
      { from: job('mix'), to: data('open'), kind: 'wrote', name: 'o' },
    ])
    const { access } = server.app.platform
    const reader = { id: 'nobody', name: 'nobody', kind: 'User', confinedTo: '' } as const
    const mine = { ...access, can: async (_: unknown, operation: string) => !operation.includes('/jobs/') }
    const { trace } = await import('./trace.ts')
    const platform = { ...server.app.platform, access: mine }
    const root = await platform.resources.get(data('open'))
    const found = await trace(platform, reader, root, { direction: 'both', depth: 9, limit: 9 })
    assert.deepEqual([found.nodes.length, found.edges.length, found.withheld], [1, 0, 1])
  })
})
