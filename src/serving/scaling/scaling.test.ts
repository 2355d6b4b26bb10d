import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { startTestApp, type TestApp } from '../../testing/app.ts'
import { emptyModel, settled, upload } from '../../testing/serving.ts'

/** Answers after a moment, or stops the whole process for good. */
const script = `
import os, signal, time
def init(): pass
def run(raw):
    if raw == "stop": os.kill(os.getpid(), signal.SIGSTOP)
    time.sleep(0.1)
    return {"pid": os.getpid()}
`

describe('a deployment that scales itself', () => {
  const home = mkdtempSync(join(tmpdir(), 'twinloop-'))
  let twin: TestApp
  let uri: string
  let key: string
  const endpoint = () => `${twin.workspace}/onlineEndpoints/elastic`
  const blue = () => `${endpoint()}/deployments/blue`

  const body = (scaleSettings: object, more: object = {}) => ({
    location: 'local',
    properties: {
      endpointComputeType: 'Managed',
      model: 'azureml://datastores/workspaceblobstore/paths/LocalUpload/m1/tiny',
      codeConfiguration: { codeId: 'azureml:c1:1', scoringScript: 'score.py' },
      requestSettings: { requestTimeout: 'PT20S', maxConcurrentRequestsPerInstance: 2 },
      scaleSettings: { scaleType: 'TargetUtilization', pollingInterval: 'PT0.25S', ...scaleSettings },
      properties: { scaleDownAfter: 'PT0.5S', scaleToZeroAfter: 'PT0.5S' },
      ...more,
    },
  })
  const score = async (text = '{}') => {
    const response = await fetch(uri, {
      method: 'POST',
      body: text,
      headers: { authorization: `Bearer ${key}` },
    })
    return { status: response.status, body: (await response.json()) as { pid: number } }
  }
  const instances = async (n: number) => {
    while ((await twin.send('GET', blue())).body.properties.currentInstances !== n)
      await new Promise((resolve) => setTimeout(resolve, 25))
  }

  before(async () => {
    twin = await startTestApp({ home })
    await upload(twin, 'LocalUpload/m1/tiny', emptyModel)
    const codeUri = await upload(twin, 'LocalUpload/c1/src', { 'score.py': script })
    await twin.send('PUT', `${twin.workspace}/codes/c1/versions/1`, { properties: { codeUri } })
    await twin.send('PUT', endpoint(), { location: 'local', properties: { authMode: 'Key' } })
  })
  after(async () => {
    await twin.end()
    rmSync(home, { recursive: true, force: true })
  })

  test('what it cannot be is refused with where and why', async () => {
    const refusals: [object, RegExp][] = [
      [{ minInstances: 3, maxInstances: 2 }, /minInstances, 3, is more than maxInstances, 2/],
      [{ maxInstances: 21 }, /maxInstances/],
      [{ pollingInterval: '1s' }, /ISO 8601/],
      [{ targetUtilizationPercentage: 0 }, /targetUtilizationPercentage/],
    ]
    for (const [scale, message] of refusals) {
      const answer = await twin.send('PUT', blue(), body(scale))
      assert.equal(answer.status, 400, JSON.stringify(scale))
      assert.match(answer.body.error.message, message)
    }
  })

  test('it sleeps when nothing is asked, and the request that wakes it is answered', async () => {
    const made = await twin.send('PUT', blue(), body({ minInstances: 0, maxInstances: 2 }))
    assert.equal(made.status, 201, JSON.stringify(made.body))
    await settled(twin, blue())
    await twin.send('PATCH', endpoint(), { properties: { traffic: { blue: 100 } } })
    await settled(twin, endpoint())
    uri = String((await twin.send('GET', endpoint())).body.properties.scoringUri)
    key = (await twin.send('POST', `${endpoint()}/listKeys`)).body.primaryKey
    await instances(0)
    const ready = await fetch(uri.replace(/score$/, 'v2/health/ready'))
    assert.equal(ready.status, 200)
    assert.equal((await score()).status, 200)
  })

  test('it gets more instances under load and fewer after it, and no request is lost', async () => {
    const statuses = new Set<number>()
    const pids = new Set<number>()
    const stopping = new AbortController()
    const callers = [1, 2, 3].map(async () => {
      while (!stopping.signal.aborted) {
        const { status, body: said } = await score()
        statuses.add(status)
        pids.add(said.pid)
      }
    })
    await instances(2)
    while (pids.size < 2) await score()
    stopping.abort()
    await Promise.all(callers)
    await instances(0)
    assert.deepEqual([...statuses], [200])
  })

  test('one that sleeps while the control plane is away says so, and wakes when it is back', async () => {
    await instances(0)
    await twin.app.stop()
    const answer = await fetch(uri, {
      method: 'POST',
      body: '{}',
      headers: { authorization: `Bearer ${key}` },
    })
    assert.deepEqual([answer.status, answer.headers.get('retry-after')], [503, '5'])
    assert.match(await answer.text(), /The deployment sleeps.*the control plane.*does not answer/)
    twin = await startTestApp({ home })
    // The gateway learns with its next table where the server is now.
    while ((await score()).status === 503);
    assert.equal((await score()).status, 200)
  })

  test('an instance that does not answer its liveness probe is ended and started again', async () => {
    // A busy machine must not make a healthy instance late.
    const probe = { period: 'PT0.2S', timeout: 'PT2S', failureThreshold: 2, initialDelay: 'PT0.1S' }
    const patient = {
      livenessProbe: probe,
      readinessProbe: { ...probe, period: 'PT10S', failureThreshold: 30 },
    }
    await twin.send('PUT', blue(), body({ minInstances: 1, maxInstances: 1 }, patient))
    await settled(twin, blue())
    const { pid } = (await score()).body
    const stopped = await score('stop')
    assert.equal(stopped.status, 424)
    const again = await score()
    assert.equal(again.status, 200)
    assert.notEqual(again.body.pid, pid)
  })
})
