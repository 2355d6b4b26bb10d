import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { containerOf } from '../../data/containers.ts'
import type { Resource } from '../../kernel/resources/resource.ts'
import { startTestApp, type TestApp } from '../../testing/app.ts'
import { sourceOf } from './context.ts'
import { specificationFor } from './find.ts'
import { specificationOf } from './specification.ts'

let server: TestApp
before(async () => (server = await startTestApp()))
after(() => server.end())

const environment = (properties: object) => ({ id: '', properties, status: {} as object }) as Resource

test('a build context in the workspace’s storage says which packages its image would have', async () => {
  const { platform } = server.app
  const workspace = await platform.resources.get(server.workspace)
  const container = containerOf(workspace, 'blobstore')
  const put = (path: string, content: string) =>
    platform.artifacts.put({ container, path: `LocalUpload/abc/ctx/${path}` }, Buffer.from(content))
  await put('docker/Dockerfile', 'FROM python:3.11\nCOPY r.txt .\nRUN pip install -r r.txt')
  await put('r.txt', 'six==1.16.0')
  await put('model.bin', 'no list of packages')
  const contextUri = 'azureml://datastores/workspaceblobstore/paths/LocalUpload/abc/ctx/'
  const build = { contextUri, dockerfilePath: 'docker/Dockerfile' }
  const source = await sourceOf(environment({ build }), platform, server.workspace)
  assert.deepEqual(Object.keys(source.context?.files ?? {}).sort(), ['docker/Dockerfile', 'r.txt'])
  const { requirements, python } = specificationOf(source)
  assert.ok(requirements.includes('six==1.16.0'))
  assert.equal(python, '==3.11.*')
})

test('a context that cannot be looked into is no error, only less is known', async () => {
  const { platform } = server.app
  for (const contextUri of ['https://github.com/o/r#main', 'azureml://datastores/no-such/paths/x', 'what?']) {
    const source = await sourceOf(environment({ build: { contextUri } }), platform, server.workspace)
    assert.equal(source.context, undefined, contextUri)
    assert.match(specificationOf(source).notes.join(), /Dockerfile is not used/)
  }
})

test('without a build, there is nothing to look for', async () => {
  const given = environment({ image: 'x' })
  assert.equal(await sourceOf(given, server.app.platform, server.workspace), given.properties)
})

test('a registered environment with a build context is found with the packages of its Dockerfile', async () => {
  const { platform } = server.app
  const workspace = await platform.resources.get(server.workspace)
  const path = 'LocalUpload/def/ctx/Dockerfile'
  const text = Buffer.from('FROM python:3.11\nRUN pip install six==1.15.0')
  await platform.artifacts.put({ container: containerOf(workspace, 'blobstore'), path }, text)
  const build = { contextUri: 'azureml://datastores/workspaceblobstore/paths/LocalUpload/def/ctx/' }
  const put = await server.send('PUT', `${server.workspace}/environments/built/versions/1`, {
    properties: { build },
  })
  assert.equal(put.status, 201, JSON.stringify(put.body))
  const at = { platform, workspace: server.workspace, target: 'properties.environmentId' }
  assert.ok((await specificationFor('azureml:built:1', at)).requirements.includes('six==1.15.0'))
  await assert.rejects(specificationFor('azureml:biult:1', at), /biult/)
})
