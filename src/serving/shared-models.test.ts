import assert from 'node:assert/strict'
import { chmod, glob, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { startTestApp, type TestApp } from '../testing/app.ts'
import { ownPython, useOwnPython } from '../testing/own-python.ts'
import { settled, upload } from '../testing/serving.ts'

const online = `
import os
def init():
    global model
    model = open(os.path.join(os.environ["AZUREML_MODEL_DIR"], "tiny", "weights.txt")).read()
def run(data):
    return {"model": model}
`
const batch = `
import os
def init():
    global model
    model = open(os.path.join(os.environ["AZUREML_MODEL_DIR"], "tiny", "weights.txt")).read()
def run(mini_batch):
    return [model for _ in mini_batch]
`

describe('models of a registry', () => {
  let twin: TestApp
  let registry: string
  const model = 'azureml://registries/shelf/models/mine/labels/champion'

  before(async () => {
    twin = await startTestApp()
    useOwnPython(twin.home)
    registry = `${twin.workspace.replace(/\/workspaces\/.*$/, '')}/registries/shelf`
    await ok('PUT', registry, { properties: {} })
    await publish('1', 'weights of one')
    await ok('POST', `${registry}/models/mine/setAlias`, { alias: 'champion', version: '1' })
  })
  after(() => twin.end())

  async function ok(method: string, path: string, body?: object) {
    const answer = await twin.send(method, path, body)
    assert.ok(answer.status < 300, `${answer.status} ${JSON.stringify(answer.body)}`)
    return answer.body
  }

  async function publish(version: string, weights: string) {
    const modelUri = await upload(twin, `LocalUpload/m${version}/tiny`, { 'weights.txt': weights })
    const source = `${twin.workspace}/models/mine/versions/${version}`
    await ok('PUT', source, { properties: { modelType: 'custom_model', modelUri } })
    await ok('POST', `${registry}/import`, { properties: { sourceAssetId: source } })
  }

  async function code(name: string, text: string) {
    const codeUri = await upload(twin, `LocalUpload/${name}/src`, { 'score.py': text })
    const codeId = `${twin.workspace}/codes/${name}/versions/1`
    await ok('PUT', codeId, { properties: { codeUri } })
    return { codeId, scoringScript: 'score.py' }
  }

  test('are served by online deployments, which keep the version that the alias meant', async () => {
    const endpoint = `${twin.workspace}/onlineEndpoints/flights`
    await ok('PUT', endpoint, { location: 'local', properties: { authMode: 'key' } })
    await settled(twin, endpoint)
    const blue = `${endpoint}/deployments/blue`
    const codeConfiguration = await code('online', online)
    const properties = { endpointComputeType: 'Managed', model, codeConfiguration, environmentId: ownPython }
    await ok('PUT', blue, { location: 'local', properties })
    const made = await settled(twin, blue)
    assert.equal(made['provisioningState'], 'Succeeded', JSON.stringify(made))
    assert.equal(made['model'], `${registry}/models/mine/versions/1`)
    await ok('PATCH', endpoint, { properties: { traffic: { blue: 100 } } })
    await settled(twin, endpoint)
    const { scoringUri } = (await ok('GET', endpoint)).properties
    const { primaryKey } = await ok('POST', `${endpoint}/listKeys`)
    const authorization = `Bearer ${primaryKey}`
    const answer = await fetch(scoringUri, { method: 'POST', body: '{}', headers: { authorization } })
    assert.deepEqual(await answer.json(), { model: 'weights of one' })
    const { edges } = await ok('POST', `${registry}/models/mine/versions/1/lineage`, { direction: 'down' })
    assert.ok(
      edges.some((edge: { kind: string; to: string }) => edge.kind === 'deployed' && edge.to === blue),
    )
  })

  test('are not served once their bytes were changed', async () => {
    await publish('2', 'weights of two')
    for await (const file of glob('artifacts/**/*', { cwd: twin.home, withFileTypes: true })) {
      const path = join(file.parentPath, file.name)
      if (!file.isFile() || (await readFile(path, 'utf8')) !== 'weights of two') continue
      await chmod(path, 0o644)
      await writeFile(path, 'weights of bad')
    }
    const green = `${twin.workspace}/onlineEndpoints/flights/deployments/green`
    const properties = {
      endpointComputeType: 'Managed',
      model: 'azureml://registries/shelf/models/mine/versions/2',
      codeConfiguration: await code('green', online),
      environmentId: ownPython,
    }
    await ok('PUT', green, { location: 'local', properties })
    const { provisioningState, error } = await settled(twin, green)
    assert.equal(provisioningState, 'Failed')
    assert.match(
      JSON.stringify(error),
      /The files of version '2' of model 'mine' of registry 'shelf' are not those that were published/,
    )
  })

  test('score in bulk', async () => {
    const endpoint = `${twin.workspace}/batchEndpoints/nightly`
    await ok('PUT', endpoint, { location: 'local', properties: { authMode: 'aadToken' } })
    await settled(twin, endpoint)
    const properties = {
      model: { referenceType: 'Id', assetId: model },
      codeConfiguration: await code('batch', batch),
      environmentId: ownPython,
    }
    await ok('PUT', `${endpoint}/deployments/blue`, { location: 'local', properties })
    await settled(twin, `${endpoint}/deployments/blue`)
    await ok('PATCH', endpoint, { properties: { defaults: { deploymentName: 'blue' } } })
    await upload(twin, 'LocalUpload/d1/in', { 'a.txt': 'a' })
    const uri = 'azureml://datastores/workspaceblobstore/paths/LocalUpload/d1/in'
    const { scoringUri } = (await ok('GET', endpoint)).properties
    const job = await ok('POST', new URL(scoringUri).pathname, {
      properties: { inputData: { in: { jobInputType: 'UriFolder', uri } } },
    })
    const id = `${twin.workspace}/jobs/${job.name}`
    const ended = await twin.until(id, ({ status }) => ['Completed', 'Failed'].includes(String(status)))
    assert.equal(ended['status'], 'Completed', JSON.stringify(ended))
  })
})
