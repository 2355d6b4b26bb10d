import assert from 'node:assert/strict'
import { chmod, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { after, before, test } from 'node:test'
import { containerOf } from '../../data/containers.ts'
import { verifyPublished } from '../../data/facts/integrity.ts'
import { resolve } from '../../data/resolve.ts'
import { sweepRegistry } from '../../data/stores/sweep.ts'
import { upsertPrincipal } from '../../store/access-rows.ts'
import { startTestApp, type TestApp } from '../../testing/app.ts'
import { specificationOf } from '../../training/environments/specification.ts'
import { useOwnPython } from '../../testing/own-python.ts'

const version = '?api-version=2025-12-01'
let server: TestApp
let group: string
let workspace: string
let other: string
let registry: string
before(async () => {
  server = await startTestApp()
  useOwnPython(server.home)
  group = server.workspace.replace(/\/workspaces\/.*$/, '')
  workspace = server.workspace
  other = `${group}/workspaces/prod`
  registry = `${group}/registries/shelf`
  await ok(arm('PUT', other, { location: 'local', properties: {} }))
  await server.until(other, ({ provisioningState }) => provisioningState === 'Succeeded')
})
after(() => server.end())

const arm = (method: string, path: string, body?: unknown, token?: string) =>
  server.send(
    method,
    `${path}${version}`,
    body,
    token === undefined ? {} : { authorization: `Bearer ${token}` },
  )

async function ok(answer: ReturnType<TestApp['send']>) {
  const { status, body } = await answer
  assert.ok(status < 300, `${status} ${JSON.stringify(body)}`)
  return body
}

async function refused(answer: ReturnType<TestApp['send']>, status: number, message: RegExp) {
  const found = await answer
  assert.equal(found.status, status, JSON.stringify(found.body))
  assert.match(found.body.error.message, message)
  return found.body.error
}

async function upload(owner: string, path: string, content: string) {
  const { artifacts, resources } = server.app.platform
  const container = containerOf(await resources.get(owner), 'blobstore')
  await artifacts.put({ container, path }, Buffer.from(content))
}

/** Registers a model of two files in the workspace. */
async function model(name: string, number: string, weights: string) {
  const path = `LocalUpload/${name}-${number}/model`
  await upload(workspace, `${path}/MLmodel`, 'flavors:\n  python_function: {loader_module: mlflow.sklearn}\n')
  await upload(workspace, `${path}/weights.bin`, weights)
  const modelUri = `azureml://datastores/workspaceblobstore/paths/${path}`
  await ok(
    arm('PUT', `${workspace}/models/${name}/versions/${number}`, {
      properties: { modelType: 'mlflow_model', modelUri, tags: { team: 'ops' } },
    }),
  )
}

const share = (type: string, name: string, number: string, as: object = {}, token?: string) =>
  arm(
    'POST',
    `${registry}/import`,
    { properties: { sourceAssetId: `${workspace}/${type}/${name}/versions/${number}`, ...as } },
    token,
  )

test('a registry is made once on a server, and is found by its name', async () => {
  const made = await ok(arm('PUT', registry, { location: 'local', tags: { team: 'ml' }, properties: {} }))
  assert.equal(made.type, 'Microsoft.MachineLearningServices/registries')
  assert.equal(made.properties.provisioningState, 'Succeeded')
  const listed = await ok(arm('GET', `${group}/registries`))
  assert.deepEqual(
    listed.value.map((r: { name: string }) => r.name),
    ['shelf'],
  )
  const elsewhere = registry.replace(/resourceGroups\/[^/]+/, 'resourceGroups/elsewhere')
  await refused(arm('PUT', elsewhere, { properties: {} }), 409, /There is a registry 'shelf' already/)
  await refused(arm('PUT', `${group}/registries/azureml`, { properties: {} }), 400, /Azure's own registry/)
  const { body } = await server.send('GET', '/registrymanagement/v1.0/registries/shelf/discovery')
  assert.equal(body.resourceGroup, group.split('/')[4])
})

test('a shared model keeps its files, its hash and where it is from', async () => {
  await model('delay', '3', 'w3')
  await ok(share('models', 'delay', '3', { destinationName: 'flight-delay', destinationVersion: '1' }))
  const { properties } = await ok(arm('GET', `${registry}/models/flight-delay/versions/1`))
  assert.match(properties.integrity.sha256, /^[0-9a-f]{64}$/)
  assert.deepEqual([properties.integrity.files, properties.tags], [2, { team: 'ops' }])
  assert.equal(properties.publishedFrom.id, `${workspace}/models/delay/versions/3`)
  assert.deepEqual(Object.keys(properties.flavors), ['python_function'])
  const { artifacts, resources } = server.app.platform
  const container = containerOf(await resources.get(registry), 'blobstore')
  assert.deepEqual((await artifacts.list(container, 'LocalUpload/')).blobs, [])
  const { nodes, edges } = await ok(
    arm('POST', `${workspace}/models/delay/versions/3/lineage`, { direction: 'down' }),
  )
  assert.deepEqual(
    [nodes.map((n: { type: string }) => n.type).sort(), edges.map((e: { kind: string }) => e.kind)],
    [['registries/models/versions', 'workspaces/models/versions'], ['published']],
  )
})

test('what is published is an event of the registry', async () => {
  const stop = new AbortController()
  const registered = 'Microsoft.MachineLearningServices.ModelRegistered'
  for await (const event of server.app.platform.events.tail(0, stop.signal)) {
    if (event.source !== registry || event.type !== registered) continue
    assert.equal(event.subject, 'models/flight-delay:1')
    stop.abort()
    return
  }
})

test('the same again changes nothing, and other content under a published version is refused', async () => {
  const as = { destinationName: 'flight-delay', destinationVersion: '1' }
  const before = await ok(arm('GET', `${registry}/models/flight-delay/versions/1`))
  await ok(share('models', 'delay', '3', as))
  assert.equal((await ok(arm('GET', `${registry}/models/flight-delay/versions/1`))).etag, before.etag)
  await model('delay', '4', 'w4')
  await refused(
    share('models', 'delay', '4', as),
    409,
    /Version 1 of 'flight-delay' .* 'shelf' with other content/,
  )
})

test('an archived version is not shared, nor one that is not there', async () => {
  await model('old', '1', 'w')
  const path = `${workspace}/models/old/versions/1`
  const { properties } = await ok(arm('GET', path))
  await ok(arm('PUT', path, { properties: { ...properties, isArchived: true } }))
  await refused(
    share('models', 'old', '1'),
    400,
    /version '1' of model 'old' of workspace 'dev' is archived, so it is not shared. Restore it/,
  )
  await refused(
    share('models', 'delay', '9'),
    404,
    /version '9' of model 'delay' of workspace 'dev' does not exist/,
  )
  await refused(
    arm('POST', `${registry}/import`, { properties: { sourceAssetId: 'azureml:delay:3' } }),
    400,
    /names no version of an asset; expected azureml:\/\/locations/,
  )
})

test('what is uploaded to a registry is kept where no upload can change it, and must be there', async () => {
  const version = `${registry}/models/uploaded/versions/1`
  const place = await ok(arm('POST', `${version}/startPendingUpload`, {}))
  const { blobUri } = place.blobReferenceForConsumption
  const folder = new URL(blobUri).pathname.split('/').slice(3).join('/')
  const body = { properties: { modelType: 'custom_model', modelUri: `${blobUri}/m` } }
  await refused(arm('PUT', version, body), 400, /Nothing was uploaded/)
  await upload(registry, `${folder}/m/a.bin`, 'one')
  const made = await ok(arm('PUT', version, body))
  await upload(registry, `${folder}/m/a.bin`, 'two')
  assert.equal((await ok(arm('GET', version))).properties.integrity.sha256, made.properties.integrity.sha256)
  await refused(arm('PUT', version, body), 409, /with other content/)
  const elsewhere = { properties: { modelType: 'custom_model', modelUri: 'https://example.org/m.bin' } }
  await refused(
    arm('PUT', `${registry}/models/uploaded/versions/2`, elsewhere),
    400,
    /is not in registry 'shelf'/,
  )
})

test('who publishes needs a role on the registry, and who uses it may read it', async () => {
  const { store, access } = server.app.platform
  await upsertPrincipal(store.db, { id: 'p-ann', name: 'ann', kind: 'User' }, Date.now())
  const token = await access.issueToken('p-ann', { purpose: 'test' })
  const assign = (scope: string, role: string, as: string) =>
    ok(
      arm('PUT', `${scope}/providers/Microsoft.Authorization/roleAssignments/${as}`, {
        properties: { roleDefinitionId: role, principalId: 'p-ann' },
      }),
    )
  await assign(workspace, 'AzureML Data Scientist', '00000000-0000-0000-0000-00000000000a')
  await refused(
    share('models', 'delay', '3', { destinationName: 'ann' }, token),
    403,
    /ann may not do '.*registries\/assets\/write' on '.*registries\/shelf'/,
  )
  const job = (name: string) =>
    arm(
      'PUT',
      `${workspace}/jobs/${name}`,
      {
        properties: {
          jobType: 'Command',
          command: 'true',
          environmentId: 'azureml://registries/azureml/environments/sklearn-1.5/labels/latest',
          inputs: {
            m: {
              jobInputType: 'mlflow_model',
              uri: 'azureml://registries/shelf/models/flight-delay/versions/1',
            },
          },
        },
      },
      token,
    )
  await refused(job('anns'), 403, /ann may not do '.*registries\/assets\/read'/)
  await assign(registry, 'AzureML Registry User', '00000000-0000-0000-0000-00000000000b')
  await ok(job('anns'))
  await ok(share('models', 'delay', '3', { destinationName: 'ann' }, token))
  const { properties } = await ok(arm('GET', `${registry}/models/ann/versions/3`))
  assert.equal(properties.publishedFrom.publishedBy, 'ann')
  const audited = await ok(server.send('GET', `${registry}/models/ann/versions/3/providers/Twinloop/audit`))
  assert.match(JSON.stringify(audited), /registries\/assets\/write/)
})

test('a model brings the environment of its job, and tells the job and the data that it came of', async () => {
  const condaFile = 'dependencies: [python, {pip: []}]'
  await ok(
    arm('PUT', `${workspace}/environments/train/versions/5`, { properties: { image: 'python', condaFile } }),
  )
  await upload(workspace, 'LocalUpload/t1/table.csv', 'a,b\n1,2\n')
  const dataUri = 'azureml://datastores/workspaceblobstore/paths/LocalUpload/t1/table.csv'
  const data = `${workspace}/data/table/versions/1`
  await ok(arm('PUT', data, { properties: { dataType: 'uri_file', dataUri } }))
  const job = `${workspace}/jobs/trained`
  useOwnPython(server.home, specificationOf({ image: 'python', condaFile }))
  await ok(
    arm('PUT', job, {
      properties: {
        jobType: 'Command',
        command: 'cp ${{inputs.table}} ${{outputs.model}}/m.csv',
        environmentId: 'azureml:train:5',
        inputs: { table: { jobInputType: 'uri_file', uri: 'azureml:table:1' } },
        outputs: { model: { jobOutputType: 'custom_model' } },
      },
    }),
  )
  const done = await server.until(job, ({ status }) => ['Completed', 'Failed'].includes(String(status)))
  assert.equal(done['status'], 'Completed', JSON.stringify(done))
  const modelUri = 'azureml://jobs/trained/outputs/model'
  await ok(
    arm('PUT', `${workspace}/models/made/versions/1`, {
      properties: { modelType: 'custom_model', modelUri },
    }),
  )
  await ok(share('models', 'made', '1'))
  const { properties } = await ok(arm('GET', `${registry}/models/made/versions/1`))
  const { publishedFrom } = properties
  assert.deepEqual(
    [publishedFrom.run, publishedFrom.job, publishedFrom.data, publishedFrom.environment],
    ['trained', job, [{ name: 'table', id: data }], `${registry}/environments/train/versions/5`],
  )
  assert.equal((await ok(arm('GET', publishedFrom.environment))).properties.condaFile, condaFile)
  const { nodes } = await ok(arm('POST', `${registry}/models/made/versions/1/lineage`, { direction: 'up' }))
  assert.ok(nodes.some((node: { id: string }) => node.id === data))
  await server.until(data, ({ facts }) => (facts as { state?: string } | undefined)?.state === 'recorded')
  await ok(share('data', 'table', '1'))
  assert.equal((await ok(arm('GET', `${registry}/data/table/versions/1`))).properties.facts.rows, 1)
  const asked = await ok(
    arm('POST', `${other}/queryData`, {
      sql: 'select b from t',
      tables: { t: 'azureml://registries/shelf/data/table/labels/latest' },
    }),
  )
  assert.match(JSON.stringify(asked), /2/)
})

test('published twice at once is published once', async () => {
  await model('raced', '1', 'w')
  const answers = await Promise.all([1, 2, 3].map(() => share('models', 'raced', '1')))
  assert.deepEqual(
    answers.map(({ status }) => status),
    [200, 200, 200],
  )
  const { value } = await ok(
    server.send('GET', `${registry}/models/raced/versions/1/providers/Twinloop/audit`),
  )
  assert.equal(value.length, 1)
})

test('what only the platform knows cannot be claimed', async () => {
  const version = `${registry}/models/claimed/versions/1`
  const { blobReferenceForConsumption } = await ok(arm('POST', `${version}/startPendingUpload`, {}))
  const { blobUri } = blobReferenceForConsumption
  await upload(registry, `${new URL(blobUri).pathname.split('/').slice(3).join('/')}/m.bin`, 'x')
  const claims = { publishedFrom: { id: 'the best workspace' }, integrity: { sha256: 'f'.repeat(64) } }
  await ok(
    arm('PUT', version, {
      properties: { modelType: 'custom_model', modelUri: `${blobUri}/m.bin`, ...claims },
    }),
  )
  const { properties } = await ok(arm('GET', version))
  assert.equal(properties.publishedFrom, undefined)
  assert.equal(
    properties.integrity.sha256,
    '2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881',
  )
})

test('a component brings its code and environment, and runs in another workspace', async () => {
  await upload(workspace, 'LocalUpload/code1/src/say.sh', 'echo "shared says $(cat $1/n)"')
  const codeUri = 'azureml://datastores/workspaceblobstore/paths/LocalUpload/code1/src'
  const code = await ok(arm('PUT', `${workspace}/codes/c1/versions/1`, { properties: { codeUri } }))
  const spec = {
    name: 'say',
    version: '1',
    type: 'command',
    command: 'sh say.sh ${{inputs.data}}',
    code: code.id,
    environment: 'azureml://registries/azureml/environments/sklearn-1.5/labels/latest',
    inputs: { data: { type: 'uri_folder' } },
  }
  await ok(arm('PUT', `${workspace}/components/say/versions/1`, { properties: { componentSpec: spec } }))
  await ok(share('components', 'say', '1', { destinationName: 'tell' }))
  const shared = await ok(arm('GET', `${registry}/components/tell/versions/1`))
  assert.equal(shared.properties.componentSpec.name, 'tell')
  assert.equal(shared.properties.componentSpec.code, `${registry}/codes/c1/versions/1`)
  await upload(workspace, 'LocalUpload/d1/numbers/n', '42')
  const dataUri = 'azureml://datastores/workspaceblobstore/paths/LocalUpload/d1/numbers/'
  await ok(
    arm('PUT', `${workspace}/data/numbers/versions/1`, { properties: { dataType: 'uri_folder', dataUri } }),
  )
  await ok(share('data', 'numbers', '1'))
  const job = `${other}/jobs/uses-shared`
  const uses = {
    jobType: 'Pipeline',
    inputs: {
      data: { jobInputType: 'uri_folder', uri: 'azureml://registries/shelf/data/numbers/labels/latest' },
    },
    jobs: {
      tell: {
        type: 'command',
        componentId: 'azureml://registries/shelf/components/tell/versions/1',
        inputs: { data: { job_input_type: 'literal', value: '${{parent.inputs.data}}' } },
      },
    },
  }
  await ok(arm('PUT', job, { properties: uses }))
  const done = await server.until(job, ({ status }) => ['Completed', 'Failed'].includes(String(status)))
  assert.equal(done['status'], 'Completed', JSON.stringify(done))
  const { artifacts, resources } = server.app.platform
  const [step] = await resources.list({
    type: 'workspaces/jobs',
    scope: other,
    where: { 'status.rootJobName': 'uses-shared' },
  })
  const container = containerOf(await resources.get(other), 'artifacts')
  const log = { container, path: `ExperimentRun/dcid.${step?.name}/user_logs/std_log.txt` }
  assert.match(await text(await artifacts.read(log)), /shared says 42/)
  const { edges } = await ok(
    arm('POST', `${registry}/data/numbers/versions/1/lineage`, { direction: 'down' }),
  )
  assert.ok(
    edges.some((e: { kind: string; to: string }) => e.kind === 'read' && e.to === job),
    JSON.stringify(edges),
  )
})

test('an environment brings its build context, told apart where the registry has another of that name', async () => {
  const put = async (number: string, packages: string) => {
    const folder = `LocalUpload/ctx-${number}/docker`
    await upload(
      workspace,
      `${folder}/Dockerfile`,
      'FROM python:3.11\nCOPY r.txt .\nRUN pip install -r r.txt',
    )
    await upload(workspace, `${folder}/r.txt`, packages)
    const contextUri = `azureml://datastores/workspaceblobstore/paths/${folder}/`
    return ok(
      arm('PUT', `${workspace}/environments/built/versions/${number}`, {
        properties: { build: { contextUri, dockerfilePath: 'Dockerfile' } },
      }),
    )
  }
  await put('1', 'six==1.16.0')
  await put('2', 'six==1.17.0')
  await ok(share('environments', 'built', '1'))
  const { properties } = await ok(arm('GET', `${registry}/environments/built/versions/1`))
  assert.match(properties.build.contextUri, /-blobstore\/environments\/built\/1\/[0-9a-f]{64}\/docker$/)
  await refused(share('environments', 'built', '2', { destinationVersion: '1' }), 409, /with other content/)
  // What a component needs is under that name and version already, from elsewhere.
  await ok(share('environments', 'built', '1', { destinationVersion: '2' }))
  const componentSpec = {
    type: 'command',
    command: 'true',
    environment: `${workspace}/environments/built/versions/2`,
  }
  await ok(arm('PUT', `${workspace}/components/needs/versions/1`, { properties: { componentSpec } }))
  await ok(share('components', 'needs', '1'))
  const shared = await ok(arm('GET', `${registry}/components/needs/versions/1`))
  assert.match(shared.properties.componentSpec.environment, /\/environments\/built\/versions\/2-[0-9a-f]{8}$/)
  assert.ok(shared.properties.componentSpec.environment.startsWith(registry))
})

test('bad references to registries are told with the nearest name', async () => {
  const job = (environmentId: string) =>
    arm('PUT', `${workspace}/jobs/bad`, {
      properties: { jobType: 'Command', command: 'true', environmentId },
    })
  await refused(
    job('azureml://registries/shelv/environments/e/versions/1'),
    400,
    /no registry 'shelv' here. Did you mean 'shelf'/,
  )
  await refused(
    job('azureml://registries/shelf/environments/e/versions/1'),
    400,
    /no environment 'e' in registry 'shelf'/,
  )
  await refused(
    job('azureml://registries/shelf/models/flight-delay/versions/1'),
    400,
    /a reference to models; one to environments is expected/,
  )
})

test('MLflow lists, reads and aliases the models of a registry, and only those', async () => {
  const at = `/mlflow/v2.0${registry}/api/2.0/mlflow`
  const { registered_models } = await ok(server.send('GET', `${at}/registered-models/search`))
  assert.ok(registered_models.some((m: { name: string }) => m.name === 'flight-delay'))
  await ok(
    server.send('POST', `${at}/registered-models/alias`, {
      name: 'flight-delay',
      alias: 'champion',
      version: '1',
    }),
  )
  const { model_version } = await ok(
    server.send('GET', `${at}/registered-models/alias?name=flight-delay&alias=champion`),
  )
  assert.deepEqual([model_version.version, model_version.aliases], ['1', ['champion']])
  const { artifact_uri } = await ok(
    server.send('GET', `${at}/model-versions/get-download-uri?name=flight-delay&version=1`),
  )
  const path = new URL(artifact_uri).pathname
  assert.equal(await ok(server.send('GET', `${path}/weights.bin`)), 'w3')
  const [proxy = '', folder = ''] = path.split('/artifacts/')
  const { files } = await ok(server.send('GET', `${proxy}/artifacts?path=${folder}`))
  assert.deepEqual(
    files.map((f: { path: string }) => f.path),
    ['MLmodel', 'weights.bin'],
  )
  assert.equal((await server.send('GET', `${at}/experiments/search?max_results=1`)).status, 404)
  const stray = await server.send('GET', `${proxy}/artifacts/LocalUpload/x`)
  assert.deepEqual([stray.status, stray.body.error_code], [404, 'RESOURCE_DOES_NOT_EXIST'])
})

test('what no version has any more is swept, and nothing else', async () => {
  await model('swept', '1', 'w')
  await ok(share('models', 'swept', '1'))
  await ok(share('models', 'swept', '1', { destinationVersion: '2' }))
  await ok(arm('DELETE', `${registry}/models/swept/versions/2`))
  const { platform } = server.app
  const owner = await platform.resources.get(registry)
  const container = containerOf(owner, 'blobstore')
  const there = async (prefix: string) => (await platform.artifacts.list(container, prefix)).blobs.length
  const before = await there('')
  await sweepRegistry(platform, owner, container)
  assert.equal(await there(''), before)
  await sweepRegistry(platform, owner, container, new Date(Date.now() + 3 * 24 * 3_600_000))
  assert.deepEqual(
    [await there('models/swept/1/'), await there('models/swept/2/'), await there('LocalUpload/')],
    [2, 0, 0],
  )
  const all = await platform.resources.list({
    type: 'registries/models/versions',
    scope: registry,
    view: 'all',
  })
  for (const { id } of all) {
    const { location } = await resolve(platform, registry, id)
    await verifyPublished(platform, location)
  }
})

test('a version whose bytes were changed is refused', async () => {
  await model('tampered', '1', 'honest weights')
  await ok(share('models', 'tampered', '1'))
  const { artifacts, resources } = server.app.platform
  const container = containerOf(await resources.get(registry), 'blobstore')
  const { blobs } = await artifacts.list(container, 'models/tampered/')
  const weights = blobs.find((blob) => blob.path.endsWith('weights.bin'))
  const file = await bytesOf(weights?.digest ?? '')
  await chmod(file, 0o644)
  assert.equal(await readFile(file, 'utf8'), 'honest weights')
  await writeFile(file, 'wicked weights')
  const read = `${registry}/datarefs/tampered/versions/1`
  await refused(
    server.send('POST', read, { assetId: 'azureml://registries/shelf/models/tampered/versions/1' }),
    409,
    /The files of version '1' of model 'tampered' of registry 'shelf' are not those that were published/,
  )
  const at = `/mlflow/v2.0${registry}/api/2.0/mlflow/model-versions/get-download-uri?name=tampered&version=1`
  const { pathname } = new URL((await ok(server.send('GET', at))).artifact_uri)
  const answer = await server.send('GET', `${pathname}/weights.bin`)
  assert.deepEqual([answer.status, answer.body.error_code], [409, 'INVALID_STATE'])
  assert.equal((await server.send('GET', `${pathname}/MLmodel`)).status, 200)
})

/** The stored file with these bytes. */
async function bytesOf(digest: string): Promise<string> {
  const { glob } = await import('node:fs/promises')
  for await (const path of glob(`**/*${digest.slice(4)}*`, { cwd: join(server.home, 'artifacts') }))
    return join(server.home, 'artifacts', path)
  return assert.fail(`no file for ${digest}`)
}
