import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { childId, keyOf } from '../kernel/resources/arm-id.ts'
import { startTestApp, type TestApp } from '../testing/app.ts'
import { ownPython, useOwnPython } from '../testing/own-python.ts'
import { endRun, ensureRun, recordInputs } from '../tracking/runs.ts'

let server: TestApp
before(async () => {
  server = await startTestApp()
})
after(() => server.end())

const mlflow = '/api/2.0/mlflow'
const version = '?api-version=2024-10-01'

async function ok(answer: ReturnType<TestApp['send']>) {
  const { status, body } = await answer
  assert.ok(status < 300, `${status} ${JSON.stringify(body)}`)
  return body
}

const post = (path: string, body: object) => server.send('POST', `${mlflow}/${path}`, body)
const get = (path: string, query: Record<string, string>) =>
  server.send('GET', `${mlflow}/${path}?${new URLSearchParams(query).toString()}`)
const arm = (method: string, path: string, body?: object) =>
  server.send(method, `${server.workspace}/${path}${version}`, body)

const mlmodel =
  'artifact_path: model\nflavors:\n  python_function:\n    loader_module: mlflow.sklearn\n  sklearn: {code: null}\n'

/** A run of a job with an MLflow model among its artifacts. */
async function runWithModel(runId: string) {
  const { store } = server.app.platform
  const run = { scope: keyOf(server.workspace), runId }
  await store.transaction(async (tx) => {
    await ensureRun(tx, { ...run, experimentName: 'flights', runName: 'train', userId: 'ada', now: 1000 })
    await recordInputs(tx, {
      ...run,
      datasets: [
        {
          name: 'flights',
          digest: 'abc',
          sourceType: 'http',
          source: '{"uri": "azureml://datastores/workspaceblobstore/paths/flights.parquet"}',
          schema: null,
          profile: null,
          tags: { 'mlflow.data.context': 'training' },
        },
      ],
    })
    await endRun(tx, { ...run, status: 'FINISHED', endTime: 2000 })
  })
  const path = `/api/2.0/mlflow-artifacts/artifacts/ExperimentRun/dcid.${runId}/model/MLmodel`
  await ok(server.send('PUT', path, mlmodel, { 'content-type': 'text/plain' }))
}

test('a model registered through MLflow is a resource of Azure ML, with lineage and flavors', async () => {
  await runWithModel('plucky_heron')
  await ok(post('registered-models/create', { name: 'late flights', tags: [{ key: 'team', value: 'ops' }] }))
  const again = await post('registered-models/create', { name: 'late flights' })
  assert.deepEqual([again.status, again.body.error_code], [400, 'RESOURCE_ALREADY_EXISTS'])
  const { model_version: made } = await ok(
    post('model-versions/create', {
      name: 'late flights',
      source: 'runs:/plucky_heron/model',
      run_link: 'http://x',
    }),
  )
  assert.deepEqual(
    [made.version, made.run_id, made.status, made.source],
    ['1', 'plucky_heron', 'READY', 'runs:/plucky_heron/model'],
  )
  const { properties } = await ok(arm('GET', 'models/late%20flights/versions/1'))
  assert.match(
    properties.modelUri,
    /^azureml:\/\/subscriptions\/.*\/datastores\/workspaceartifactstore\/paths\/ExperimentRun\/dcid\.plucky_heron\/model$/,
  )
  assert.equal(properties.modelType, 'mlflow_model')
  assert.equal(properties.jobName, 'plucky_heron')
  assert.deepEqual(properties.flavors.python_function, { data: { loader_module: 'mlflow.sklearn' } })
  assert.deepEqual(properties.lineage.data, [
    {
      name: 'flights',
      id: 'azureml://datastores/workspaceblobstore/paths/flights.parquet',
      digest: 'abc',
      context: 'training',
    },
  ])
  const container = await ok(arm('GET', 'models/late%20flights'))
  assert.deepEqual([container.properties.latestVersion, container.properties.tags], ['1', { team: 'ops' }])
  const uri = await ok(get('model-versions/get-download-uri', { name: 'late flights', version: '1' }))
  assert.equal(uri.artifact_uri, 'mlflow-artifacts:/ExperimentRun/dcid.plucky_heron/model')
})

