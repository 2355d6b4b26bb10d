import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { startTestApp, type TestApp } from '../../testing/app.ts'
import { emptyModel, settled, upload } from '../../testing/serving.ts'
import { bucketTotal } from '../../statistics/latency/log-buckets.ts'
import { watchGateway } from './gateway.ts'

const script = `
def init(): pass
def run(raw):
    if "wrong" in raw: raise ValueError("wrong")
    return [1]
`

describe('the gateway and its endpoints', () => {
  let twin: TestApp
  before(async () => {
    twin = await startTestApp()
  })
  after(() => twin.end())

  test('without an endpoint there is nothing to ask', async () => {
    assert.deepEqual(await watchGateway(twin.app.platform).read(), [])
  })

  test('requests, errors, latency and availability are read by endpoint and deployment', async () => {
    const endpoint = `${twin.workspace}/onlineEndpoints/Flights`
    await upload(twin, 'LocalUpload/m/tiny', emptyModel)
    const codeUri = await upload(twin, 'LocalUpload/c/src', { 'score.py': script })
    await twin.send('PUT', `${twin.workspace}/codes/c/versions/1`, { properties: { codeUri } })
    await twin.send('PUT', endpoint, { location: 'local', properties: { authMode: 'Key' } })
    await settled(twin, endpoint)
    await twin.send('PUT', `${endpoint}/deployments/blue`, {
      location: 'local',
      sku: { name: 'Default', capacity: 1 },
      properties: {
        endpointComputeType: 'Managed',
        model: 'azureml://datastores/workspaceblobstore/paths/LocalUpload/m/tiny',
        codeConfiguration: { codeId: 'azureml:c:1', scoringScript: 'score.py' },
      },
    })
    await settled(twin, `${endpoint}/deployments/blue`)
    await twin.send('PATCH', endpoint, { properties: { traffic: { blue: 100 } } })
    await settled(twin, endpoint)
    const { scoringUri } = (await twin.send('GET', endpoint)).body.properties
    const { body: keys } = await twin.send('POST', `${endpoint}/listKeys`)
    const score = async (body: string) =>
      (
        await fetch(String(scoringUri), {
          method: 'POST',
          body,
          headers: { authorization: `Bearer ${keys.primaryKey}`, 'content-type': 'application/json' },
        })
      ).status

    const gateway = watchGateway(twin.app.platform)
    const first = await gateway.read()
    const value = (samples: typeof first, name: string) => {
      const found = samples.find((sample) => sample.name === name)
      return found?.kind === 'gauge' ? found.value : undefined
    }
    assert.equal(value(first, 'twinloop_gateway_up'), 1)
    assert.equal(value(first, 'twinloop_endpoint_up'), 1)
    assert.equal(value(first, 'twinloop_instances_up'), 1)

    for (let i = 0; i < 5; i++) assert.equal(await score('[1]'), 200)
    assert.equal(await score('["wrong"]'), 424)
    const samples = await gateway.read()
    const errors = samples.find(({ name }) => name === 'twinloop_scoring_errors_total')
    assert.equal(errors?.kind === 'counter' && errors.growth, 1)
    const scope = twin.workspace.toLowerCase()
    const durations = samples.filter(({ name }) => name === 'http_server_request_duration_seconds')
    assert.deepEqual(
      durations.map((one) => [one.scope, one.labels, one.kind === 'histogram' && bucketTotal(one.buckets)]),
      [
        [scope, { endpoint: 'Flights', deployment: 'blue', status: '200' }, 5],
        [scope, { endpoint: 'Flights', deployment: 'blue', status: '424' }, 1],
      ],
    )
  })

  test('a gateway that is away is told as down, with its endpoints', async () => {
    const { platform } = twin.app
    const away = { ...platform, urls: { ...platform.urls, gateway: 'http://127.0.0.1:9' } }
    const samples = await watchGateway(away).read()
    assert.deepEqual(
      samples
        .filter(({ name }) => name.endsWith('_up'))
        .map((one) => [one.name, one.kind === 'gauge' && one.value]),
      [
        ['twinloop_endpoint_up', 0],
        ['twinloop_gateway_up', 0],
      ],
    )
  })
})
