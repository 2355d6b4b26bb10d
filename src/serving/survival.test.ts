import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { startTestApp } from '../testing/app.ts'
import { serverProcess } from '../testing/server-process.ts'
import { emptyModel, settled, upload } from '../testing/serving.ts'

const script = `
import os
def init(): pass
def run(raw): return {"pid": os.getpid()}
`

describe('when the control plane is killed', () => {
  const home = mkdtempSync(join(tmpdir(), 'twinloop-'))
  let scoringUri = ''
  let key = ''
  const server = serverProcess(home)

  const score = async () => {
    const response = await fetch(scoringUri, {
      method: 'POST',
      body: '{}',
      headers: { authorization: `Bearer ${key}` },
    })
    return { status: response.status, body: (await response.json()) as { pid: number } }
  }

  before(async () => {
    const twin = await startTestApp({ home })
    const endpoint = `${twin.workspace}/onlineEndpoints/flights`
    const model = await upload(twin, 'LocalUpload/m1/tiny', emptyModel)
    const codeUri = await upload(twin, 'LocalUpload/c1/src', { 'score.py': script })
    await twin.send('PUT', `${twin.workspace}/codes/c1/versions/1`, { properties: { codeUri } })
    await twin.send('PUT', endpoint, { location: 'local', properties: { authMode: 'Key' } })
    const codeConfiguration = { codeId: 'azureml:c1:1', scoringScript: 'score.py' }
    const properties = {
      endpointComputeType: 'Managed',
      model,
      codeConfiguration,
      requestSettings: { requestTimeout: 'PT20S' },
    }
    await twin.send('PUT', `${endpoint}/deployments/blue`, { location: 'local', properties })
    const state = await settled(twin, `${endpoint}/deployments/blue`)
    assert.equal(state['provisioningState'], 'Succeeded', JSON.stringify(state['error']))
    await twin.send('PATCH', endpoint, { properties: { traffic: { blue: 100 } } })
    await settled(twin, endpoint)
    scoringUri = (await twin.send('GET', endpoint)).body.properties.scoringUri
    key = (await twin.send('POST', `${endpoint}/listKeys`)).body.primaryKey
    await twin.app.stop()
  })
  after(() => server.end())

  test('the gateway and the instances go on, and the next server finds them', async () => {
    const { pid } = (await score()).body
    const gateway = JSON.parse(readFileSync(join(home, 'gateway', 'listening.json'), 'utf8')) as {
      pid: number
    }
    await server.start()
    await server.kill()
    for (let i = 0; i < 20; i++) assert.deepEqual(await score(), { status: 200, body: { pid } })
    const urls = await server.start()
    assert.ok(scoringUri.startsWith(urls.gateway))
    assert.deepEqual(await score(), { status: 200, body: { pid } })
    const now = JSON.parse(readFileSync(join(home, 'gateway', 'listening.json'), 'utf8')) as { pid: number }
    assert.equal(now.pid, gateway.pid)
    await server.kill()
  })

  test('what died meanwhile is started again', async () => {
    const { pid } = (await score()).body
    const gateway = JSON.parse(readFileSync(join(home, 'gateway', 'listening.json'), 'utf8')) as {
      pid: number
    }
    process.kill(pid, 'SIGKILL')
    process.kill(gateway.pid, 'SIGKILL')
    await assert.rejects(async () => {
      for (;;) await score()
    })
    await server.start()
    const { status, body } = await score()
    assert.equal(status, 200)
    assert.notEqual(body.pid, pid)
    await server.kill()
  })
})