test('a model registered through Azure ML is one of MLflow, and is read through the proxy', async () => {
  const modelUri = 'azureml://datastores/workspaceblobstore/paths/LocalUpload/abc/model/'
  const body = { properties: { modelType: 'custom_model', modelUri, tags: { a: '1' }, description: 'by az' } }
  const made = await ok(arm('PUT', 'models/by-az/versions/7', body))
  assert.deepEqual(made.properties.flavors, {})
  await ok(arm('PUT', 'models/by-az/versions/7', body))
  const moved = await arm('PUT', 'models/by-az/versions/7', {
    properties: { ...body.properties, modelUri: `${modelUri}other` },
  })
  assert.deepEqual([moved.status, moved.body.error.code], [400, 'ImmutablePropertyChanged'])
  await ok(arm('PUT', 'models/by-az/versions/7', { properties: { ...made.properties, isArchived: true } }))
  const { model_version: seen } = await ok(get('model-versions/get', { name: 'by-az', version: '7' }))
  assert.deepEqual([seen.description, seen.tags], ['by az', [{ key: 'a', value: '1' }]])
  const workspace = await server.app.platform.resources.get(server.workspace)
  const container = `${String(workspace.status['workspaceId'])}-blobstore`
  await server.app.platform.artifacts.put(
    { container, path: 'LocalUpload/abc/model/m.bin' },
    Buffer.from('bytes'),
  )
  const { artifact_uri } = await ok(get('model-versions/get-download-uri', { name: 'by-az', version: '7' }))
  const path = artifact_uri.replace('mlflow-artifacts:/', '')
  const { files } = await ok(server.send('GET', `/api/2.0/mlflow-artifacts/artifacts?path=${path}`))
  assert.deepEqual(files, [{ path: 'm.bin', is_dir: false, file_size: 5 }])
  assert.equal(await ok(server.send('GET', `/api/2.0/mlflow-artifacts/artifacts/${path}/m.bin`)), 'bytes')
  const next = await ok(post('model-versions/create', { name: 'by-az', source: 'models:/by-az/7' }))
  assert.equal(next.model_version.version, '8')
})

test('an alias moves with its history, and goes with its version', async () => {
  await runWithModel('aliased')
  await ok(post('registered-models/create', { name: 'aliased' }))
  for (const _ of [1, 2])
    await ok(post('model-versions/create', { name: 'aliased', source: 'runs:/aliased/model' }))
  for (const to of ['1', '2', '2'])
    await ok(post('registered-models/alias', { name: 'aliased', alias: 'champion', version: to }))
  const { properties } = await ok(arm('GET', 'models/aliased'))
  assert.deepEqual(properties.aliases, { champion: '2' })
  assert.deepEqual(
    properties.aliasHistory.map((c: Record<string, string>) => [c['from'], c['to']]),
    [
      [null, '1'],
      ['1', '2'],
    ],
  )
  assert.ok(properties.aliasHistory[0].by && properties.aliasHistory[0].at)
  const found = await ok(get('registered-models/alias', { name: 'aliased', alias: 'champion' }))
  assert.deepEqual([found.model_version.version, found.model_version.aliases], ['2', ['champion']])
  for (const alias of ['latest', 'v3', 'a b', ''])
    assert.equal(
      (await post('registered-models/alias', { name: 'aliased', alias, version: '1' })).status,
      400,
      alias,
    )
  assert.equal(
    (await post('registered-models/alias', { name: 'aliased', alias: 'x', version: '9' })).status,
    404,
  )
  await ok(arm('DELETE', 'models/aliased/versions/2'))
  const gone = await get('registered-models/alias', { name: 'aliased', alias: 'champion' })
  assert.deepEqual([gone.status, gone.body.error_code], [404, 'RESOURCE_DOES_NOT_EXIST'])
  await ok(post('model-versions/create', { name: 'aliased', source: 'runs:/aliased/model' }))
  assert.equal(
    (await ok(get('model-versions/get', { name: 'aliased', version: '2' }))).model_version.aliases,
    undefined,
  )
})

test('a model that a run logged beside itself is found by the run, and knows as what it was registered', async () => {
  const { run } = await ok(post('runs/create', {}))
  const { model } = await ok(
    post('logged-models', { experiment_id: '0', name: 'clf', source_run_id: run.info.run_id }),
  )
  const { model_id } = model.info
  const file = `/api/2.0/mlflow-artifacts/artifacts/LoggedModels/${model_id}/artifacts/MLmodel`
  await ok(server.send('PUT', file, mlmodel, { 'content-type': 'text/plain' }))
  await ok(server.send('PATCH', `${mlflow}/logged-models/${model_id}`, { status: 2 }))
  await ok(post('registered-models/create', { name: 'logged' }))
  const made = await ok(
    post('model-versions/create', {
      name: 'logged',
      source: `models:/${model_id}`,
      model_id,
      run_id: run.info.run_id,
    }),
  )
  assert.equal(made.model_version.model_id, model_id)
  const byRun = await ok(
    arm('PUT', 'models/logged/versions/2', {
      properties: { modelType: 'MLFlowModel', modelUri: `runs:/${run.info.run_id}/clf` },
    }),
  )
  assert.match(byRun.properties.modelUri, new RegExp(`LoggedModels/${model_id}/artifacts$`))
  assert.equal(byRun.properties.modelType, 'mlflow_model')
  const shown = await ok(server.send('GET', `${mlflow}/logged-models/${model_id}`))
  assert.deepEqual(shown.model.info.registrations, [{ name: 'logged', version: '1' }])
})

test('prompts are kept apart from models', async () => {
  await ok(
    post('registered-models/create', {
      name: 'greeting',
      tags: [{ key: 'mlflow.prompt.is_prompt', value: 'true' }],
    }),
  )
  await ok(post('registered-models/create', { name: 'greeter' }))
  const names = async (filter: string) =>
    (await ok(get('registered-models/search', { filter }))).registered_models.map(
      (m: { name: string }) => m.name,
    )
  assert.deepEqual(await names("name LIKE 'greet%'"), ['greeter'])
  assert.deepEqual(await names("name LIKE 'greet%' AND tag.`mlflow.prompt.is_prompt` != 'true'"), ['greeter'])
  assert.deepEqual(await names("name LIKE 'greet%' AND tag.`mlflow.prompt.is_prompt` = 'true'"), ['greeting'])
})

