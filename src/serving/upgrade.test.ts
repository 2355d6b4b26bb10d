import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before, describe, test } from 'node:test'
import { startTestApp, type TestApp } from '../testing/app.ts'
import { openLoop } from '../testing/open-loop.ts'
import { emptyModel, settled, upload } from '../testing/serving.ts'
import type { Runtime, Stage } from './deployments/runtime.ts'

const script = `
import os
def init(): pass
def run(raw): return {"pid": os.getpid()}
`

describe('a home whose deployments an older version has prepared', () => {
  const home = mkdtempSync(join(tmpdir(), 'twinloop-'))
  let twin: TestApp
  let uri = ''
  let headers: Record<string, string> = {}
  const endpoint = () => `${twin.workspace}/onlineEndpoints/flights`
  const id = (name: string) => `${endpoint()}/deployments/${name}`

  before(async () => {
    twin = await startTestApp({ home })
    const model = await upload(twin, 'LocalUpload/m1/tiny', emptyModel)
    const codeUri = await upload(twin, 'LocalUpload/c1/src', { 'score.py': script })
    await twin.send('PUT', `${twin.workspace}/codes/c1/versions/1`, { properties: { codeUri } })
    await twin.send('PUT', endpoint(), { location: 'local', properties: { authMode: 'Key' } })
    const codeConfiguration = { codeId: 'azureml:c1:1', scoringScript: 'score.py' }
    const requestSettings = { requestTimeout: 'PT20S', maxConcurrentRequestsPerInstance: 500 }
    const properties = { endpointComputeType: 'Managed', model, codeConfiguration, requestSettings }
    for (const name of ['old', 'sound']) {
      await twin.send('PUT', id(name), { location: 'local', properties })
      assert.equal((await settled(twin, id(name)))['provisioningState'], 'Succeeded')
    }
    await twin.send('PATCH', endpoint(), { properties: { traffic: { sound: 100 } } })
    await settled(twin, endpoint())
    uri = (await twin.send('GET', endpoint())).body.properties.scoringUri
    const { primaryKey } = (await twin.send('POST', `${endpoint()}/listKeys`)).body
    headers = { authorization: `Bearer ${primaryKey}` }
  })
  after(async () => {
    await twin.end()
    rmSync(home, { recursive: true, force: true })
  })

  const score = async (deployment: string) => {
    const forced = { ...headers, 'azureml-model-deployment': deployment }
    const response = await fetch(uri, { method: 'POST', body: '{}', headers: forced })
    return { status: response.status, body: (await response.json()) as { pid?: number; message?: string } }
  }

  /** Stops the server, has the store say of a deployment what an older version said, and starts it again. */
  async function restartWith(name: string, change: (stage: Stage) => object) {
    await twin.app.stop()
    const store = new DatabaseSync(join(home, 'store.db'))
    const key = id(name).toLowerCase()
    const row = store.prepare('select status from resources where key = ?').get(key) as { status: string }
    const status = JSON.parse(row.status) as { runtime: Runtime & { serving: Stage } }
    const runtime = { ...status.runtime, serving: change(status.runtime.serving) }
    store
      .prepare('update resources set status = ? where key = ?')
      .run(JSON.stringify({ ...status, runtime }), key)
    store.close()
    twin = await startTestApp({ home })
  }

  const again = (name: string, pid: number | undefined) =>
    twin.until(id(name), ({ provisioningState, runtime }) => {
      const { retiring = [], serving } = (runtime ?? {}) as Runtime
      return (
        provisioningState === 'Succeeded' &&
        !!serving &&
        retiring.length === 0 &&
        serving.begunAt > (pid ?? 0)
      )
    })

  test('a record that cannot be used any more is made anew; no other route is lost meanwhile', async () => {
    const began = Date.now()
    const flow = openLoop(uri, { rate: 50, body: '{}', headers })
    await restartWith('old', ({ metadata: _, ...stage }) => ({ ...stage, metadata: {} }))
    const { error } = await again('old', began)
    assert.equal(error, undefined)
    await flow.more(20)
    await flow.stop()
    assert.deepEqual([...new Set(flow.shots.map(({ status }) => status))], [200])
    assert.equal((await score('old')).status, 200)
  })

  test('what another version prepared serves until what this one prepares does', async () => {
    const began = Date.now()
    const { pid } = (await score('sound')).body
    const flow = openLoop(uri, { rate: 50, body: '{}', headers })
    await restartWith('sound', (stage) => ({ ...stage, id: '0123456789ab' }))
    await again('sound', began)
    await flow.more(20)
    await flow.stop()
    assert.deepEqual([...new Set(flow.shots.map(({ status }) => status))], [200])
    const now = await score('sound')
    assert.equal(now.status, 200)
    assert.equal(typeof pid, 'number')
  })

  test('a gateway of other code follows the one that runs: no connection is refused, no request lost', async () => {
    const gateway = () =>
      JSON.parse(readFileSync(join(home, 'gateway', 'listening.json'), 'utf8')) as {
        pid: number
        port: number
      }
    const before = gateway()
    const flows = [true, false].map((keepAlive) =>
      openLoop(uri, { rate: 150, body: '{}', headers, keepAlive }),
    )
    const more = () => Promise.all(flows.map((flow) => flow.more(100)))
    await more()
    for (const maxBodyBytes of [20_000_000, 21_000_000]) {
      await twin.app.stop()
      twin = await startTestApp({ home, maxBodyBytes })
      await more()
    }
    await Promise.all(flows.map((flow) => flow.stop()))
    const answers = flows.flatMap(({ shots }) =>
      shots.map(({ status, reason }) => `${status} ${reason ?? ''}`),
    )
    assert.deepEqual([...new Set(answers)], ['200 '])
    assert.equal(gateway().port, before.port)
    assert.notEqual(gateway().pid, before.pid)
  })
})
