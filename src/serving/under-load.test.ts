import assert from 'node:assert/strict'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { startTestApp, type TestApp } from '../testing/app.ts'
import { openLoop, type Shot } from '../testing/open-loop.ts'
import { serverProcess } from '../testing/server-process.ts'
import { emptyModel, settled, upload } from '../testing/serving.ts'

const script = (work: string) => `
import os, time
def init(): pass
def run(raw):
    ${work}
    return {"pid": os.getpid()}
`

describe('under open-loop load', () => {
  const home = mkdtempSync(join(tmpdir(), 'twinloop-'))
  const server = serverProcess(home)
  let twin: TestApp
  let uri = ''
  let headers: Record<string, string> = {}

  const endpoint = () => `${twin.workspace}/onlineEndpoints/flights`
  const deploy = async (name: string, code: string, capacity = 1, concurrency = 200) => {
    const id = `${endpoint()}/deployments/${name}`
    await twin.send('PUT', id, {
      location: 'local',
      sku: { name: 'Default', capacity },
      properties: {
        endpointComputeType: 'Managed',
        model: 'azureml://datastores/workspaceblobstore/paths/LocalUpload/m1/tiny',
        codeConfiguration: { codeId: `azureml:${code}:1`, scoringScript: 'score.py' },
        requestSettings: { requestTimeout: 'PT30S', maxConcurrentRequestsPerInstance: concurrency },
      },
    })
    const state = await settled(twin, id)
    assert.equal(state['provisioningState'], 'Succeeded', JSON.stringify(state['error']))
  }
  const traffic = async (shares: object) => {
    const { status, body } = await twin.send('PATCH', endpoint(), { properties: { traffic: shares } })
    assert.equal(status, 200, JSON.stringify(body))
    await settled(twin, endpoint())
  }
  const load = (rate: number) => openLoop(uri, { rate, body: '{}', headers })
  const statuses = (shots: readonly Shot[]) => [...new Set(shots.map((s) => `${s.status} ${s.reason ?? ''}`))]

  before(async () => {
    twin = await startTestApp({ home })
    await upload(twin, 'LocalUpload/m1/tiny', emptyModel)
    for (const [name, work] of [
      ['first', 'pass'],
      ['second', 'time.sleep(0.002)'],
      ['slow', 'time.sleep(0.05)'],
    ] as const) {
      const codeUri = await upload(twin, `LocalUpload/${name}/src`, { 'score.py': script(work) })
      await twin.send('PUT', `${twin.workspace}/codes/${name}/versions/1`, { properties: { codeUri } })
    }
    await twin.send('PUT', endpoint(), { location: 'local', properties: { authMode: 'Key' } })
    await deploy('blue', 'first')
    await traffic({ blue: 100 })
    uri = (await twin.send('GET', endpoint())).body.properties.scoringUri
    const { primaryKey } = (await twin.send('POST', `${endpoint()}/listKeys`)).body
    headers = { authorization: `Bearer ${primaryKey}`, 'content-type': 'application/json' }
  })
  after(() => server.end())

  test('deploy, canary, scale, blue/green, update, rollback, a killed instance, a killed control plane', async (t) => {
    const flow = load(100)
    await flow.more(50)
    await t.test('no request is lost while deployments come, change and go', async () => {
      await deploy('green', 'second')
      await traffic({ blue: 90, green: 10 })
      const from = flow.shots.length
      await flow.more(300)
      // Whole tens of what was sent under this split: exactly one of ten.
      const canary = flow.shots.slice(from + 20, from + 220)
      const green = canary.filter((s) => s.deployment === 'green').length
      assert.ok(Math.abs(green - 20) <= 2, `${green} of 200`)
      await deploy('green', 'second', 2)
      await traffic({ blue: 0, green: 100 })
      await deploy('blue', 'second')
      await traffic({ blue: 100, green: 0 })
      await deploy('green', 'second', 1)
      await twin.send('DELETE', `${endpoint()}/deployments/green`)
      await flow.more(50)
      assert.deepEqual(statuses(flow.shots), ['200 '])
    })
    await t.test('nor while the control plane is away', async () => {
      await twin.app.stop()
      await server.start()
      await server.kill()
      await flow.more(100)
      await server.start()
      await flow.more(50)
      await server.kill()
      assert.deepEqual(statuses(flow.shots), ['200 '])
    })
    await flow.stop()
  })

  test('an instance that is killed loses what it had, and nothing else; its successor answers within two seconds', async () => {
    twin = await startTestApp({ home })
    try {
      await deploy('blue', 'slow', 1, 60)
      const flow = load(60)
      await flow.more(60)
      const answer = await fetch(uri, { method: 'POST', body: '{}', headers })
      const { pid } = (await answer.json()) as { pid: number }
      process.kill(pid, 'SIGKILL')
      const killedAt = performance.now()
      await flow.more(120)
      await flow.stop()
      const failed = flow.shots.filter((s) => s.status !== 200)
      assert.deepEqual(statuses(failed), failed.length > 0 ? ['424 model_crashed'] : [])
      // What it had was on its way when it died; the signal and its effect are a moment apart.
      assert.deepEqual(
        failed.filter((s) => s.due > killedAt + 50),
        [],
      )
      const after = flow.shots.filter((s) => s.status === 200 && s.due > killedAt)
      const first = Math.min(...after.map((s) => s.answered))
      assert.ok(first - killedAt < 2000, `recovered after ${Math.round(first - killedAt)} ms`)
    } finally {
      await twin.app.stop()
    }
  })
})