test('a registration is an event, written with it', async () => {
  await runWithModel('eventful')
  await ok(post('registered-models/create', { name: 'eventful' }))
  await ok(post('model-versions/create', { name: 'eventful', source: 'runs:/eventful/model' }))
  const gone = new AbortController()
  for await (const event of server.app.platform.events.tail(0, gone.signal)) {
    if (event.subject !== 'models/eventful:1') continue
    assert.equal(event.type, 'Microsoft.MachineLearningServices.ModelRegistered')
    assert.deepEqual([event.data['ModelName'], event.data['ModelVersion']], ['eventful', '1'])
    assert.equal(event.source, server.workspace)
    break
  }
  gone.abort()
})

test('what cannot be registered is refused with a reason, and nothing is made', async () => {
  await ok(post('registered-models/create', { name: 'careful' }))
  const other = server.workspace
    .replace(/[^/]+$/, 'elsewhere')
    .slice(1)
    .replace('resourceGroups', 'resourcegroups')
  const cases: [string, number, RegExp][] = [
    ['runs:/nobody/model', 404, /Run with id=nobody/],
    [`models:/m-${'0'.repeat(32)}`, 404, /Logged model/],
    ['models:/careful/3', 404, /does not exist/],
    ['/tmp/model', 400, /local path/],
    ['file:///tmp/model', 400, /local path/],
    ['azureml://datastores/nowhere/paths/x', 404, /nowhere/],
    ['azureml://datastores/workspaceblobstore/paths/../x', 400, /\.\./],
    [
      `azureml://${other.replace('providers/Microsoft.MachineLearningServices/', '')}/datastores/workspaceblobstore/paths/x`,
      403,
      /workspace/,
    ],
  ]
  for (const [source, status, message] of cases) {
    const answer = await post('model-versions/create', { name: 'careful', source })
    assert.equal(answer.status, status, `${source}: ${JSON.stringify(answer.body)}`)
    assert.match(answer.body.message, message)
  }
  assert.deepEqual(
    await server.app.platform.resources.list({
      type: 'workspaces/models/versions',
      parent: childId(server.workspace, 'models', 'careful'),
    }),
    [],
  )
  assert.equal((await post('model-versions/create', { name: 'absent', source: 'runs:/a/b' })).status, 404)
  assert.equal((await post('registered-models/create', { name: 'a/b' })).status, 400)
  const readOnly = await server.send(
    'POST',
    `${mlflow}/registered-models/create`,
    { name: 'x' },
    { authorization: 'Bearer no' },
  )
  assert.equal(readOnly.status, 401)
})

test('a version tells from which job, pipeline and data it came', async () => {
  useOwnPython(server.home)
  const data = {
    dataType: 'uri_file',
    dataUri: 'azureml://datastores/workspaceblobstore/paths/flights/1.csv',
  }
  const workspace = await server.app.platform.resources.get(server.workspace)
  const container = `${String(workspace.status['workspaceId'])}-blobstore`
  await server.app.platform.artifacts.put({ container, path: 'flights/1.csv' }, Buffer.from('a,b'))
  await ok(arm('PUT', 'data/flights/versions/1', { properties: data }))
  const job = {
    jobType: 'Command',
    environmentId: ownPython,
    command: `mkdir -p outputs/model && printf 'flavors: {sklearn: {}}' > outputs/model/MLmodel`,
    inputs: { flights: { jobInputType: 'uri_file', uri: 'azureml:flights@latest' } },
  }
  await ok(arm('PUT', 'jobs/training_1', { properties: job }))
  await server.until(childId(server.workspace, 'jobs', 'training_1'), (p) => p['status'] === 'Completed')
  const { properties } = await ok(
    arm('PUT', 'models/of-a-job/versions/1', {
      properties: {
        modelType: 'mlflow_model',
        modelUri: 'azureml://jobs/training_1/outputs/artifacts/paths/outputs/model/',
      },
    }),
  )
  assert.equal(properties.jobName, 'training_1')
  assert.deepEqual(Object.keys(properties.flavors), ['sklearn'])
  const id = childId(server.workspace, 'data', 'flights', 'versions', '1')
  assert.deepEqual(properties.datasets, [{ name: 'flights', id }])
  assert.equal(properties.lineage.job, 'training_1')
})

test('two registrations at once make two versions', async () => {
  await runWithModel('racing')
  await ok(post('registered-models/create', { name: 'racing' }))
  const made = await Promise.all(
    Array.from({ length: 5 }, () =>
      ok(post('model-versions/create', { name: 'racing', source: 'runs:/racing/model' })),
    ),
  )
  assert.deepEqual(new Set(made.map((m) => m.model_version.version)), new Set(['1', '2', '3', '4', '5']))
})
