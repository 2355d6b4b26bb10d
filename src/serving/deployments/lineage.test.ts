import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startTestApp, type TestApp } from '../../testing/app.ts'
import { recordDeployed } from './lineage.ts'

let server: TestApp
before(async () => {
  server = await startTestApp()
})
after(() => server.end())

test('a deployment that was given another model keeps when it had the first', async () => {
  const model = (version: number) => `${server.workspace}/models/late/versions/${version}`
  const api = '?api-version=2025-12-01'
  for (const version of [1, 2]) {
    const modelUri = `azureml://datastores/workspaceblobstore/paths/LocalUpload/${version}/m`
    const properties = { modelType: 'custom_model', modelUri }
    await server.send('PUT', `${model(version)}${api}`, { properties })
  }
  const id = `${server.workspace}/onlineEndpoints/flights/deployments/blue`
  const deploy = (version: number, at: number) =>
    server.app.platform.store.transaction((db) => recordDeployed(db, { id, model: model(version) }, at))
  const down = async (version: number) => {
    const { body } = await server.send('POST', `${model(version)}/lineage${api}`, { direction: 'down' })
    const edges = body.edges as { kind: string; at: string; until?: string }[]
    return edges.map(({ kind, at, until }) => [kind, at.slice(0, 10), until?.slice(0, 10)])
  }
  await deploy(1, Date.UTC(2013, 0, 1))
  await deploy(1, Date.UTC(2013, 0, 2))
  await deploy(2, Date.UTC(2013, 1, 1))
  assert.deepEqual(await down(1), [
    ['deployed', '2013-01-01', '2013-02-01'],
    ['serves', '2013-01-01', undefined],
  ])
  assert.deepEqual((await down(2))[0], ['deployed', '2013-02-01', undefined])
  await deploy(1, Date.UTC(2013, 2, 1))
  assert.deepEqual((await down(1))[0], ['deployed', '2013-03-01', undefined])
})
